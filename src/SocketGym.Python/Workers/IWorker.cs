using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>A process that holds one environment, however it was started and however it is spoken to.</summary>
/// <remarks>One thread calls at a time; <see cref="Abort"/> alone may come from any thread.</remarks>
internal interface IWorker : IDisposable
{
    /// <summary>Has a request done.</summary>
    /// <param name="request">A tuple: the request's name and its parameters (python/worker's <c>main.py</c> lists them).</param>
    /// <param name="limitMs">How long it may take; a worker that takes longer is ended.</param>
    /// <returns>The result; valid until the next call.</returns>
    /// <exception cref="SocketGymException">
    /// The worker's own error; <see cref="ErrorCode.WorkerDied"/>, also on every later call; <see cref="ErrorCode.EnvironmentTimeout"/>;
    /// <see cref="ErrorCode.UnsupportedValue"/> for a reply that has no encoding.
    /// </exception>
    Value Call(Value request, int limitMs);

    /// <summary>Whether messages go through memory that is shared with the worker.</summary>
    bool IsSharing { get; }

    /// <summary>Has waiting fit a worker of a vector: it takes longer, and is watched longer before who waits blocks.</summary>
    void ExpectVector();

    /// <summary>Sends a request; <see cref="Receive"/> waits for what comes of it.</summary>
    /// <param name="request">As for <see cref="Call"/>.</param>
    /// <param name="limitMs">As for <see cref="Call"/>; it counts from now.</param>
    /// <exception cref="SocketGymException">The request has no encoding: nothing was sent. <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.</exception>
    void Send(Value request, int limitMs);

    /// <summary>Asks for a step of a vector whose actions lie in memory that was mapped; <see cref="Receive"/> waits for it.</summary>
    /// <param name="limitMs">As for <see cref="Call"/>; it counts from now.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.</exception>
    void SendStep(int limitMs);

    /// <summary>Waits for what was sent.</summary>
    /// <returns>The result; None also for one that says no more than that it is done. Valid until the next call.</returns>
    /// <exception cref="SocketGymException">As <see cref="Call"/>.</exception>
    Value Receive();

    /// <summary>Resets the environment that was made.</summary>
    /// <param name="seed">The seed; null for none.</param>
    /// <param name="options">The options, a dict or None.</param>
    /// <param name="limitMs">How long it may take; a worker that takes longer is ended.</param>
    /// <returns>The result; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As <see cref="Call"/>.</exception>
    ResetResult Reset(BigInteger? seed, Value options, int limitMs);

    /// <summary>Takes a step of the environment that was made.</summary>
    /// <param name="action">The action; read during the call only.</param>
    /// <param name="limitMs">How long it may take; a worker that takes longer is ended.</param>
    /// <returns>The result; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As <see cref="Call"/>.</exception>
    StepResult Step(Value action, int limitMs);

    /// <summary>What the environment's <c>close</c> raised; null where it raised nothing, and before it was closed.</summary>
    SocketGymException? CloseFailure { get; }

    /// <summary>Names who takes each line that is written to standard output or error, the last few before this call first.</summary>
    /// <param name="listener">Called on any thread; must not block.</param>
    void Listen(Action<string> listener);

    /// <summary>Ends the process at once; a call in progress fails with <see cref="ErrorCode.WorkerDied"/>.</summary>
    void Abort();
}
