using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Refuses <c>step</c> and <c>render</c> before the first <c>reset</c>, as Gymnasium's <c>OrderEnforcing</c> does.</summary>
public sealed class OrderEnforcing : EnvironmentWrapper
{
    private const string HasResetName = "has_reset";

    private bool _hasReset;

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment; closed with the wrapper.</param>
    public OrderEnforcing(IEnvironment inner)
        : base(inner) => Spec = inner.Spec is { } spec ? spec with { OrderEnforce = true } : null;

    /// <summary>Whether there has been a reset.</summary>
    internal bool HasReset => _hasReset;

    /// <inheritdoc/>
    public override EnvironmentSpec? Spec { get; }

    /// <inheritdoc/>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        // Counts even where it then fails, as in Gymnasium; the environment itself knows whether it has a state.
        _hasReset = true;
        return base.Reset(seed, options);
    }

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        // Written so that the result goes from the inner environment to the caller without a copy on the way.
        if (!_hasReset)
            throw ResetNeeded("Cannot call env.step() before calling env.reset()");
        return Inner.Step(action);
    }

    /// <inheritdoc/>
    public override Value Render() => _hasReset
        ? base.Render()
        : throw ResetNeeded("Cannot call `env.render()` before calling `env.reset()`");

    /// <inheritdoc/>
    public override AttributeKind FindAttribute(string name) => name == HasResetName ? AttributeKind.Value : base.FindAttribute(name);

    /// <inheritdoc/>
    /// <remarks>Its own is <c>has_reset</c>: whether there has been a reset.</remarks>
    public override Value GetAttribute(string name) => name == HasResetName ? _hasReset : base.GetAttribute(name);

    /// <inheritdoc/>
    public override bool SetAttribute(string name, Value value, bool force = true) => name == HasResetName
        ? throw new SocketGymException(ErrorCode.UnknownAttribute, $"'{HasResetName}' cannot be set; reset the environment.") { RemoteType = "AttributeError" }
        : base.SetAttribute(name, value, force);

    /// <inheritdoc/>
    protected override Value SaveState() => _hasReset;

    /// <inheritdoc/>
    protected override void RestoreState(Value state) => _hasReset = state.AsBool();

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new OrderEnforcing(inner);

    private static SocketGymException ResetNeeded(string message) =>
        new(ErrorCode.ResetNeeded, message) { RemoteType = "gymnasium.error.ResetNeeded" };
}
