using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>Environments that are stepped one after the other on the caller's thread: Gymnasium's <c>SyncVectorEnv</c>, and equal to it in all three modes of resetting.</summary>
/// <remarks>
/// Owns its environments and closes them. Not thread-safe. A step allocates nothing where the observations are arrays or numbers, the actions an array, the infos empty and the
/// environments allocate nothing.
/// </remarks>
public sealed partial class VectorEnvironment : IVectorEnvironment, IInterruptible, IReportingEnvironment
{
    private const string ResetMask = "reset_mask";

    private readonly IEnvironment[] _environments;
    private readonly ObservationBatch _observations;
    private readonly ActionBatch _actions;
    private readonly NDArray _rewards;
    private readonly NDArray _terminations;
    private readonly NDArray _truncations;
    private readonly bool[] _isOver;
    private readonly List<VectorInfo> _infos = [];
    private bool _isBroken;

    /// <summary>Makes a vector.</summary>
    /// <param name="environments">At least one; all with equal spaces. Owned.</param>
    /// <param name="autoresetMode">When an environment whose episode is over is reset.</param>
    /// <exception cref="ArgumentException">There is none, or their spaces differ.</exception>
    public VectorEnvironment(IEnumerable<IEnvironment> environments, AutoresetMode autoresetMode = AutoresetMode.NextStep)
    {
        ArgumentNullException.ThrowIfNull(environments);
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
        ObservationSpace = SpaceBatching.Batch(SingleObservationSpace, Count);
        ActionSpace = SpaceBatching.Batch(SingleActionSpace, Count);
        _observations = ObservationBatch.Of(SingleObservationSpace, Count);
        _actions = new ActionBatch(SingleActionSpace, ActionSpace, Count);
        _rewards = new NDArray(DType.Float64, Count);
        _terminations = new NDArray(DType.Bool, Count);
        _truncations = new NDArray(DType.Bool, Count);
        _isOver = new bool[Count];
    }

    /// <summary>Makes environments and a vector of them.</summary>
    /// <param name="make">Makes one environment.</param>
    /// <param name="options">How many, and how they are reset. They are stepped on the caller's thread.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    /// <exception cref="ArgumentException">Their spaces differ.</exception>
    public static VectorEnvironment Make(Func<IEnvironment> make, VectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count, nameof(options));
        var environments = new List<IEnvironment>();
        try
        {
            while (environments.Count < options.Count)
                environments.Add(make());
            return new VectorEnvironment(environments, options.AutoresetMode);
        }
        catch
        {
            environments.ForEach(environment => environment.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => _environments.Length;

    /// <summary>The environments, in their order.</summary>
    public IReadOnlyList<IEnvironment> Environments => _environments;

    /// <inheritdoc/>
    public EnvironmentSpec? Spec => _environments[0].Spec;

    /// <inheritdoc/>
    public Space SingleObservationSpace => _environments[0].ObservationSpace;

    /// <inheritdoc/>
    public Space SingleActionSpace => _environments[0].ActionSpace;

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

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
        var mask = TakeMask(ref options);
        if (mask is not null)
            RequireWhole();
        _isBroken = true;
        _infos.Clear();
        for (var index = 0; index < Count; index++)
        {
            if (mask is not null && !mask[index])
                continue;
            var (observation, info) = _environments[index].Reset(seeds?[index], options);
            _observations.Put(index, observation);
            _isOver[index] = false;
            Add(index, info);
        }
        _isBroken = false;
        return new(_observations.Value, _infos);
    }

    /// <inheritdoc/>
    public VectorStepResult Step(Value actions)
    {
        RequireWhole();
        var each = _actions.Divide(actions);
        if (AutoresetMode == AutoresetMode.Disabled && _isOver.AsSpan().Contains(true))
        {
            throw new SocketGymException(
                ErrorCode.ResetNeeded, $"The episode of environment {Array.IndexOf(_isOver, true)} is over, and the vector resets none; reset with the option '{ResetMask}'.")
            {
                RemoteType = "AssertionError",
            };
        }
        _infos.Clear();
        var rewards = _rewards.AsSpan<double>();
        var terminations = _terminations.AsSpan<bool>();
        var truncations = _truncations.AsSpan<bool>();
        for (var index = 0; index < Count; index++)
        {
            _isBroken = index > 0;
            if (_isOver[index] && AutoresetMode == AutoresetMode.NextStep)
            {
                var (first, info) = _environments[index].Reset();
                _observations.Put(index, first);
                rewards[index] = 0;
                terminations[index] = truncations[index] = _isOver[index] = false;
                Add(index, info);
                continue;
            }
            var result = _environments[index].Step(each[index]);
            rewards[index] = result.Reward.ToDouble();
            terminations[index] = result.Terminated.IsTrue;
            truncations[index] = result.Truncated.IsTrue;
            _isOver[index] = terminations[index] || truncations[index];
            if (_isOver[index] && AutoresetMode == AutoresetMode.SameStep)
                Renew(index, result);
            else
                Take(index, result.Observation, result.Info);
        }
        _isBroken = false;
        return new(_observations.Value, _rewards, _terminations, _truncations, _infos);
    }

    /// <inheritdoc/>
    public Value Render() => Value.Tuple([.. _environments.Select(environment => environment.Render().Copy())]);

    /// <inheritdoc/>
    public void Close()
    {
        foreach (var environment in _environments)
            environment.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var environment in _environments)
            environment.Dispose();
    }

    // After an error in the midst of a step some environments have taken it and others have not.
    private void RequireWhole()
    {
        if (_isBroken)
            throw new SocketGymException(ErrorCode.ResetNeeded, "An error ended the last step or reset before every environment had taken it; reset them all.");
    }

    private void Renew(int index, StepResult last)
    {
        // Copies, since the reset may write into the same memory.
        Add(index, new ValueDictionary { ["final_obs"] = last.Observation.Copy(), ["final_info"] = last.Info.Copy() });
        var (observation, info) = _environments[index].Reset();
        Take(index, observation, info);
    }

    private void Take(int index, Value observation, Value info)
    {
        _observations.Put(index, observation);
        Add(index, info);
    }

    private void Add(int index, Value info)
    {
        if (info.AsDict().Count > 0)
            _infos.Add(new(index, info));
    }

    private bool[]? TakeMask(ref ValueDictionary? options)
    {
        if (options is null || !options.TryGetValue(ResetMask, out var given))
            return null;
        var rest = new ValueDictionary();
        foreach (var (key, value) in options)
        {
            if (!key.Equals(ResetMask))
                rest.Add(key, value);
        }
        options = rest;
        if (given.Kind != ValueKind.Array || !given.AsArray().DType.Equals(DType.Bool) || !given.AsArray().Shape.SequenceEqual([Count]))
            throw new SocketGymException(ErrorCode.InvalidArgument, $"{ResetMask} is {given} ({ValueText.TypeName(given)}); it must be an array of {Count} bool.");
        var mask = given.AsArray().AsSpan<bool>().ToArray();
        return mask.Contains(true)
            ? mask
            : throw new SocketGymException(ErrorCode.InvalidArgument, $"{ResetMask} names no environment; leave it out to reset all.");
    }
}
