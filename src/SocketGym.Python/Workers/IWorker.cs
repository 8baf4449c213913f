using SocketGym.Core.Errors;

namespace SocketGym.Python.Workers;

/// <summary>A process that holds one environment, however it was started and however it is spoken to.</summary>
/// <remarks>
/// One thread calls at a time; <see cref="Abort"/> alone may come from any thread. A worker that takes longer than it may is ended:
/// <see cref="ErrorCode.EnvironmentTimeout"/>. Beside the worker's own errors there are <see cref="ErrorCode.WorkerDied"/>, also on every later call,
/// and <see cref="ErrorCode.UnsupportedValue"/> for a reply that has no encoding.
/// </remarks>
internal interface IWorker : IPythonHost, IDisposable
{
    /// <summary>What the environment's <c>close</c> raised; null where it raised nothing, and before it was closed.</summary>
    SocketGymException? CloseFailure { get; }

    /// <summary>Names who takes each line that is written to standard output or error, the last few before this call first.</summary>
    /// <param name="listener">Called on any thread; must not block.</param>
    void Listen(Action<string> listener);

    /// <summary>Ends the process at once; a call in progress fails with <see cref="ErrorCode.WorkerDied"/>.</summary>
    void Abort();
}
