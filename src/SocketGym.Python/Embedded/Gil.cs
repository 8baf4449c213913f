using SocketGym.Core.Errors;

namespace SocketGym.Python.Embedded;

/// <summary>Holds the GIL, and keeps Python from ending, for the length of a block.</summary>
internal readonly unsafe ref struct Gil
{
    private readonly EmbeddedPython _python;
    private readonly FaultSignals.AlternateStack _stack;
    private readonly int _state;
    private readonly bool _isKept;

    /// <summary>Takes it.</summary>
    /// <param name="python">The interpreter.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: the process is ending.</exception>
    public Gil(EmbeddedPython python)
    {
        _python = python;
        python.Enter();
        if (PythonThread.Current is { } thread)
        {
            _isKept = true;
            _stack = thread.Stack;
            python.Api.PyEval_RestoreThread(thread.State);
        }
        else
        {
            _stack = FaultSignals.AlternateStack.Current;
            _state = python.Api.PyGILState_Ensure();
        }
    }

    /// <summary>Puts back what .NET's exceptions need, after code ran that may have taken its place.</summary>
    public void Repair()
    {
        _python.Signals.Restore();
        _stack.Restore();
    }

    /// <summary>Lets other threads have it.</summary>
    public void Dispose()
    {
        if (_isKept)
            _ = _python.Api.PyEval_SaveThread();
        else
            _python.Api.PyGILState_Release(_state);
        _python.Leave();
    }
}
