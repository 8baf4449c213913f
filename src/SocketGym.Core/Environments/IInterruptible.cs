namespace SocketGym.Core.Environments;

/// <summary>An environment whose present call another thread can end, as a worker process can be ended and a native step cannot.</summary>
public interface IInterruptible
{
    /// <summary>Ends the environment at once: a call in progress throws, and so does every later one but closing.</summary>
    /// <remarks>Thread-safe; a second call does nothing.</remarks>
    void Interrupt();
}
