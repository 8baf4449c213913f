using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Embedded;

/// <summary>One environment in this process's Python.</summary>
/// <remarks>One thread calls at a time. No call can be ended, so that the limits do nothing here.</remarks>
internal sealed unsafe class EmbeddedSession : IPythonHost, IDisposable
{
    private readonly EmbeddedPython _python;
    private readonly PythonThread _maker;
    private readonly PythonSession _session;
    private EmbeddedSteps? _steps;
    private nint _modules;
    private bool _isClosed;

    /// <summary>Makes a session without an environment.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="messages">What a message may hold.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: the process is ending.</exception>
    public EmbeddedSession(EmbeddedPython python, MessageLimits messages)
    {
        _python = python;
        python.Enter();
        try
        {
            _maker = PythonThread.Keep(python.Api);
            using var gil = new Gil(python);
            _session = new PythonSession(python, messages);
        }
        catch
        {
            _maker?.Leave(python.Api);
            throw;
        }
        finally
        {
            python.Leave();
        }
    }

    /// <summary>What the environment's <c>close</c> raised; null where it raised nothing, and before it was closed.</summary>
    public SocketGymException? CloseFailure { get; private set; }

    /// <summary>Makes the environment. One session does at a time, since what is imported and registered is everyone's.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The result.</returns>
    /// <exception cref="SocketGymException">The environment's error.</exception>
    public Value Make(Value request)
    {
        lock (_python.Making)
        {
            var made = Call(request, 0);
            using var gil = new Gil(_python);
            _steps = new EmbeddedSteps(_python, _session);
            return made;
        }
    }

    /// <inheritdoc/>
    public Value Call(Value request, int limitMs)
    {
        CheckOpen();
        var message = _session.Encode(request);
        using var gil = new Gil(_python);
        try
        {
            return _session.Answer(message);
        }
        finally
        {
            gil.Repair();
        }
    }

    /// <inheritdoc/>
    public ResetResult Reset(BigInteger? seed, Value options, int limitMs)
    {
        if (_steps is null || seed is not null || !options.IsNone)
        {
            var parts = Call(Value.Tuple("reset", seed is { } number ? Value.FromInt(number) : Value.None, options), limitMs).AsItems();
            return new ResetResult(parts[0], parts[1]);
        }
        CheckOpen();
        using var gil = new Gil(_python);
        try
        {
            return _steps.Reset();
        }
        finally
        {
            RepairAfterImport(gil);
        }
    }

    /// <inheritdoc/>
    public StepResult Step(Value action, int limitMs)
    {
        CheckOpen();
        var gil = new Gil(_python);
        StepResult result;
        try
        {
            result = _steps!.Step(action);
        }
        catch
        {
            RepairAfterImport(gil);
            gil.Dispose();
            throw;
        }
        // Not in a finally: Python is called from there at three times the price.
        RepairAfterImport(gil);
        gil.Dispose();
        return result;
    }

    /// <summary>Closes the environment and lets go of everything; never throws, and a second call does nothing.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        try
        {
            _python.Enter();
        }
        catch (SocketGymException)
        {
            // Python ends with the process, and its environments with it.
            _isClosed = true;
            return;
        }
        try
        {
            Close();
            _maker.Leave(_python.Api);
        }
        finally
        {
            _python.Leave();
        }
    }

    private void Close()
    {
        try
        {
            Call(Value.Tuple("close"), 0);
        }
        catch (SocketGymException failure)
        {
            CloseFailure = failure;
        }
        _isClosed = true;
        using var gil = new Gil(_python);
        _steps?.Dispose();
        _session.Free();
    }

    // It is modules that put handlers of their own in the place of .NET's, and looking for that takes longer than counting them.
    private void RepairAfterImport(in Gil gil)
    {
        var modules = _python.Api.PyDict_Size(_python.Constants.Modules);
        if (modules == _modules)
            return;
        _modules = modules;
        gil.Repair();
    }

    private void CheckOpen()
    {
        if (_isClosed)
            throw new SocketGymException(ErrorCode.NoEnvironment, "The environment was closed; make another.");
    }
}
