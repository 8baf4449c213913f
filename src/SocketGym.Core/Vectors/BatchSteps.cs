using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Vectors;

/// <summary>The steps and resets of a vector through an <see cref="EnvironmentBatch"/>, with the time limit and the resets that go with them.</summary>
/// <remarks>Everything that it does not cover is left to the environments, to which the states are given back first.</remarks>
internal sealed class BatchSteps : IStepRange
{
    private readonly EnvironmentBatch _batch;
    private readonly OrderEnforcing?[] _orders;
    private readonly TimeLimit?[] _limits;
    private readonly long[] _elapsedSteps;
    private readonly long _maxEpisodeSteps;
    private readonly AutoresetMode _mode;
    private readonly BatchMemory _memory;
    private NDArray? _actions;
    private bool _isRefused;

    private BatchSteps(EnvironmentBatch batch, OrderEnforcing?[] orders, TimeLimit?[] limits, AutoresetMode mode, BatchMemory memory)
    {
        _batch = batch;
        _orders = orders;
        _limits = limits;
        _elapsedSteps = new long[limits.Length];
        _maxEpisodeSteps = limits[0]?.MaxEpisodeSteps ?? long.MaxValue;
        _mode = mode;
        _memory = memory;
    }

    /// <summary>Makes them where the environments are wrapped in nothing but a time limit and the order of calls.</summary>
    /// <param name="environments">The environments, all made in the same way.</param>
    /// <param name="mode">When an environment whose episode is over is reset.</param>
    /// <param name="memory">The vector's results.</param>
    /// <param name="make">Makes the batch of the bare environments.</param>
    /// <returns>The steps; null where there is another wrapper.</returns>
    public static BatchSteps? TryMake(IEnvironment[] environments, AutoresetMode mode, BatchMemory memory, Func<IEnvironment[], BatchMemory, EnvironmentBatch> make)
    {
        var bare = (IEnvironment[])environments.Clone();
        var limits = new TimeLimit?[bare.Length];
        var orders = new OrderEnforcing?[bare.Length];
        for (var index = 0; index < bare.Length; index++)
        {
            if (bare[index] is TimeLimit limit)
                bare[index] = (limits[index] = limit).Inner;
            if (bare[index] is OrderEnforcing order)
                bare[index] = (orders[index] = order).Inner;
            if (bare[index] is EnvironmentWrapper || limits[index]?.MaxEpisodeSteps != limits[0]?.MaxEpisodeSteps)
                return null;
        }
        return new(make(bare, memory), orders, limits, mode, memory);
    }

    /// <summary>Whether the states are here, rather than in the environments.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Prepares for a step, taking the states over; or gives them back.</summary>
    /// <param name="actions">The actions.</param>
    /// <returns>Whether the step can be taken here.</returns>
    public bool TryBegin(Value actions)
    {
        if (!_isRefused && actions.Kind == ValueKind.Array && _batch.Accepts(actions.AsArray()))
        {
            if (TryLoad())
            {
                _actions = actions.AsArray();
                return true;
            }
            // Such as different parameters, which only a call of the environments changes.
            _isRefused = true;
        }
        GiveBack();
        return false;
    }

    /// <summary>Gives the states back to the environments, if they are here, for somebody who calls them.</summary>
    public void Release()
    {
        _isRefused = false;
        GiveBack();
    }

    /// <summary>Resets environments without seeds and options, if the states are here.</summary>
    /// <param name="mask">Which ones; null for all.</param>
    /// <returns>Whether they are; else nothing was done.</returns>
    public bool TryReset(bool[]? mask)
    {
        if (!IsLoaded)
            return false;
        for (var index = 0; index < _limits.Length; index++)
        {
            if (mask is null || mask[index])
                Reset(index);
        }
        return true;
    }

    /// <inheritdoc/>
    public void Step(int first, int end, List<VectorInfo> infos)
    {
        _batch.Step(first, end, _actions!, _memory.IsOver);
        var count = end - first;
        var isOver = _memory.IsOver.AsSpan(first, count);
        var elapsedSteps = _elapsedSteps.AsSpan(first, count);
        var terminations = _memory.Terminations.AsSpan<bool>().Slice(first, count);
        var truncations = _memory.Truncations.AsSpan<bool>().Slice(first, count);
        for (var index = 0; index < count; index++)
        {
            if (isOver[index] && _mode == AutoresetMode.NextStep)
            {
                Reset(first + index);
                _memory.Rewards.AsSpan<double>()[first + index] = 0;
                terminations[index] = truncations[index] = false;
                continue;
            }
            var isTruncated = ++elapsedSteps[index] >= _maxEpisodeSteps;
            truncations[index] = isTruncated;
            isOver[index] = terminations[index] | isTruncated;
            if (isOver[index] && _mode == AutoresetMode.SameStep)
                Renew(first + index, infos);
        }
    }

    private void GiveBack()
    {
        if (!IsLoaded)
            return;
        IsLoaded = false;
        _batch.Store();
        for (var index = 0; index < _limits.Length; index++)
        {
            if (_limits[index] is { } limit)
                limit.ElapsedSteps = _elapsedSteps[index];
        }
    }

    private void Renew(int index, List<VectorInfo> infos)
    {
        infos.Add(new(index, new ValueDictionary { ["final_obs"] = CopyObservation(index), ["final_info"] = new ValueDictionary() }));
        Reset(index);
    }

    private void Reset(int index)
    {
        _batch.Reset(index);
        _elapsedSteps[index] = 0;
        _memory.IsOver[index] = false;
    }

    private NDArray CopyObservation(int index)
    {
        var all = _memory.Observations;
        var size = all.Bytes.Length / _limits.Length;
        return new NDArray(all.DType, all.Shape[1..], all.Bytes.Slice(index * size, size).ToArray());
    }

    private bool TryLoad()
    {
        if (IsLoaded)
            return true;
        foreach (var order in _orders)
        {
            if (order is { HasReset: false })
                return false;
        }
        if (!_batch.TryLoad())
            return false;
        for (var index = 0; index < _limits.Length; index++)
            _elapsedSteps[index] = _limits[index]?.ElapsedSteps ?? 0;
        return IsLoaded = true;
    }
}
