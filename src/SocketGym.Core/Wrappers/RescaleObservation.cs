using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Maps observations of a Box to other bounds, as Gymnasium's <c>RescaleObservation</c> does.</summary>
/// <remarks>The observation lies in memory that the next call writes again.</remarks>
public sealed class RescaleObservation : EnvironmentWrapper
{
    private readonly double _low;
    private readonly double _high;
    private readonly AffineScale _scale;

    /// <summary>Wraps an environment, with the same bounds for every element.</summary>
    /// <param name="inner">The environment, with a Box of float32 or float64 as its observation space; closed with the wrapper.</param>
    /// <param name="low">The lower bound for callers.</param>
    /// <param name="high">The upper bound for callers.</param>
    /// <exception cref="ArgumentException">The observation space is another, the lower bound lies above the upper one, or a bound is infinite where the environment's is not or the other way round.</exception>
    public RescaleObservation(IEnvironment inner, double low, double high)
        : base(inner)
    {
        var box = inner.ObservationSpace as Box ?? throw new ArgumentException($"The observation space is {inner.ObservationSpace}; RescaleObservation needs a Box.", nameof(inner));
        (_low, _high) = (low, high);
        var count = (int)box.Low.Count;
        _scale = new AffineScale(box, Enumerable.Repeat(low, count).ToArray(), Enumerable.Repeat(high, count).ToArray());
    }

    /// <inheritdoc/>
    public override Space ObservationSpace => _scale.Space;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The observation is not of the space's shape and numbers.</exception>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        var result = Inner.Reset(seed, options);
        return result with { Observation = Scale(result.Observation) };
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The observation is not of the space's shape and numbers.</exception>
    public override StepResult Step(Value action)
    {
        var result = Inner.Step(action);
        return result with { Observation = Scale(result.Observation) };
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new RescaleObservation(inner, _low, _high);

    private Value Scale(Value observation) => _scale.Forward(observation) is { } scaled
        ? Elementwise.Result(scaled)
        : throw new InvalidOperationException($"The observation is {observation}, which is not of {Inner.ObservationSpace}; have the environment checked by EnvironmentChecker.");
}
