using System.ComponentModel;
using System.Diagnostics;
using SocketGym.Core.Errors;
using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Workers;

/// <summary>An interpreter that this process started itself, with the three standard streams.</summary>
internal sealed class SpawnedProcess : IChildProcess
{
    // How long a guardian may take to end what it guards; one that takes longer was stopped.
    private const int GuardianMs = 500;

    // One at a time, so that no child is born between the making of another's pipes and their closing.
    private static readonly Lock Spawning = new();

    private readonly Process _process;
    private readonly int _id;
    private volatile GuardedWorker? _worker;
    private volatile bool _leadsGroup;
    private volatile bool _hasExited;
    private int _isGroupEnded;

    private SpawnedProcess(Process process)
    {
        _process = process;
        _id = process.Id;
        // What the environment started must not outlive it, nor hold the pipes open. At once: later the number may be another's.
        process.Exited += (_, _) =>
        {
            _hasExited = true;
            EndGroup();
            // Where the guardian itself was killed, the worker is still there.
            _worker?.EndTree();
        };
        process.EnableRaisingEvents = true;
    }

    /// <inheritdoc/>
    public bool HasExited => _hasExited;

    /// <summary>Its process id; behind a wrapper that stays, the wrapper's.</summary>
    public int Id => _id;

    /// <summary>What the process reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What the process writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What the process complains of.</summary>
    public Stream Errors => _process.StandardError.BaseStream;

    /// <summary>Starts an interpreter that will run the worker's sources once they are written into its input.</summary>
    /// <param name="command">The interpreter.</param>
    /// <param name="variables">Environment variables beside this process's; null removes one.</param>
    /// <param name="isGuarded">Whether, on Linux, a parent of its own ends what it leaves (python/worker's <c>guardian.py</c>).</param>
    /// <returns>The process.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be started.</exception>
    public static SpawnedProcess Start(CommandLine command, IEnumerable<KeyValuePair<string, string?>> variables, bool isGuarded = true)
    {
        if (OperatingSystem.IsWindows())
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, "Python environments need Linux or macOS here; run the server there, or under WSL.");
        var start = new ProcessStartInfo(command.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var argument in (ReadOnlySpan<string>)["-u", "-c", WorkerSource.Bootstrap])
            start.ArgumentList.Add(argument);
        if (isGuarded)
            start.ArgumentList.Add("guarded");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        try
        {
            lock (Spawning)
                return new SpawnedProcess(Process.Start(start)!);
        }
        catch (Win32Exception failure)
        {
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"The Python command '{command}' cannot be started: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    /// <inheritdoc/>
    public bool WaitForExit(int timeoutMs) => _process.WaitForExit(timeoutMs);

    /// <inheritdoc/>
    public string DescribeExit() => WorkerExit.Describe(_process.ExitCode);

    /// <inheritdoc/>
    public void Kill()
    {
        if (_worker is not null && !_hasExited)
        {
            // The guardian kills the worker, and waits for all that dies.
            _ = LibC.Kill(_id, LibC.SignalTerminate);
            _ = _process.WaitForExit(GuardianMs);
        }
        try
        {
            // The tree first, while the process that roots it is there; then the group, which outlives it.
            if (!_hasExited)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended meanwhile.
        }
        EndGroup();
    }

    /// <inheritdoc/>
    // Behind a wrapper the worker is another process, perhaps one with a number of its own namespace.
    public void Identify(long processId)
    {
        _leadsGroup = processId == _id;
        _worker = GuardedWorker.Find(processId, guardian: _id);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hasExited = true;
        _process.Dispose();
    }

    private void EndGroup()
    {
        if (_leadsGroup && Interlocked.Exchange(ref _isGroupEnded, 1) == 0)
            _ = LibC.Kill(-_id, LibC.SignalKill);
    }
}
