using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Workers;

/// <summary>A worker that is spoken to through pipes.</summary>
internal sealed class Worker : IWorker
{
    private const int SpinMicroseconds = 50;
    private const int ExitMs = 1000;

    private readonly IChildProcess _process;
    private readonly WorkerChannel _channel;
    private readonly ErrorTail _errors;
    private readonly string _command;
    private readonly int _closeMs;
    private string? _end;
    private int _isDisposed;

    private Worker(IChildProcess process, WorkerPipes pipes, string command, MessageLimits messages, int closeMs)
    {
        _process = process;
        _command = command;
        _closeMs = closeMs;
        _errors = new ErrorTail(new PipeEnd(pipes.Errors, () => process.HasExited, ExitMs));
        _channel = new WorkerChannel(
            new PipeEnd(pipes.Requests, () => process.HasExited),
            new PipeEnd(pipes.Replies, () => process.HasExited, spinMicroseconds: SpinMicroseconds),
            messages);
    }

    /// <summary>Starts an interpreter as a worker.</summary>
    /// <param name="command">The interpreter.</param>
    /// <param name="variables">Environment variables beside this process's; null removes one.</param>
    /// <param name="messages">What a message may hold.</param>
    /// <param name="startMs">How long the interpreter may take to start.</param>
    /// <param name="closeMs">How long the worker may take to end by itself.</param>
    /// <returns>A worker that waits for its first request.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be started, or is no Python.</exception>
    public static Worker Spawn(
        CommandLine command, IEnumerable<KeyValuePair<string, string?>> variables, MessageLimits messages, int startMs, int closeMs)
    {
        var process = SpawnedProcess.Start(command, variables);
        var worker = new Worker(process, new WorkerPipes(process.Input, process.Output, process.Errors), command.ToString(), messages, closeMs);
        return worker.Greet(WorkerSource.Bundle.Span, messages, startMs, $"The Python command '{command}' does not run as an interpreter");
    }

    /// <summary>Takes a worker over that a supervisor has forked.</summary>
    /// <param name="process">The worker's process.</param>
    /// <param name="pipes">This side of its pipes; owned.</param>
    /// <param name="command">The interpreter.</param>
    /// <param name="messages">What a message may hold.</param>
    /// <param name="startMs">How long it may take to answer.</param>
    /// <param name="closeMs">How long the worker may take to end by itself.</param>
    /// <returns>A worker that waits for its first request.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it does not answer.</exception>
    public static Worker Adopt(
        IChildProcess process, WorkerPipes pipes, CommandLine command, MessageLimits messages, int startMs, int closeMs)
    {
        var worker = new Worker(process, pipes, command.ToString(), messages, closeMs);
        return worker.Greet([], messages, startMs, $"A worker forked from '{command}' does not answer");
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
            _process.Kill();
            throw Ended(ErrorCode.WorkerDied, $"Something but the worker wrote to the standard output of '{_command}', and it was ended. {garbage.Message} A wrapper command must pass its standard streams on and print nothing.");
        }
        return WorkerReply.ResultOf(reply);
    }

    /// <inheritdoc/>
    public void Abort() => _process.Kill();

    /// <summary>Asks the worker to close its environment and end, ends it where it does not, and frees everything.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        if (_end is null)
            CloseByRequest();
        _process.Kill();
        _process.WaitForExit(ExitMs);
        _end ??= "It was closed.";
        _process.Dispose();
        _channel.Dispose();
    }

    private Worker Greet(ReadOnlySpan<byte> source, MessageLimits messages, int startMs, string complaint)
    {
        try
        {
            _channel.WriteRaw(source, Environment.TickCount64 + startMs);
            _process.Identify(Call(Value.Tuple("hello", messages.MaxFrameBytes), startMs).AsInt64());
            return this;
        }
        catch (Exception failure) when (failure is SocketGymException or TimeoutException)
        {
            Dispose();
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"{complaint}: {failure.Message}", failure);
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
        var how = isGone ? _process.DescribeExit() : "closed its channel without ending, and was ended";
        _process.Kill();
        return Ended(ErrorCode.WorkerDied, $"The environment's process {how} during '{NameOf(request)}'.");
    }

    private SocketGymException TimedOut(Value request, int limitMs)
    {
        _process.Kill();
        return Ended(ErrorCode.EnvironmentTimeout, $"The environment did not answer '{NameOf(request)}' within {limitMs} ms, and its process was ended. Raise the limit if it needs longer.");
    }

    private SocketGymException Ended(ErrorCode code, string message)
    {
        _errors.WaitForEnd(ExitMs);
        var tail = _errors.ToString();
        _end = tail.Length == 0 ? message : $"{message} Its standard error ended with:\n{tail}";
        return new SocketGymException(code, _end);
    }

    private static string NameOf(Value request) => request.AsItems()[0].AsString();
}
