using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Vectors;

/// <summary>Gymnasium environments that are stepped as one, in several Python processes with several of them each: equal to <c>SyncVectorEnv</c>.</summary>
/// <remarks>
/// Not thread-safe, but for <see cref="Interrupt"/>. Observations and rewards lie in memory that the processes write the next ones into: they are valid until the next call. An exception of an environment leaves all usable, once
/// they are reset; where a process ends or takes too long, all are ended, and every call but <see cref="Close"/> throws <see cref="ErrorCode.WorkerDied"/>. In steady state a step with an array of actions, without infos, allocates nothing.
/// </remarks>
public sealed partial class WorkerVectorEnvironment : IVectorEnvironment, IInterruptible, IReportingEnvironment
{
    private readonly WorkerTeam _team;
    private readonly WorkerLimits _limits;
    private readonly WorkerDescription _description;
    private readonly VectorMemory? _memory;
    private readonly JoinedBatch? _joined;
    private readonly WorkerActions _actions;
    private readonly NDArray _rewards;
    private readonly NDArray _terminations;
    private readonly NDArray _truncations;
    private readonly List<VectorInfo> _infos = [];
    private bool _hasEnded;
    private bool _isBroken;

    /// <summary>Makes the vector of workers that have made their environments.</summary>
    /// <param name="team">The workers; owned.</param>
    /// <param name="limits">How long one environment may take.</param>
    /// <param name="description">What one environment is.</param>
    /// <param name="options">How many there are, and how they are reset.</param>
    /// <exception cref="SocketGymException">A worker failed to map the vector's memory.</exception>
    internal WorkerVectorEnvironment(WorkerTeam team, WorkerLimits limits, WorkerDescription description, VectorOptions options)
    {
        _team = team;
        _limits = limits;
        _description = description;
        Count = options.Count;
        AutoresetMode = options.AutoresetMode;
        ObservationSpace = SpaceBatching.Batch(SingleObservationSpace, Count);
        ActionSpace = SpaceBatching.Batch(SingleActionSpace, Count);
        _terminations = new NDArray(DType.Bool, Count);
        _truncations = new NDArray(DType.Bool, Count);
        _memory = TryMap();
        _joined = _memory is null ? new JoinedBatch(SingleObservationSpace, Count) : null;
        _rewards = _memory?.Rewards ?? new NDArray(DType.Float64, Count);
        _actions = new WorkerActions(_team, _memory, SingleActionSpace, ActionSpace, Count);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public EnvironmentSpec? Spec => _description.Spec;

    /// <inheritdoc/>
    public Space SingleObservationSpace => _description.ObservationSpace;

    /// <inheritdoc/>
    public Space SingleActionSpace => _description.ActionSpace;

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public ValueDictionary Metadata => _description.Metadata;

    /// <inheritdoc/>
    public string? RenderMode => _description.RenderMode;

    /// <inheritdoc/>
    public AutoresetMode AutoresetMode { get; }

    /// <summary>Among how many processes the environments are divided.</summary>
    public int Workers => _team.Count;

    /// <summary>Whether results come through memory that all processes share, rather than in messages.</summary>
    public bool IsSharing => _memory is not null;

    /// <inheritdoc/>
    public VectorResetResult Reset(IReadOnlyList<BigInteger?>? seeds = null, ValueDictionary? options = null)
    {
        var choices = new VectorResetChoices(seeds, options, Count);
        if (choices.Mask is not null)
            RequireWhole();
        _team.Begin(_limits.ResetMs);
        _isBroken = true;
        _infos.Clear();
        for (var part = 0; part < _team.Count; part++)
        {
            var (first, count) = (_team.FirstOf(part), _team.CountOf(part));
            if (choices.IsReset(first, count))
                _team.Send(part, choices.RequestFor(first, count));
        }
        for (var part = 0; part < _team.Count; part++)
        {
            if (_team.TryReceive(part, out var reply))
                Read(part, reply, isStep: false);
        }
        _team.End();
        for (var index = 0; index < Count; index++)
        {
            if (choices.Mask?[index] ?? true)
                _terminations.Bytes[index] = _truncations.Bytes[index] = 0;
        }
        _hasEnded = FindEnded() >= 0;
        _isBroken = false;
        return new(Observations, _infos);
    }

    /// <inheritdoc/>
    public VectorStepResult Step(Value actions)
    {
        RequireWhole();
        OpaqueSearch.Refuse(actions, "the actions");
        _actions.Take(actions);
        if (_hasEnded && AutoresetMode == AutoresetMode.Disabled)
            throw ResetMask.Needed(FindEnded());
        _team.BeginStep(_limits.StepMs);
        _isBroken = true;
        _infos.Clear();
        _actions.Send();
        for (var part = 0; part < _team.Count; part++)
        {
            if (_team.TryReceive(part, out var reply))
                Read(part, reply, isStep: true);
        }
        _team.End();
        _actions.Confirm();
        if (_memory is not null)
        {
            CopyFlags(_memory.Terminations.Bytes, _terminations.Bytes);
            CopyFlags(_memory.Truncations.Bytes, _truncations.Bytes);
        }
        _hasEnded = FindEnded() >= 0;
        _isBroken = false;
        return new(Observations, _rewards, _terminations, _truncations, _infos);
    }

    /// <summary>Ends the environments' processes, at once and from any thread; a call in progress fails with <see cref="ErrorCode.WorkerDied"/>.</summary>
    public void Interrupt() => _team.Abort();

    /// <summary>Closes the environments and ends their processes; never throws, and a second call does nothing.</summary>
    /// <remarks>The processes end either way, with everything they had started; who listens is told of exceptions of the environments' <c>close</c>.</remarks>
    public void Close()
    {
        _team.Dispose();
        _memory?.Dispose();
        var failedToClose = Interlocked.Exchange(ref _failedToClose, null);
        foreach (var failure in _team.CloseFailures)
            failedToClose?.Invoke(failure);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private Value Observations => _memory?.Observations ?? _joined!.Value;

    private VectorMemory? TryMap()
    {
        if (!_team.IsSharing || VectorMemory.TryMake(SingleObservationSpace, SingleActionSpace, Count) is not { } memory)
            return null;
        try
        {
            var request = memory.MapRequest;
            if (_team.AskAll(_ => request, _limits.MakeMs).All(answer => answer.IsNone))
            {
                memory.CloseDescriptor();
                return memory;
            }
            // One could not, so the others do without it, too.
            _team.AskAll(_ => VectorMemory.UnmapRequest, _limits.MakeMs);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        memory.Dispose();
        return null;
    }

    // After an error in the midst of a step some environments have taken it and others have not.
    private void RequireWhole()
    {
        _team.RequireAlive();
        if (_isBroken)
            throw ResetMask.AllNeeded();
    }

    private void Read(int part, Value reply, bool isStep)
    {
        var (first, count) = (_team.FirstOf(part), _team.CountOf(part));
        try
        {
            if (_memory is null)
                reply = ReadParts(first, count, reply, isStep);
            if (!reply.IsNone)
                SparseInfos.Read(reply, first, count, _infos);
        }
        catch (InvalidDataException failure)
        {
            _team.Refuse(part, failure);
        }
    }

    private Value ReadParts(int first, int count, Value reply, bool isStep)
    {
        var items = reply.Kind == ValueKind.Tuple ? reply.AsItems() : default;
        if (items.Length != (isStep ? 5 : 2))
            throw new InvalidDataException($"It answered {reply}.");
        if (!_joined!.TryPut(first, count, items[0]))
            throw new InvalidDataException($"It sent {items[0]} for a batch of observations.");
        if (!isStep)
            return items[1];
        CopyPart(items[1], _rewards, first, count);
        CopyPart(items[2], _terminations, first, count);
        CopyPart(items[3], _truncations, first, count);
        return items[4];
    }

    private static void CopyPart(Value part, NDArray whole, int first, int count)
    {
        if (part.Kind != ValueKind.Array || !part.AsArray().DType.Equals(whole.DType) || !part.AsArray().Shape.SequenceEqual([count]))
            throw new InvalidDataException($"It sent {part} for {count} of {whole.DType}.");
        part.AsArray().Bytes.CopyTo(whole.Bytes[(first * whole.DType.ItemSize)..]);
    }

    // Each flag is read once, and then is 0 or 1 whatever the memory held.
    private static void CopyFlags(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (var index = 0; index < to.Length; index++)
            to[index] = from[index] != 0 ? (byte)1 : (byte)0;
    }

    private int FindEnded()
    {
        var (terminated, truncated) = (_terminations.Bytes.IndexOfAnyExcept((byte)0), _truncations.Bytes.IndexOfAnyExcept((byte)0));
        return terminated < 0 || truncated < 0 ? Math.Max(terminated, truncated) : Math.Min(terminated, truncated);
    }
}
