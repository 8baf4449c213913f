using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>A process that holds one environment, however it was started and however it is spoken to.</summary>
/// <remarks>
/// One thread calls at a time; <see cref="Abort"/> alone may come from any thread. A worker that takes longer than it may is ended:
/// <see cref="ErrorCode.EnvironmentTimeout"/>. Beside the worker's own errors there are <see cref="ErrorCode.WorkerDied"/>, also on every later call,
/// and <see cref="ErrorCode.UnsupportedValue"/> for a reply that has no encoding.
/// </remarks>
internal interface IWorker : IPythonHost, IDisposable
{
    /// <summary>Whether messages go through memory that is shared with the worker.</summary>
    bool IsSharing { get; }

    /// <summary>Has waiting, on both sides, fit a worker of a vector.</summary>
    /// <param name="maySpin">Whether the worker may spin before it blocks.</param>
    void WaitAsVector(bool maySpin);

    /// <summary>Sends a request; <see cref="Receive"/> waits for what comes of it.</summary>
    /// <param name="request">As for <see cref="IPythonHost.Call"/>.</param>
    /// <param name="limitMs">As for <see cref="IPythonHost.Call"/>; it counts from now.</param>
    /// <exception cref="SocketGymException">The request has no encoding: nothing was sent. <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.</exception>
    void Send(Value request, int limitMs);

    /// <summary>Asks for a step of a vector whose actions lie in memory that was mapped; <see cref="Receive"/> waits for it.</summary>
    /// <param name="limitMs">As for <see cref="IPythonHost.Call"/>; it counts from now.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.</exception>
    void SendStep(int limitMs);

    /// <summary>Waits for what was sent.</summary>
    /// <returns>The result; None also for one that says no more than that it is done. Valid until the next call.</returns>
    /// <exception cref="SocketGymException">As <see cref="IPythonHost.Call"/>.</exception>
    Value Receive();

    /// <summary>Asks the worker to close what it has and to end; <see cref="IDisposable.Dispose"/>, which does the same where this was not called, waits for it.</summary>
    /// <param name="environments">How many environments it closes, one after the other; it has so many times the limit of one.</param>
    void BeginClose(int environments);

    /// <summary>What the environment's <c>close</c> raised; null where it raised nothing, and before it was closed.</summary>
    SocketGymException? CloseFailure { get; }

    /// <summary>Names who takes each line that is written to standard output or error, the last few before this call first.</summary>
    /// <param name="listener">Called on any thread; must not block.</param>
    void Listen(Action<string> listener);

    /// <summary>Ends the process at once; a call in progress fails with <see cref="ErrorCode.WorkerDied"/>.</summary>
    void Abort();
}
