using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>A Gymnasium environment in a Python process of its own.</summary>
/// <remarks>
/// Not thread-safe, but for <see cref="Interrupt"/>. An observation may lie in memory that the process writes the next one into: it is valid until the next call. An exception of the environment leaves it usable;
/// after <see cref="ErrorCode.WorkerDied"/> or <see cref="ErrorCode.EnvironmentTimeout"/> there is no process any more, and every call but
/// <see cref="Close"/> throws <see cref="ErrorCode.WorkerDied"/>.
/// </remarks>
public sealed class WorkerEnvironment : IEnvironment, IAttributes, IInterruptible, IReportingEnvironment
{
    private static readonly Value RenderRequest = Value.Tuple("render");

    private readonly IWorker _worker;
    private readonly WorkerLimits _limits;
    private readonly WorkerDescription _description;
    private Action<SocketGymException>? _failedToClose;

    internal WorkerEnvironment(IWorker worker, WorkerLimits limits, Value made)
    {
        _worker = worker;
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
        return _worker.Reset(seed, choices, _limits.ResetMs);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ResetNeeded"/>, <see cref="ErrorCode.InvalidAction"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public StepResult Step(Value action)
    {
        OpaqueSearch.Refuse(action, "the action");
        return _worker.Step(action, _limits.StepMs);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ResetNeeded"/>, <see cref="ErrorCode.UnsupportedRenderMode"/> where the environment fails to render since it was made without a mode,
    /// <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>, <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public Value Render() => _worker.Call(RenderRequest, _limits.RenderMs);

    /// <inheritdoc/>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.</exception>
    public AttributeKind FindAttribute(string name)
    {
        var found = _worker.Call(Value.Tuple("has_attr", name), _limits.StepMs);
        if (found.IsNone)
            return AttributeKind.None;
        return found.AsBool() ? AttributeKind.Method : AttributeKind.Value;
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public Value GetAttribute(string name) => _worker.Call(Value.Tuple("get_attr", name), _limits.StepMs);

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnknownAttribute"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/> for a value with a stand-in in it,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public bool SetAttribute(string name, Value value, bool force = true)
    {
        OpaqueSearch.Refuse(value, "the attribute's value");
        return _worker.Call(Value.Tuple("set_attr", name, value, force), _limits.StepMs).AsBool();
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
        return _worker.Call(Value.Tuple("call", name, positional, named), _limits.StepMs);
    }

    /// <summary>Ends the environment's process, at once and from any thread; a call in progress fails with <see cref="ErrorCode.WorkerDied"/>.</summary>
    public void Interrupt() => _worker.Abort();

    /// <summary>Closes the environment and ends its process; never throws, and a second call does nothing.</summary>
    /// <remarks>The process ends either way, with everything it had started; who listens is told of an exception of the environment's <c>close</c>.</remarks>
    public void Close()
    {
        _worker.Dispose();
        if (_worker.CloseFailure is { } failure)
            Interlocked.Exchange(ref _failedToClose, null)?.Invoke(failure);
    }

    /// <inheritdoc/>
    public void ReportTo(Action<string> printed, Action<SocketGymException> failedToClose)
    {
        _failedToClose = failedToClose;
        _worker.Listen(printed);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();
}
