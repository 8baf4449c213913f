using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Gives the environment a function of the action in its place, as Gymnasium's <c>TransformAction</c> does.</summary>
/// <param name="inner">The environment; closed with the wrapper.</param>
/// <param name="function">Makes the environment's action of the caller's. What it returns is read during the step only, so its memory may be used again.</param>
/// <param name="actionSpace">The space of the caller's actions; null for the environment's.</param>
public sealed class TransformAction(IEnvironment inner, Func<Value, Value> function, Space? actionSpace = null) : EnvironmentWrapper(inner)
{
    private readonly Func<Value, Value> _function = function ?? throw new ArgumentNullException(nameof(function));

    /// <inheritdoc/>
    public override Space ActionSpace => actionSpace ?? Inner.ActionSpace;

    /// <inheritdoc/>
    public override StepResult Step(Value action) => Inner.Step(_function(action));

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new TransformAction(inner, _function, actionSpace);
}
