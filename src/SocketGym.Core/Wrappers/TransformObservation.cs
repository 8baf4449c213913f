using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Returns a function of each observation in its place, as Gymnasium's <c>TransformObservation</c> does.</summary>
/// <param name="inner">The environment; closed with the wrapper.</param>
/// <param name="function">Makes the caller's observation of the environment's, which it must not write to. Its own memory may be used again by the next call.</param>
/// <param name="observationSpace">The space of the caller's observations; null for the environment's.</param>
public sealed class TransformObservation(IEnvironment inner, Func<Value, Value> function, Space? observationSpace = null) : EnvironmentWrapper(inner)
{
    private readonly Func<Value, Value> _function = function ?? throw new ArgumentNullException(nameof(function));

    /// <inheritdoc/>
    public override Space ObservationSpace => observationSpace ?? Inner.ObservationSpace;

    /// <inheritdoc/>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        var result = Inner.Reset(seed, options);
        return result with { Observation = _function(result.Observation) };
    }

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        var result = Inner.Step(action);
        return result with { Observation = _function(result.Observation) };
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new TransformObservation(inner, _function, observationSpace);
}
