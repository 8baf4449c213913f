using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Clips rewards between two bounds, as Gymnasium's <c>ClipReward</c> with bounds that are floats: every reward becomes a <c>np.float64</c>.</summary>
public sealed class ClipReward : EnvironmentWrapper
{
    private readonly double? _low;
    private readonly double? _high;

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment; closed with the wrapper.</param>
    /// <param name="low">The lower bound; null for none.</param>
    /// <param name="high">The upper bound; null for none.</param>
    /// <exception cref="ArgumentException">There is no bound, or the lower one lies above the upper one.</exception>
    public ClipReward(IEnvironment inner, double? low = null, double? high = null)
        : base(inner)
    {
        if (low is null && high is null)
            throw new ArgumentException("Neither bound is given; give at least one.", nameof(low));
        if (low > high)
            throw new ArgumentException($"low is {low} and high is {high}; low must not be above high.", nameof(low));
        (_low, _high) = (low, high);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The reward is no real number.</exception>
    public override StepResult Step(Value action)
    {
        var result = Inner.Step(action);
        var reward = result.Reward.ToDouble();
        // False for NaN, which stays.
        if (reward < _low)
            reward = _low.Value;
        if (reward > _high)
            reward = _high.Value;
        return result with { Reward = Value.Scalar(reward) };
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new ClipReward(inner, _low, _high);
}
