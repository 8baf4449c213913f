using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>Several environments that are reset and stepped as one: what Gymnasium calls <c>gymnasium.vector.VectorEnv</c>, wherever they run.</summary>
/// <remarks>
/// Not thread-safe: one thread calls at a time. What it returns may lie in memory that it uses again: valid until the next call. Its attributes are those of all environments: a value
/// that is read and what a call returns are tuples with an element for each, where a call of what cannot be called reads it; a value that is set is a list or tuple of that kind; and the first
/// environment tells what there is.
/// </remarks>
public interface IVectorEnvironment : IAttributes, IDisposable
{
    /// <summary>How many environments there are: Gymnasium's <c>num_envs</c>.</summary>
    int Count { get; }

    /// <summary>What each environment was made from; null for one that was not registered.</summary>
    EnvironmentSpec? Spec { get; }

    /// <summary>The space of one environment's observations.</summary>
    Space SingleObservationSpace { get; }

    /// <summary>The space of one environment's actions.</summary>
    Space SingleActionSpace { get; }

    /// <summary>The space of a batch of observations.</summary>
    Space ObservationSpace { get; }

    /// <summary>The space of a batch of actions.</summary>
    Space ActionSpace { get; }

    /// <summary>The metadata of one environment.</summary>
    ValueDictionary Metadata { get; }

    /// <summary>The render mode they were made with; null for none.</summary>
    string? RenderMode { get; }

    /// <summary>When an environment whose episode is over is reset.</summary>
    AutoresetMode AutoresetMode { get; }

    /// <summary>Starts episodes.</summary>
    /// <param name="seeds">A seed or null for each environment; null for none at all.</param>
    /// <param name="options">Passed on to every environment, but for <c>reset_mask</c>: an array of bool that says which ones to reset; the others keep their observation.</param>
    /// <returns>Observations and infos.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/> for a number of seeds or a mask that does not fit; what an environment's reset throws, and then every call but a reset of all throws <see cref="ErrorCode.ResetNeeded"/>.</exception>
    VectorResetResult Reset(IReadOnlyList<BigInteger?>? seeds = null, ValueDictionary? options = null);

    /// <summary>Takes a step in every environment.</summary>
    /// <param name="actions">A batch of actions, as <see cref="ActionSpace"/> has them. Read during the call only.</param>
    /// <returns>Observations, rewards, flags and infos.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.InvalidAction"/> for a batch of another number or form, before any step is taken; <see cref="ErrorCode.ResetNeeded"/> where an episode is over and the mode is
    /// <see cref="AutoresetMode.Disabled"/>; what an environment's step throws: others may have taken theirs, so that then every step and partial reset throws <see cref="ErrorCode.ResetNeeded"/> until all are reset.
    /// </exception>
    VectorStepResult Step(Value actions);

    /// <summary>Draws every environment.</summary>
    /// <returns>A tuple of what each returns.</returns>
    /// <exception cref="SocketGymException">What an environment's <c>Render</c> throws.</exception>
    Value Render();

    /// <summary>Ends all environments; a second call does nothing.</summary>
    void Close();
}
