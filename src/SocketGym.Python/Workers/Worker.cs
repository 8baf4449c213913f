using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers.Sharing;

namespace SocketGym.Python.Workers;

/// <summary>A worker that is spoken to through pipes and, where the system has it, shared memory.</summary>
internal sealed class Worker : IWorker
{
    private const int SpinMicroseconds = 50;
    private const int ExitMs = 1000;

    private readonly IChildProcess _process;
    private readonly WorkerChannel _channel;
    private readonly ErrorTail _errors;
    private readonly string _command;
    private readonly int _closeMs;
    private SharedPort? _port;
    private RawSteps? _steps;
    private string _request = "";
    private int _limitMs;
    private long _deadline;
    private string? _end;
    private bool _isClosing;
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
    /// <param name="shareMemory">Whether to share memory with it where that is possible.</param>
    /// <returns>A worker that waits for its first request.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be started, or is no Python.</exception>
    public static Worker Spawn(
        CommandLine command, IEnumerable<KeyValuePair<string, string?>> variables, MessageLimits messages, int startMs, int closeMs, bool shareMemory)
    {
        var process = SpawnedProcess.Start(command, variables);
        var worker = new Worker(process, new WorkerPipes(process.Input, process.Output, process.Errors), command.ToString(), messages, closeMs);
        return worker.Greet(WorkerSource.Bundle.Span, messages, startMs, shareMemory, $"The Python command '{command}' does not run as an interpreter");
    }

    /// <summary>Takes a worker over that a supervisor has forked.</summary>
    /// <param name="process">The worker's process.</param>
    /// <param name="pipes">This side of its pipes; owned.</param>
    /// <param name="command">The interpreter.</param>
    /// <param name="messages">What a message may hold.</param>
    /// <param name="startMs">How long it may take to answer.</param>
    /// <param name="closeMs">How long the worker may take to end by itself.</param>
    /// <param name="shareMemory">Whether to share memory with it where that is possible.</param>
    /// <returns>A worker that waits for its first request.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it does not answer.</exception>
    public static Worker Adopt(
        IChildProcess process, WorkerPipes pipes, CommandLine command, MessageLimits messages, int startMs, int closeMs, bool shareMemory)
    {
        var worker = new Worker(process, pipes, command.ToString(), messages, closeMs);
        return worker.Greet([], messages, startMs, shareMemory, $"A worker forked from '{command}' does not answer");
    }

    /// <inheritdoc/>
    public bool IsSharing => _port is not null;

    /// <inheritdoc/>
    public void WaitAsVector(bool maySpin) => _port?.WaitAsVector(maySpin);

    /// <inheritdoc/>
    public Value Call(Value request, int limitMs)
    {
        Send(request, limitMs);
        return Receive();
    }

    /// <inheritdoc/>
    public void Send(Value request, int limitMs)
    {
        Begin(NameOf(request), limitMs);
        try
        {
            if (_port is null ? _channel.Send(request, _deadline) : _port.Send(request, MessageKind.Message, _deadline))
                return;
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidDataException)
        {
            throw Failed(_request, failure, limitMs);
        }
        throw Died(_request);
    }

    /// <inheritdoc/>
    public void SendStep(int limitMs)
    {
        Begin("step", limitMs);
        try
        {
            if (_port!.SendRaw(MessageKind.Step, _deadline))
                return;
        }
        catch (TimeoutException failure)
        {
            throw Failed(_request, failure, limitMs);
        }
        throw Died(_request);
    }

    /// <inheritdoc/>
    public Value Receive()
    {
        try
        {
            if (TryReceive(out var kind, out var reply))
            {
                var result = reply.IsNone ? reply : WorkerReply.ResultOf(reply);
                return kind == MessageKind.Arrays ? _port!.TakeArrays(result) : result;
            }
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidDataException)
        {
            throw Failed(_request, failure, _limitMs);
        }
        throw Died(_request);
    }

    /// <inheritdoc/>
    public ResetResult Reset(BigInteger? seed, Value options, int limitMs)
    {
        if (_steps is not { MayReset: true } || seed is not null || !options.IsNone)
        {
            var parts = CallForParts(Value.Tuple("reset", seed is { } number ? Value.FromInt(number) : Value.None, options), 2, limitMs);
            return new ResetResult(parts[0], parts[1]);
        }
        CheckAlive();
        var deadline = Environment.TickCount64 + limitMs;
        try
        {
            if (_steps.SendReset(deadline) && _steps.TryReceiveReset(out var result, deadline))
                return result;
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidDataException)
        {
            throw Failed("reset", failure, limitMs);
        }
        throw Died("reset");
    }

    /// <inheritdoc/>
    public StepResult Step(Value action, int limitMs)
    {
        if (_steps is null)
        {
            var parts = CallForParts(Value.Tuple("step", action), 5, limitMs);
            return new StepResult(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }
        CheckAlive();
        var deadline = Environment.TickCount64 + limitMs;
        try
        {
            if (_steps.Send(action, deadline) && _steps.TryReceive(out var result, deadline))
                return result;
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidDataException)
        {
            throw Failed("step", failure, limitMs);
        }
        throw Died("step");
    }

    /// <inheritdoc/>
    public SocketGymException? CloseFailure { get; private set; }

    /// <inheritdoc/>
    public void Listen(Action<string> listener) => _errors.Listen(listener);

    /// <inheritdoc/>
    public void Abort() => _process.Kill();

    /// <inheritdoc/>
    public void BeginClose(int environments)
    {
        if (_isClosing || _end is not null)
            return;
        _isClosing = true;
        try
        {
            Send(Value.Tuple("close"), (int)Math.Min((long)_closeMs * environments, int.MaxValue));
        }
        catch (SocketGymException failure)
        {
            CloseFailure = failure;
        }
    }

    /// <summary>Asks the worker to close its environment and end, ends it where it does not, and frees everything.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        BeginClose(1);
        if (_end is null)
            AwaitClose();
        _process.Kill();
        _process.WaitForExit(ExitMs);
        _end ??= "It was closed.";
        _process.Dispose();
        _channel.Dispose();
        _port?.Dispose();
    }

    private Worker Greet(ReadOnlySpan<byte> source, MessageLimits messages, int startMs, bool shareMemory, string complaint)
    {
        try
        {
            _channel.WriteRaw(source, Environment.TickCount64 + startMs);
            _process.Identify(Call(Value.Tuple("hello", messages.MaxFrameBytes), startMs).AsInt64());
            _port = shareMemory ? SharedPort.TryOpen(_channel, offer => Call(offer, startMs).IsNone) : null;
            if (_port is not null)
            {
                _channel.ExpectRings();
                _steps = new RawSteps(_port);
            }
            return this;
        }
        catch (Exception failure) when (failure is SocketGymException or TimeoutException)
        {
            Dispose();
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"{complaint}: {failure.Message}", failure);
        }
    }

    private void AwaitClose()
    {
        try
        {
            Receive();
            _process.WaitForExit((int)Math.Clamp(_deadline - Environment.TickCount64, 0, int.MaxValue));
        }
        catch (SocketGymException failure)
        {
            // The environment's own close failed, or the worker is gone: it ends either way.
            CloseFailure = failure;
        }
    }

    private void CheckAlive()
    {
        if (_end is not null)
            throw new SocketGymException(ErrorCode.WorkerDied, $"The environment has no process any more; make it anew. {_end}");
    }

    private void Begin(string request, int limitMs)
    {
        CheckAlive();
        _request = request;
        _limitMs = limitMs;
        _deadline = Environment.TickCount64 + limitMs;
    }

    private ReadOnlySpan<Value> CallForParts(Value request, int count, int limitMs)
    {
        var result = Call(request, limitMs);
        try
        {
            return WorkerReply.PartsOf(result, count);
        }
        catch (InvalidDataException failure)
        {
            throw Failed(_request, failure, limitMs);
        }
    }

    // None for a reply without a message.
    private bool TryReceive(out MessageKind kind, out Value reply)
    {
        kind = MessageKind.Piped;
        if (_port is null)
            return _channel.TryReceive(out reply, _deadline);
        if (!_port.TryReceive(out kind, out reply, _deadline))
            return false;
        if (kind != MessageKind.Piped && (kind != MessageKind.Step || _port.MessageLength > 0))
            reply = _port.ReadMessage(0);
        return true;
    }

    private SocketGymException Died(string request)
    {
        // The pipe's end comes a moment before the process's own.
        var isGone = _process.WaitForExit(ExitMs);
        var how = isGone ? _process.DescribeExit() : "closed its channel without ending, and was ended";
        _process.Kill();
        return Ended(ErrorCode.WorkerDied, $"The environment's process {how} during '{request}'.");
    }

    private SocketGymException Failed(string request, Exception failure, int limitMs)
    {
        _process.Kill();
        if (failure is TimeoutException)
            return Ended(ErrorCode.EnvironmentTimeout, $"The environment did not answer '{request}' within {limitMs} ms, and its process was ended. Raise the limit if it needs longer.");
        return Ended(ErrorCode.WorkerDied, _port is null
            ? $"Something but the worker wrote to the standard output of '{_command}', and it was ended. {failure.Message} A wrapper command must pass its standard streams on and print nothing."
            : $"The environment's code, or a process of its, wrote what no worker does into the memory or the pipe of its worker, which was ended. {failure.Message}");
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
