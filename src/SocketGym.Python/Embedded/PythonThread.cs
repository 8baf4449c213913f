namespace SocketGym.Python.Embedded;

/// <summary>What the interpreter keeps for a thread of this process.</summary>
/// <remarks>
/// A thread that makes an environment keeps its own until it has closed as many as it made, since making one takes as long as a quick step.
/// Others get one for each call. An environment that another thread closes leaves its maker's in place, for that thread to use again.
/// </remarks>
internal sealed class PythonThread
{
    [ThreadStatic]
    private static PythonThread? s_current;

    private int _environments;

    private PythonThread(nint state, FaultSignals.AlternateStack stack)
    {
        State = state;
        Stack = stack;
    }

    /// <summary>This thread's; null where it keeps none.</summary>
    public static PythonThread? Current => s_current;

    /// <summary>The state, for taking the GIL.</summary>
    public nint State { get; }

    /// <summary>The thread's stack for signals, as it was before any Python ran on it.</summary>
    public FaultSignals.AlternateStack Stack { get; }

    /// <summary>Has this thread keep its state for one environment more.</summary>
    /// <param name="api">The interpreter; this thread does not hold its GIL.</param>
    /// <returns>What <see cref="Leave"/> is called on when the environment is closed.</returns>
    public static unsafe PythonThread Keep(LibPython api)
    {
        if (s_current is null)
        {
            var stack = FaultSignals.AlternateStack.Current;
            _ = api.PyGILState_Ensure();
            s_current = new PythonThread(api.PyEval_SaveThread(), stack);
        }
        s_current._environments++;
        return s_current;
    }

    /// <summary>Counts an environment less, where the thread that made it closes it.</summary>
    /// <param name="api">The interpreter; this thread does not hold its GIL.</param>
    public unsafe void Leave(LibPython api)
    {
        if (s_current != this || --_environments > 0)
            return;
        s_current = null;
        api.PyEval_RestoreThread(State);
        // 1: it was not held before, so that this gives the state back, too.
        api.PyGILState_Release(1);
    }
}
