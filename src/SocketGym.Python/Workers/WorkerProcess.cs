using System.ComponentModel;
using System.Diagnostics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Workers;

/// <summary>A worker that this process started itself and speaks to through its standard streams.</summary>
internal sealed class WorkerProcess : IWorker
{
    private const int SpinMicroseconds = 50;
    private const int ExitMs = 1000;

    // One at a time, so that no child is born between the making of another's pipes and their closing.
    private static readonly Lock Spawning = new();

    private readonly Process _process;
    private readonly WorkerChannel _channel;
    private readonly ErrorTail _errors;
    private readonly string _command;
    private readonly int _closeMs;
    private readonly int _id;
    private volatile bool _leadsGroup;
    private volatile bool _hasExited;
    private string? _end;
    private int _isGroupEnded;
    private int _isDisposed;

    private WorkerProcess(Process process, string command, MessageLimits messages, int closeMs)
    {
        _process = process;
        _command = command;
        _closeMs = closeMs;
        _id = process.Id;
        // What the environment started must not outlive it, nor hold the pipes open. At once: later the number may be another's.
        process.Exited += (_, _) =>
        {
            _hasExited = true;
            EndGroup();
        };
        process.EnableRaisingEvents = true;
        _errors = new ErrorTail(new PipeEnd(process.StandardError.BaseStream, () => _hasExited, ExitMs));
        _channel = new WorkerChannel(
            new PipeEnd(process.StandardInput.BaseStream, () => _hasExited),
            new PipeEnd(process.StandardOutput.BaseStream, () => _hasExited, spinMicroseconds: SpinMicroseconds),
            messages);
    }

    /// <summary>Starts a worker.</summary>
    /// <param name="command">The interpreter.</param>
    /// <param name="variables">Environment variables beside this process's; null removes one.</param>
    /// <param name="messages">What a message may hold.</param>
    /// <param name="startMs">How long the interpreter may take to start.</param>
    /// <param name="closeMs">How long the worker may take to end by itself.</param>
    /// <returns>A worker that waits for its first request.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be started, or is no Python.</exception>
    public static WorkerProcess Start(
        CommandLine command, IEnumerable<KeyValuePair<string, string?>> variables, MessageLimits messages, int startMs, int closeMs)
    {
        if (OperatingSystem.IsWindows())
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, "Python environments need Linux or macOS here; run the server there, or under WSL.");
        var worker = new WorkerProcess(Spawn(command, variables), command.ToString(), messages, closeMs);
        try
        {
            worker._channel.WriteRaw(WorkerSource.Bundle.Span, Environment.TickCount64 + startMs);
            var id = worker.Call(Value.Tuple("hello", messages.MaxFrameBytes), startMs).AsInt64();
            // Behind a wrapper the worker is another process, perhaps one with a number of its own namespace.
            worker._leadsGroup = id == worker._id;
            return worker;
        }
        catch (Exception failure) when (failure is SocketGymException or TimeoutException)
        {
            worker.Dispose();
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"The Python command '{command}' does not run as an interpreter: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public Value Call(Value request, int limitMs)
    {
        if (_end is not null)
            throw new SocketGymException(ErrorCode.WorkerDied, $"The environment has no process any more; make it anew. {_end}");
        var deadline = Environment.TickCount64 + limitMs;
        Value reply;
        try
        {
            if (!_channel.Send(request, deadline) || !_channel.TryReceive(out reply, deadline))
                throw Died(request);
        }
        catch (TimeoutException)
        {
            throw TimedOut(request, limitMs);
        }
        catch (InvalidDataException garbage)
        {
            Kill();
            throw Ended(ErrorCode.WorkerDied, $"Something but the worker wrote to the standard output of '{_command}', and it was ended. {garbage.Message} A wrapper command must pass its standard streams on and print nothing.");
        }
        return WorkerReply.ResultOf(reply);
    }

    /// <inheritdoc/>
    public void Abort() => Kill();

    /// <summary>Asks the worker to close its environment and end, ends it where it does not, and frees everything.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        if (_end is null)
            CloseByRequest();
        Kill();
        _process.WaitForExit(ExitMs);
        _hasExited = true;
        _end ??= "It was closed.";
        _channel.Dispose();
        _process.Dispose();
    }

    private static Process Spawn(CommandLine command, IEnumerable<KeyValuePair<string, string?>> variables)
    {
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
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        try
        {
            lock (Spawning)
                return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"The Python command '{command}' cannot be started: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    private void CloseByRequest()
    {
        var deadline = Environment.TickCount64 + _closeMs;
        try
        {
            Call(Value.Tuple("close"), _closeMs);
            _process.WaitForExit((int)Math.Max(deadline - Environment.TickCount64, 0));
        }
        catch (SocketGymException)
        {
            // The environment's own close failed, or the worker is gone: it ends either way.
        }
    }

    private SocketGymException Died(Value request)
    {
        // The pipe's end comes a moment before the process's own.
        var isGone = _process.WaitForExit(ExitMs);
        var how = isGone ? WorkerExit.Describe(_process.ExitCode) : "closed its channel without ending, and was ended";
        Kill();
        return Ended(ErrorCode.WorkerDied, $"The environment's process {how} during '{NameOf(request)}'.");
    }

    private SocketGymException TimedOut(Value request, int limitMs)
    {
        Kill();
        return Ended(ErrorCode.EnvironmentTimeout, $"The environment did not answer '{NameOf(request)}' within {limitMs} ms, and its process was ended. Raise the limit if it needs longer.");
    }

    private SocketGymException Ended(ErrorCode code, string message)
    {
        _errors.WaitForEnd(ExitMs);
        var tail = _errors.ToString();
        _end = tail.Length == 0 ? message : $"{message} Its standard error ended with:\n{tail}";
        return new SocketGymException(code, _end);
    }

    private void Kill()
    {
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

    private void EndGroup()
    {
        if (_leadsGroup && Interlocked.Exchange(ref _isGroupEnded, 1) == 0)
            _ = LibC.Kill(-_id, LibC.SignalKill);
    }

    private static string NameOf(Value request) => request.AsItems()[0].AsString();
}
