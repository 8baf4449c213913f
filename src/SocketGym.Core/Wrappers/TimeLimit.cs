using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Truncates an episode after a number of steps, as Gymnasium's <c>TimeLimit</c> does: from that step on <c>truncated</c> is true.</summary>
public sealed class TimeLimit : EnvironmentWrapper
{
    private long _elapsedSteps;

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment; closed with the wrapper.</param>
    /// <param name="maxEpisodeSteps">The step of an episode, counted from 1, from which on it is truncated.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public TimeLimit(IEnvironment inner, int maxEpisodeSteps)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEpisodeSteps);
        MaxEpisodeSteps = maxEpisodeSteps;
        Spec = inner.Spec is { } spec ? spec with { MaxEpisodeSteps = maxEpisodeSteps } : null;
    }

    /// <summary>The step of an episode, counted from 1, from which on it is truncated.</summary>
    public int MaxEpisodeSteps { get; }

    /// <summary>The steps of the episode so far.</summary>
    internal long ElapsedSteps
    {
        get => _elapsedSteps;
        set => _elapsedSteps = value;
    }

    /// <inheritdoc/>
    public override EnvironmentSpec? Spec { get; }

    /// <inheritdoc/>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        _elapsedSteps = 0;
        return base.Reset(seed, options);
    }

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        var result = Inner.Step(action);
        // Whatever the environment said, True: Gymnasium sets the flag and clears none.
        return ++_elapsedSteps < MaxEpisodeSteps ? result : result with { Truncated = true };
    }

    /// <inheritdoc/>
    protected override Value SaveState() => _elapsedSteps;

    /// <inheritdoc/>
    protected override void RestoreState(Value state) => _elapsedSteps = state.AsInt64();

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new TimeLimit(inner, MaxEpisodeSteps);
}
