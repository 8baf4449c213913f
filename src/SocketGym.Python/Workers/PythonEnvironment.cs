using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>A Gymnasium environment hosted in a Python.</summary>
/// <remarks>Not thread-safe. An observation may lie in memory that the next one is written into: it is valid until the next call. An exception of the environment leaves it usable.</remarks>
public abstract class PythonEnvironment : IEnvironment, IAttributes
{
    private static readonly Value RenderRequest = Value.Tuple("render");

    private readonly IPythonHost _host;
    private readonly WorkerLimits _limits;
    private readonly WorkerDescription _description;

    private protected PythonEnvironment(IPythonHost host, WorkerLimits limits, Value made)
    {
        _host = host;
        _limits = limits;
        _description = new WorkerDescription(made);
    }

    /// <inheritdoc/>
    public EnvironmentSpec? Spec => _description.Spec;

    /// <inheritdoc/>
    public Space ObservationSpace => _description.ObservationSpace;

    /// <inheritdoc/>
    public Space ActionSpace => _description.ActionSpace;

    /// <inheritdoc/>
    public ValueDictionary Metadata => _description.Metadata;

    /// <inheritdoc/>
    public string? RenderMode => _description.RenderMode;

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.InvalidArgument"/> for a negative seed, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        if (seed < 0)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The seed is {seed}; it must not be negative.");
        Value choices = options;
        OpaqueSearch.Refuse(choices, "options");
        return _host.Reset(seed, choices, _limits.ResetMs);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ResetNeeded"/>, <see cref="ErrorCode.InvalidAction"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public StepResult Step(Value action)
    {
        OpaqueSearch.Refuse(action, "the action");
        return _host.Step(action, _limits.StepMs);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ResetNeeded"/>, <see cref="ErrorCode.UnsupportedRenderMode"/> where the environment fails to render since it was made without a mode,
    /// <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>, <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public Value Render() => _host.Call(RenderRequest, _limits.RenderMs);

    /// <inheritdoc/>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.</exception>
    public AttributeKind FindAttribute(string name)
    {
        var found = _host.Call(Value.Tuple("has_attr", name), _limits.StepMs);
        if (found.IsNone)
            return AttributeKind.None;
        return found.AsBool() ? AttributeKind.Method : AttributeKind.Value;
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public Value GetAttribute(string name) => _host.Call(Value.Tuple("get_attr", name), _limits.StepMs);

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/> for a value with a stand-in in it,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public bool SetAttribute(string name, Value value, bool force = true)
    {
        OpaqueSearch.Refuse(value, "the attribute's value");
        return _host.Call(Value.Tuple("set_attr", name, value, force), _limits.StepMs).AsBool();
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/>, <see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null)
    {
        var positional = Value.List([.. arguments ?? []]);
        Value named = kwargs ?? ValueDictionary.Empty;
        OpaqueSearch.Refuse(positional, "the arguments");
        OpaqueSearch.Refuse(named, "the keyword arguments");
        return _host.Call(Value.Tuple("call", name, positional, named), _limits.StepMs);
    }

    /// <inheritdoc/>
    public abstract void Close();

    /// <summary>Closes the environment.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }
}
