using System.Collections.Concurrent;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Supervisors;

/// <summary>A warm interpreter that forks workers, and reports and cleans up after their ends (python/worker's <c>supervisor.py</c>).</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Supervisor : IDisposable
{
    private const int ExitMs = 1000;
    private const int SendMs = 10_000;

    // However busy the machine is, a supervisor says something within this time.
    private const int SilenceMs = 30_000;

    private readonly SpawnedProcess _process;
    private readonly WorkerChannel _channel;
    private readonly ErrorTail _errors;
    private readonly CommandLine _command;
    private readonly Lock _sending = new();
    private readonly ConcurrentDictionary<int, ForkedProcess> _workers = new();
    private readonly int _silenceMs;
    private int _lastNumber;
    private long _silentSince = long.MaxValue;
    private volatile bool _isEnded;

    private Supervisor(SpawnedProcess process, CommandLine command, int silenceMs)
    {
        _process = process;
        _command = command;
        _silenceMs = silenceMs;
        _errors = new ErrorTail(new PipeEnd(process.Errors, () => process.HasExited, ExitMs));
        _channel = new WorkerChannel(
            new PipeEnd(process.Input, () => process.HasExited),
            new PipeEnd(process.Output, () => process.HasExited, ExitMs),
            MessageLimits.Default,
            mayRunAhead: true);
    }

    /// <summary>Whether there are supervisors on this system: forking is safe in CPython on Linux alone, and pipes are handed over through <c>/proc</c>.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Directory.Exists("/proc/self/fd");

    /// <summary>Whether it can fork.</summary>
    public bool IsAlive => !_isEnded;

    /// <summary>What the interpreter has, as <c>probe</c> answers.</summary>
    public ValueDictionary Probed { get; private set; } = ValueDictionary.Empty;

    /// <summary>How many threads its imports have left it with; with more than one it must not fork.</summary>
    public int Threads { get; private set; }

    /// <summary>Why it must not fork, apart from its threads; null where it may.</summary>
    public string? Problem { get; private set; }

    /// <summary>Its process id; behind a wrapper that stays, the wrapper's.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a supervisor and waits until it is warm.</summary>
    /// <param name="command">The interpreter.</param>
    /// <param name="variables">Environment variables beside this process's; null removes one.</param>
    /// <param name="imports">Modules to import.</param>
    /// <param name="startMs">How long that may take.</param>
    /// <param name="silenceMs">After how long without an answer it is taken for stuck; by then it has also had the time that the fork in question may take.</param>
    /// <returns>A supervisor; look at <see cref="Threads"/> and <see cref="Problem"/> before its first fork.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be started, is no Python, or cannot be a supervisor.</exception>
    /// <exception cref="TimeoutException">It was not warm in time.</exception>
    public static Supervisor Start(CommandLine command, IEnumerable<KeyValuePair<string, string?>> variables, IEnumerable<string> imports, int startMs, int silenceMs = SilenceMs)
    {
        var supervisor = new Supervisor(SpawnedProcess.Start(command, variables, isGuarded: false), command, silenceMs);
        try
        {
            supervisor.Greet(imports, Environment.TickCount64 + startMs);
        }
        catch
        {
            supervisor.End();
            throw;
        }
        new Thread(supervisor.Listen, 256 * 1024) { IsBackground = true, Name = "socketgym-supervisor" }.Start();
        return supervisor;
    }

    /// <summary>Forks a worker.</summary>
    /// <param name="messages">What a message may hold.</param>
    /// <param name="startMs">How long it may take to answer.</param>
    /// <param name="closeMs">How long it may take to end by itself.</param>
    /// <param name="shareMemory">Whether to share memory with it where that is possible.</param>
    /// <returns>A worker that waits for its first request; null when the supervisor has ended.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: the system has no room for a further process, the fork came too late, or the worker does not answer.</exception>
    public IWorker? TryFork(MessageLimits messages, int startMs, int closeMs, bool shareMemory = true)
    {
        var process = new ForkedProcess(this, Interlocked.Increment(ref _lastNumber));
        var pipes = new ForkPipes();
        _workers[process.Number] = process;
        Interlocked.CompareExchange(ref _silentSince, Environment.TickCount64, long.MaxValue);
        var isSent = Send(Value.Tuple("fork", process.Number, Environment.ProcessId, pipes.Names));
        var isAnswered = isSent && process.WaitForAnswer(startMs);
        if (isAnswered && process.Id != 0)
        {
            pipes.CloseOthers();
            return Worker.Adopt(process, pipes.Own, _command, messages, startMs, closeMs, shareMemory);
        }
        // A worker that is forked too late finds its pipes closed, and ends.
        pipes.Dispose();
        if (process.Refusal is { } refusal)
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"No worker could be forked from '{_command}': {refusal}");
        if (isSent && !isAnswered && Environment.TickCount64 - Volatile.Read(ref _silentSince) < _silenceMs)
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"No worker was forked from '{_command}' within {startMs} ms; raise the limit for making an environment, or try again when the machine is less busy.");
        // It has ended, or is stopped or stuck for good.
        lock (_sending)
            _isEnded = true;
        _process.Kill();
        return null;
    }

    /// <summary>Has a worker killed with everything that it started.</summary>
    /// <param name="process">The worker.</param>
    public void Kill(ForkedProcess process)
    {
        if (!Send(Value.Tuple("kill", process.Number)))
            EndTree(process.Id);
    }

    /// <summary>Ends the supervisor, and its workers with it.</summary>
    public void Dispose()
    {
        // The end of its input is what ends it, after its workers. The listening thread notices its end and frees the rest.
        lock (_sending)
        {
            if (!_isEnded)
                _process.Input.Dispose();
            _isEnded = true;
        }
    }

    private void Greet(IEnumerable<string> imports, long deadline)
    {
        using var trial = new ForkPipes();
        var modules = Value.List([.. imports.Select(Value.FromString)]);
        if (!_channel.WriteRaw(WorkerSource.Bundle.Span, deadline)
            || !_channel.Send(Value.Tuple("supervise", Environment.ProcessId, trial.Names, modules), deadline)
            || !TryReceive(out var greeting, deadline))
        {
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"The Python command '{_command}' does not run as a supervisor: it {DescribeEnd()}.");
        }
        var entries = greeting.AsDict();
        Probed = entries["probe"].AsDict();
        Threads = (int)entries["threads"].AsInt64();
        Problem = entries["problem"].IsNone ? null : entries["problem"].AsString();
    }

    private bool TryReceive(out Value message, long deadline)
    {
        try
        {
            return _channel.TryReceive(out message, deadline);
        }
        catch (Exception failure) when (failure is InvalidDataException or SocketGymException)
        {
            // A wrapper prints something, or the command is no Python at all.
            message = default;
            return false;
        }
    }

    // False also for what no supervisor says: something else writes into its pipe.
    private bool TryReceiveNews(out string name, out int number, out Value detail)
    {
        (name, number, detail) = ("", 0, default);
        if (!TryReceive(out var message, long.MaxValue) || message.Kind != ValueKind.Tuple || message.AsItems() is not { Length: 3 } items)
            return false;
        if (items[0].Kind != ValueKind.String || !IsNumber(items[1]) || !(items[0].AsString() == "refused" ? items[2].Kind == ValueKind.String : IsNumber(items[2])))
            return false;
        (name, number, detail) = (items[0].AsString(), (int)items[1].AsInt64(), items[2]);
        return true;

        static bool IsNumber(Value value) => value is { Kind: ValueKind.Int, IsInt64: true } && value.AsInt64() is >= int.MinValue and <= int.MaxValue;
    }

    private bool Send(Value message)
    {
        try
        {
            lock (_sending)
                return !_isEnded && _channel.Send(message, Environment.TickCount64 + SendMs);
        }
        catch (Exception failure) when (failure is TimeoutException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Listen()
    {
        while (TryReceiveNews(out var name, out var number, out var detail))
        {
            Volatile.Write(ref _silentSince, long.MaxValue);
            if (!_workers.TryGetValue(number, out var process))
                continue;
            switch (name)
            {
                case "forked":
                    process.Begin((int)detail.AsInt64());
                    break;
                case "refused":
                    _workers.TryRemove(number, out _);
                    process.Refuse(detail.AsString());
                    break;
                default:
                    _workers.TryRemove(number, out _);
                    process.End(WorkerExit.Describe((int)detail.AsInt64()));
                    break;
            }
        }
        End();
    }

    private string DescribeEnd()
    {
        if (!_process.WaitForExit(ExitMs))
            return "closed its channel without ending";
        _errors.WaitForEnd(ExitMs);
        var tail = _errors.ToString();
        return tail.Length == 0 ? _process.DescribeExit() : $"{_process.DescribeExit()}, and its standard error ended with:\n{tail}\n";
    }

    private void End()
    {
        lock (_sending)
            _isEnded = true;
        _process.Kill();
        // Its workers are nobody's children now, but each still has its own tree.
        foreach (var worker in _workers.Values)
            EndTree(worker.Id);
        var how = DescribeEnd();
        foreach (var worker in _workers.Values)
            worker.End($"was ended since its supervisor {how}");
        _process.Dispose();
        _channel.Dispose();
    }

    private static void EndTree(int id)
    {
        if (id != 0)
            ProcessTree.End(id);
    }
}
