using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>An environment around another one: passes every call on, and a derived class changes some. Gymnasium's <c>Wrapper</c>.</summary>
/// <remarks>Owns the inner environment and closes it. As little thread-safe as that is; adds no allocation to a call.</remarks>
public abstract partial class EnvironmentWrapper : IEnvironment, IAttributes
{
    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment; closed with the wrapper.</param>
    protected EnvironmentWrapper(IEnvironment inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
    }

    /// <summary>The environment inside.</summary>
    public IEnvironment Inner { get; }

    /// <inheritdoc/>
    public virtual EnvironmentSpec? Spec => Inner.Spec;

    /// <inheritdoc/>
    public virtual Space ObservationSpace => Inner.ObservationSpace;

    /// <inheritdoc/>
    public virtual Space ActionSpace => Inner.ActionSpace;

    /// <inheritdoc/>
    public virtual ValueDictionary Metadata => Inner.Metadata;

    /// <inheritdoc/>
    public virtual string? RenderMode => Inner.RenderMode;

    /// <inheritdoc/>
    public virtual ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null) => Inner.Reset(seed, options);

    /// <inheritdoc/>
    public virtual StepResult Step(Value action) => Inner.Step(action);

    /// <inheritdoc/>
    public virtual Value Render() => Inner.Render();

    /// <inheritdoc/>
    public virtual void Close() => Inner.Close();

    /// <inheritdoc/>
    public virtual AttributeKind FindAttribute(string name) =>
        StateMethods.Has(this, name) ? AttributeKind.Method : EnvironmentAttributes.Of(Inner).FindAttribute(name);

    /// <inheritdoc/>
    public virtual Value GetAttribute(string name) => EnvironmentAttributes.Of(Inner).GetAttribute(name);

    /// <inheritdoc/>
    public virtual bool SetAttribute(string name, Value value, bool force = true) => EnvironmentAttributes.Of(Inner).SetAttribute(name, value, force);

    /// <inheritdoc/>
    /// <remarks>Its own are <c>get_state</c> and <c>set_state</c>, where the state can be had: they take in the wrapper's.</remarks>
    public virtual Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null) => StateMethods.Has(this, name)
        ? StateMethods.Call(this, name, arguments, kwargs)
        : EnvironmentAttributes.Of(Inner).Call(name, arguments, kwargs);

    /// <summary>Closes the inner environment and disposes of it.</summary>
    public void Dispose()
    {
        Close();
        Inner.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The innermost environment: Gymnasium's <c>unwrapped</c>.</summary>
    /// <returns>The environment that is no wrapper.</returns>
    public IEnvironment Unwrap()
    {
        var environment = Inner;
        while (environment is EnvironmentWrapper wrapper)
            environment = wrapper.Inner;
        return environment;
    }
}
