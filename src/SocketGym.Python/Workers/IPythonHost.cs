using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>What holds one environment in Python, in a process of its own or in this one.</summary>
/// <remarks>One thread calls at a time.</remarks>
internal interface IPythonHost
{
    /// <summary>Has a request done.</summary>
    /// <param name="request">A tuple: the request's name and its parameters (python/worker's <c>main.py</c> lists them).</param>
    /// <param name="limitMs">How long it may take, where it can be ended.</param>
    /// <returns>The result; valid until the next call.</returns>
    /// <exception cref="SocketGymException">The environment's error, and the host's own.</exception>
    Value Call(Value request, int limitMs);

    /// <summary>Resets the environment that was made.</summary>
    /// <param name="seed">The seed; null for none.</param>
    /// <param name="options">The options, a dict or None.</param>
    /// <param name="limitMs">How long it may take, where it can be ended.</param>
    /// <returns>The result; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As <see cref="Call"/>.</exception>
    ResetResult Reset(BigInteger? seed, Value options, int limitMs);

    /// <summary>Takes a step of the environment that was made.</summary>
    /// <param name="action">The action; read during the call only.</param>
    /// <param name="limitMs">How long it may take, where it can be ended.</param>
    /// <returns>The result; valid until the next call.</returns>
    /// <exception cref="SocketGymException">As <see cref="Call"/>.</exception>
    StepResult Step(Value action, int limitMs);
}
