using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Client.Internal;

/// <summary>What a vector of several servers has beyond one of a single server: actions divided, replies joined, and no server stepped where another would refuse.</summary>
internal sealed class VectorJoin
{
    private readonly VectorParts _parts;
    private readonly DividedBatch _actions;
    private readonly JoinedBatch _observations;
    private readonly NDArray _rewards;
    private readonly NDArray _terminations;
    private readonly NDArray _truncations;
    private bool _isBroken;

    public VectorJoin(VectorParts parts, Space observation, Space action)
    {
        _parts = parts;
        var counts = parts.All.ToArray().Select(part => part.Count).ToArray();
        var count = counts.Sum();
        _actions = new DividedBatch(action, counts);
        _observations = new JoinedBatch(observation, count);
        var joined = _observations.Value;
        foreach (var part in parts.All)
            part.Joined = joined.Kind == ValueKind.Array ? joined.AsArray() : null;
        _rewards = new NDArray(DType.Float64, count);
        _terminations = new NDArray(DType.Bool, count);
        _truncations = new NDArray(DType.Bool, count);
    }

    /// <summary>Divides a batch of actions among the servers.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/>; <see cref="ErrorCode.ResetNeeded"/> where the vector resets none and an episode is over.</exception>
    public ReadOnlySpan<Value> Divide(Value actions, AutoresetMode mode)
    {
        RequireWhole();
        var each = _actions.Divide(actions);
        if (mode != AutoresetMode.Disabled)
            return each;
        // None is -1, which is no smaller than any index without its sign.
        var over = Math.Min((uint)_terminations.AsSpan<bool>().IndexOf(true), (uint)_truncations.AsSpan<bool>().IndexOf(true));
        return over < uint.MaxValue ? throw ResetMask.Needed((int)over) : each;
    }

    /// <summary>After an error of some servers the others may have taken a step: then all have to be reset.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ResetNeeded"/>.</exception>
    public void RequireWhole()
    {
        if (_isBroken)
            throw ResetMask.AllNeeded();
    }

    /// <summary>Takes note that the last step or reset failed.</summary>
    public void Fail() => _isBroken |= _parts.IsHalfDone;

    public VectorStepResult JoinSteps()
    {
        foreach (var part in _parts.All)
        {
            if (!part.IsJoined)
                Put(part, part.Step.Observations);
            part.Step.Rewards.Bytes.CopyTo(_rewards.Bytes[(part.First * sizeof(double))..]);
            part.Step.Terminations.Bytes.CopyTo(_terminations.Bytes[part.First..]);
            part.Step.Truncations.Bytes.CopyTo(_truncations.Bytes[part.First..]);
        }
        return new(_observations.Value, _rewards, _terminations, _truncations, _parts.Infos);
    }

    /// <param name="mask">Which environments were reset; null for all.</param>
    public VectorResetResult JoinResets(bool[]? mask)
    {
        foreach (var part in _parts.All)
        {
            if (part.IsAsked)
                Put(part, part.Reset.Observations);
        }
        var terminations = _terminations.Bytes;
        var truncations = _truncations.Bytes;
        for (var index = 0; index < terminations.Length; index++)
        {
            if (mask is null || mask[index])
                terminations[index] = truncations[index] = 0;
        }
        _isBroken = false;
        return new(_observations.Value, _parts.Infos);
    }

    private void Put(VectorPart part, Value observations)
    {
        if (!_observations.TryPut(part.First, part.Count, observations))
            throw _parts.End(part, new SocketGymException(ErrorCode.MalformedMessage, $"The observations are {observations}, which is no batch of {part.Count}."));
    }
}
