using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>A Gymnasium environment in a Python process of its own.</summary>
/// <remarks>
/// Not thread-safe, but for <see cref="Interrupt"/>. Values stay valid after the next call, too. An exception of the environment leaves it usable;
/// after <see cref="ErrorCode.WorkerDied"/> or <see cref="ErrorCode.EnvironmentTimeout"/> there is no process any more, and every call but
/// <see cref="Close"/> throws <see cref="ErrorCode.WorkerDied"/>.
/// </remarks>
public sealed class WorkerEnvironment : IEnvironment, IInterruptible
{
    private static readonly Value StepName = "step";
    private static readonly Value RenderRequest = Value.Tuple("render");

    private readonly IWorker _worker;
    private readonly WorkerLimits _limits;
    private readonly Value[] _step = [StepName, Value.None];
    private readonly Value _stepRequest;

    internal WorkerEnvironment(IWorker worker, WorkerLimits limits, Value made)
    {
        _worker = worker;
        _limits = limits;
        _stepRequest = Value.Tuple(_step);
        var entries = made.AsDict();
        ObservationSpace = SpaceReader.Read(entries["observation_space"]);
        ActionSpace = SpaceReader.Read(entries["action_space"]);
        Metadata = entries["metadata"].Kind is ValueKind.Dict or ValueKind.OrderedDict ? entries["metadata"].AsDict() : ValueDictionary.Empty;
        RenderMode = TextOf(entries["render_mode"]);
        Spec = entries["spec"].IsNone ? null : SpecOf(entries["spec"].AsDict());
    }

    /// <inheritdoc/>
    public EnvironmentSpec? Spec { get; }

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public ValueDictionary Metadata { get; }

    /// <inheritdoc/>
    public string? RenderMode { get; }

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
        var request = Value.Tuple("reset", seed is { } number ? Value.FromInt(number) : Value.None, choices);
        var parts = _worker.Call(request, _limits.ResetMs).AsItems();
        return new ResetResult(parts[0], parts[1]);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ResetNeeded"/>, <see cref="ErrorCode.InvalidAction"/>, <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>,
    /// <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public StepResult Step(Value action)
    {
        OpaqueSearch.Refuse(action, "the action");
        _step[1] = action;
        var parts = _worker.Call(_stepRequest, _limits.StepMs).AsItems();
        return new StepResult(parts[0], parts[1], parts[2], parts[3], parts[4]);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ResetNeeded"/>, <see cref="ErrorCode.UnsupportedRenderMode"/> where the environment fails to render since it was made without a mode,
    /// <see cref="ErrorCode.EnvironmentFault"/>, <see cref="ErrorCode.UnsupportedValue"/>, <see cref="ErrorCode.WorkerDied"/>, <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public Value Render() => _worker.Call(RenderRequest, _limits.RenderMs);

    /// <summary>Ends the environment's process, at once and from any thread; a call in progress fails with <see cref="ErrorCode.WorkerDied"/>.</summary>
    public void Interrupt() => _worker.Abort();

    /// <summary>Closes the environment and ends its process; never throws, and a second call does nothing.</summary>
    /// <remarks>An exception of the environment's <c>close</c> is dropped: the process ends either way, with everything it had started.</remarks>
    public void Close() => _worker.Dispose();

    /// <inheritdoc/>
    public void Dispose() => Close();

    private static EnvironmentSpec SpecOf(ValueDictionary entries)
    {
        var threshold = entries["reward_threshold"];
        var steps = entries["max_episode_steps"];
        return new EnvironmentSpec(entries["id"].AsString())
        {
            EntryPoint = TextOf(entries["entry_point"]),
            RewardThreshold = threshold.IsNone ? null : threshold.AsDouble(),
            Nondeterministic = entries["nondeterministic"].AsBool(),
            MaxEpisodeSteps = steps.IsNone ? null : (int)BigInteger.Min(steps.AsBigInteger(), int.MaxValue),
            OrderEnforce = entries["order_enforce"].AsBool(),
            DisableEnvChecker = entries["disable_env_checker"].AsBool(),
            Kwargs = entries["kwargs"].AsDict(),
        };
    }

    private static string? TextOf(Value value) => value.IsNone ? null : value.AsString();
}
