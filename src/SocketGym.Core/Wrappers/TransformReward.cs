using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Returns a function of each reward in its place, as Gymnasium's <c>TransformReward</c> does.</summary>
/// <param name="inner">The environment; closed with the wrapper.</param>
/// <param name="function">Makes the caller's reward of the environment's.</param>
public sealed class TransformReward(IEnvironment inner, Func<Value, Value> function) : EnvironmentWrapper(inner)
{
    private readonly Func<Value, Value> _function = function ?? throw new ArgumentNullException(nameof(function));

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        var result = Inner.Step(action);
        return result with { Reward = _function(result.Reward) };
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new TransformReward(inner, _function);
}
