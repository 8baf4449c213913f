using System.Numerics;
using System.Runtime.ExceptionServices;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>Environments that are stepped as one: equal to Gymnasium's <c>SyncVectorEnv</c> in all three modes of resetting, on however many threads.</summary>
/// <remarks>
/// Owns its environments and closes them; where one throws, all others are closed first, and then what the first one threw is thrown. Not thread-safe.
/// A step allocates nothing where the observations are arrays or numbers, the actions an array, the infos empty and the environments allocate nothing. Only steps are split over threads; everything else happens on the caller's.
/// </remarks>
public sealed partial class VectorEnvironment : IVectorEnvironment, IInterruptible, IReportingEnvironment, IStepRange
{
    private readonly IEnvironment[] _environments;
    private readonly Lazy<Space> _observationSpace;
    private readonly ObservationBatch _observations;
    private readonly ActionBatch _actions;
    private readonly NDArray _rewards;
    private readonly NDArray _terminations;
    private readonly NDArray _truncations;
    private readonly bool[] _isOver;
    private readonly List<VectorInfo> _infos = [];
    private readonly StepSplit _split;
    private BatchSteps? _batch;
    private Value[] _each = [];
    private bool _isBroken;

    /// <summary>Makes a vector.</summary>
    /// <param name="environments">At least one; all with equal spaces. Owned.</param>
    /// <param name="autoresetMode">When an environment whose episode is over is reset.</param>
    /// <param name="threads">
    /// On how many threads a step is taken, the caller's among them. 1, unless given: one environment after the other. More are for environments that share nothing that changes, such as
    /// a static field: each is called by one thread at a time, but several at once, and not always by the same thread. Null finds out by measuring what is fastest, and is one thread where a step of
    /// all environments takes less than 20 us.
    /// </param>
    /// <exception cref="ArgumentException">There is no environment, or their spaces differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not positive.</exception>
    public VectorEnvironment(IEnumerable<IEnvironment> environments, AutoresetMode autoresetMode = AutoresetMode.NextStep, int? threads = 1)
        : this(environments, autoresetMode, threads, makeBatch: null)
    {
    }

    private VectorEnvironment(IEnumerable<IEnvironment> environments, AutoresetMode autoresetMode, int? threads, Func<IEnvironment[], BatchMemory, EnvironmentBatch>? makeBatch)
    {
        ArgumentNullException.ThrowIfNull(environments);
        if (threads is { } number)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number, nameof(threads));
        _environments = [.. environments];
        if (_environments.Length == 0)
            throw new ArgumentException("There is no environment; a vector needs at least one.", nameof(environments));
        AutoresetMode = autoresetMode;
        foreach (var environment in _environments)
        {
            if (!environment.ObservationSpace.Equals(SingleObservationSpace) || !environment.ActionSpace.Equals(SingleActionSpace))
            {
                throw new ArgumentException(
                    $"One environment has the spaces {SingleObservationSpace} and {SingleActionSpace}, another {environment.ObservationSpace} and {environment.ActionSpace}; a vector needs equal ones.", nameof(environments));
            }
        }
        _observationSpace = SpaceBatching.Prepare(SingleObservationSpace, Count);
        ActionSpace = SpaceBatching.Batch(SingleActionSpace, Count);
        _observations = ObservationBatch.Of(SingleObservationSpace, Count);
        _actions = new ActionBatch(SingleActionSpace, ActionSpace, Count);
        _rewards = new NDArray(DType.Float64, Count);
        _terminations = new NDArray(DType.Bool, Count);
        _truncations = new NDArray(DType.Bool, Count);
        _isOver = new bool[Count];
        _split = new StepSplit(Count, threads);
        if (makeBatch is not null)
            _batch = BatchSteps.TryMake(_environments, autoresetMode, new(_observations.Value.AsArray(), _rewards, _terminations, _truncations, _isOver), makeBatch);
    }

    /// <summary>Makes environments and a vector of them.</summary>
    /// <param name="make">Makes one environment.</param>
    /// <param name="options">How many, and how they are reset. They are stepped on the caller's thread.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    /// <exception cref="ArgumentException">Their spaces differ.</exception>
    public static VectorEnvironment Make(Func<IEnvironment> make, VectorOptions options) => Make(make, options, threads: 1);

    /// <summary>Makes environments and a vector of them, which may step on several threads, and all of them as a batch.</summary>
    /// <param name="make">Makes one environment.</param>
    /// <param name="options">How many, and how they are reset.</param>
    /// <param name="threads">As for the constructor.</param>
    /// <param name="makeBatch">Makes the batch of the bare environments; null where there is none.</param>
    /// <param name="cancellation">Ends the making between two environments.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="ArgumentException">As for the other method.</exception>
    /// <exception cref="OperationCanceledException">The making was ended.</exception>
    internal static VectorEnvironment Make(
        Func<IEnvironment> make,
        VectorOptions options,
        int? threads,
        Func<IEnvironment[], BatchMemory, EnvironmentBatch>? makeBatch = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count, nameof(options));
        var environments = new List<IEnvironment>();
        try
        {
            while (environments.Count < options.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                environments.Add(make());
                if (environments.Count == 1)
                    ObservationBatch.RequireRoom(environments[0].ObservationSpace, options.Count);
            }
            return new VectorEnvironment(environments, options.AutoresetMode, threads, makeBatch);
        }
        catch
        {
            // What ended the making is worth more to the caller than what one of them throws here.
            _ = TryEach(environments, environment => environment.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => _environments.Length;

    /// <summary>The environments, in their order.</summary>
    /// <remarks>Shipped environments step faster together than each for itself. Whoever asks for them may call them, so from then on each is stepped for itself.</remarks>
    public IReadOnlyList<IEnvironment> Environments
    {
        get
        {
            var environments = Own;
            _batch = null;
            return environments;
        }
    }

    /// <inheritdoc/>
    public EnvironmentSpec? Spec => _environments[0].Spec;

    /// <inheritdoc/>
    public Space SingleObservationSpace => _environments[0].ObservationSpace;

    /// <inheritdoc/>
    public Space SingleActionSpace => _environments[0].ActionSpace;

    /// <inheritdoc/>
    public Space ObservationSpace => _observationSpace.Value;

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public ValueDictionary Metadata => _environments[0].Metadata;

    /// <inheritdoc/>
    public string? RenderMode => _environments[0].RenderMode;

    /// <inheritdoc/>
    public AutoresetMode AutoresetMode { get; }

    /// <inheritdoc/>
    public VectorResetResult Reset(IReadOnlyList<BigInteger?>? seeds = null, ValueDictionary? options = null)
    {
        if (seeds is not null && seeds.Count != Count)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"There are {seeds.Count} seeds for {Count} environments; give one or None for each.");
        var mask = ResetMask.Take(ref options, Count);
        if (mask is not null)
            RequireWhole();
        _infos.Clear();
        if (seeds is null && options is null or { Count: 0 } && _batch?.TryReset(mask) == true)
            return new(_observations.Value, _infos);
        _isBroken = true;
        var environments = Own;
        for (var index = 0; index < Count; index++)
        {
            if (mask is not null && !mask[index])
                continue;
            var (observation, info) = environments[index].Reset(seeds?[index], options);
            _isOver[index] = false;
            Take(index, observation, info, _infos);
        }
        _isBroken = false;
        return new(_observations.Value, _infos);
    }

    /// <inheritdoc/>
    public VectorStepResult Step(Value actions)
    {
        RequireWhole();
        var isBatch = _batch?.TryBegin(actions) == true;
        if (!isBatch)
            _each = _actions.Divide(actions);
        if (AutoresetMode == AutoresetMode.Disabled && _isOver.AsSpan().Contains(true))
            throw ResetMask.Needed(Array.IndexOf(_isOver, true));
        _infos.Clear();
        _split.Run(isBatch ? _batch! : this, _infos);
        _isBroken = false;
        return new(_observations.Value, _rewards, _terminations, _truncations, _infos);
    }

    /// <inheritdoc/>
    void IStepRange.Step(int first, int end, List<VectorInfo> infos)
    {
        var rewards = _rewards.AsSpan<double>();
        var terminations = _terminations.AsSpan<bool>();
        var truncations = _truncations.AsSpan<bool>();
        for (var index = first; index < end; index++)
        {
            // The first may still refuse, and then nothing has happened.
            if (index > 0)
                Break();
            if (_isOver[index] && AutoresetMode == AutoresetMode.NextStep)
            {
                var (observation, info) = _environments[index].Reset();
                Break();
                rewards[index] = 0;
                terminations[index] = truncations[index] = _isOver[index] = false;
                Take(index, observation, info, infos);
                continue;
            }
            var result = _environments[index].Step(_each[index]);
            Break();
            rewards[index] = result.Reward.ToDouble();
            terminations[index] = result.Terminated.IsTrue;
            truncations[index] = result.Truncated.IsTrue;
            _isOver[index] = terminations[index] || truncations[index];
            if (_isOver[index] && AutoresetMode == AutoresetMode.SameStep)
                Renew(index, result, infos);
            else
                Take(index, result.Observation, result.Info, infos);
        }
    }

    /// <inheritdoc/>
    public Value Render() => Value.Tuple([.. Own.Select(environment => environment.Render().Copy())]);

    /// <inheritdoc/>
    public void Close()
    {
        TryEach(Own, environment => environment.Close())?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _split.Dispose();
        TryEach(_environments, environment => environment.Dispose())?.Throw();
    }

    /// <summary>Whether the last step was that of a batch, and the states are there.</summary>
    internal bool IsBatched => _batch is { IsLoaded: true };

    /// <summary>On how many threads the next step is taken.</summary>
    internal int Threads => _split.Threads;

    // The environments with their states, for a call that is theirs.
    private IEnvironment[] Own
    {
        get
        {
            _batch?.Release();
            return _environments;
        }
    }

    // After an error in the midst of a step some environments have taken it and others have not.
    private void RequireWhole()
    {
        if (_isBroken)
            throw ResetMask.AllNeeded();
    }

    // Until the step's end. Read first, since all threads would write to the same place.
    private void Break()
    {
        if (!_isBroken)
            _isBroken = true;
    }

    // One that fails must not keep the others from being ended.
    private static ExceptionDispatchInfo? TryEach(IEnumerable<IEnvironment> environments, Action<IEnvironment> end)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var environment in environments)
        {
            try
            {
                end(environment);
            }
            catch (Exception failure)
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
            }
        }
        return first;
    }

    private void Renew(int index, StepResult last, List<VectorInfo> infos)
    {
        // Copies, since the reset may write into the same memory.
        infos.Add(new(index, new ValueDictionary { ["final_obs"] = last.Observation.Copy(), ["final_info"] = last.Info.Copy() }));
        var (observation, info) = _environments[index].Reset();
        _isOver[index] = false;
        Take(index, observation, info, infos);
    }

    private void Take(int index, Value observation, Value info, List<VectorInfo> infos)
    {
        _observations.Put(index, observation);
        if (info.AsDict().Count > 0)
            infos.Add(new(index, info));
    }
}
