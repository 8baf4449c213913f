using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>An environment: what Gymnasium calls <c>gymnasium.Env</c>, wherever it runs.</summary>
/// <remarks>
/// Not thread-safe: one thread calls at a time. Values returned by <see cref="Reset"/>, <see cref="Step"/> and
/// <see cref="Render"/> may lie in memory that the environment uses again: they are valid until the next call.
/// </remarks>
public interface IEnvironment : IDisposable
{
    /// <summary>What the environment was made from; null for one that was not registered.</summary>
    EnvironmentSpec? Spec { get; }

    /// <summary>The space of every observation.</summary>
    Space ObservationSpace { get; }

    /// <summary>The space of every action.</summary>
    Space ActionSpace { get; }

    /// <summary>Gymnasium's <c>metadata</c>: <c>render_modes</c> (a list of strings), <c>render_fps</c> (frames per second), and what the environment adds.</summary>
    ValueDictionary Metadata { get; }

    /// <summary>The render mode it was made with, such as <c>rgb_array</c>; null for none.</summary>
    string? RenderMode { get; }

    /// <summary>Starts an episode.</summary>
    /// <param name="seed">Not negative; seeds the generator. Null continues with the generator as it is.</param>
    /// <param name="options">What the environment lets a caller choose; null for none.</param>
    /// <returns>The first observation and <c>info</c>.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/> for a negative seed or refused options; <see cref="ErrorCode.EnvironmentFault"/> and its kin from a hosted one.</exception>
    ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null);

    /// <summary>Takes one step.</summary>
    /// <param name="action">The action, with the caller's own type and dtype. Read during the call only.</param>
    /// <returns>Observation, reward, terminated, truncated, info.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ResetNeeded"/> before the first reset, <see cref="ErrorCode.InvalidAction"/> for an action that it refuses; <see cref="ErrorCode.EnvironmentFault"/> and its kin from a hosted one.</exception>
    StepResult Step(Value action);

    /// <summary>Draws the present state in the render mode that it was made with.</summary>
    /// <returns>For <c>rgb_array</c> an array of shape (height, width, 3), uint8; for <c>ansi</c> a string; for <c>rgb_array_list</c> a list of arrays; <c>None</c> without a render mode.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ResetNeeded"/> before the first reset.</exception>
    Value Render();

    /// <summary>Ends the environment and frees what it holds; a second call does nothing.</summary>
    void Close();
}
