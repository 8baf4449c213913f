using System.Globalization;
using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>
/// Puts an episode's return, length and seconds into the <c>info</c> of its last step, as Gymnasium's <c>RecordEpisodeStatistics</c> does:
/// <c>info["episode"] = {"r": ..., "l": ..., "t": ...}</c>.
/// </summary>
/// <remarks>The return is a <c>float</c>, or a <c>np.float64</c> where a reward was a NumPy scalar. Only an episode's last step allocates.</remarks>
public sealed class RecordEpisodeStatistics : EnvironmentWrapper
{
    private const int Decimals = 6;

    private readonly int _bufferLength;
    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly Queue<double> _returns = new();
    private readonly Queue<long> _lengths = new();
    private readonly Queue<double> _times = new();
    private long _start;
    private double _return;
    private bool _isScalar;
    private long _length;

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment; closed with the wrapper.</param>
    /// <param name="bufferLength">How many of the last episodes the queues remember.</param>
    /// <param name="key">The key in <c>info</c>.</param>
    /// <param name="clock">Tells the time; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of episodes is not positive.</exception>
    public RecordEpisodeStatistics(IEnvironment inner, int bufferLength = 100, string key = "episode", TimeProvider? clock = null)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bufferLength);
        ArgumentNullException.ThrowIfNull(key);
        _bufferLength = bufferLength;
        _key = key;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>How many episodes have ended.</summary>
    public int EpisodeCount { get; private set; }

    /// <summary>The returns of the last episodes, oldest first.</summary>
    public IReadOnlyCollection<double> Returns => _returns;

    /// <summary>The lengths in steps of the last episodes, oldest first.</summary>
    public IReadOnlyCollection<long> Lengths => _lengths;

    /// <summary>The seconds that the last episodes took, oldest first.</summary>
    public IReadOnlyCollection<double> Times => _times;

    /// <inheritdoc/>
    public override ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        var result = Inner.Reset(seed, options);
        _start = _clock.GetTimestamp();
        (_return, _isScalar, _length) = (0, false, 0);
        return result;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The reward is no real number, or the environment uses the key itself.</exception>
    public override StepResult Step(Value action)
    {
        var result = Inner.Step(action);
        _return += result.Reward.ToDouble();
        _isScalar |= result.Reward.Kind == ValueKind.Scalar;
        _length++;
        return result.Terminated.IsTrue || result.Truncated.IsTrue ? result with { Info = Record(result.Info.AsDict()) } : result;
    }

    /// <inheritdoc/>
    /// <remarks>The episode so far; the time that it took is measured from when it is restored.</remarks>
    protected override Value SaveState() => Value.Tuple(_return, _isScalar, _length);

    /// <inheritdoc/>
    protected override void RestoreState(Value state)
    {
        var parts = state.AsItems();
        (_return, _isScalar, _length) = (parts[0].AsDouble(), parts[1].AsBool(), parts[2].AsInt64());
        _start = _clock.GetTimestamp();
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new RecordEpisodeStatistics(inner, _bufferLength, _key, _clock);

    private ValueDictionary Record(ValueDictionary info)
    {
        if (info.TryGetValue(_key, out _))
            throw new InvalidOperationException($"The environment's info has '{_key}' already; give RecordEpisodeStatistics another key.");
        var time = RoundTime(_clock.GetElapsedTime(_start).TotalSeconds);
        Remember(_times, time);
        Remember(_returns, _return);
        Remember(_lengths, _length);
        EpisodeCount++;
        _start = _clock.GetTimestamp();
        // The environment's own dictionary may be one that it gives again.
        var extended = new ValueDictionary();
        foreach (var (key, value) in info)
            extended.Add(key, value);
        extended[_key] = new ValueDictionary { ["r"] = _isScalar ? Value.Scalar(_return) : _return, ["l"] = _length, ["t"] = time };
        return extended;
    }

    private void Remember<T>(Queue<T> queue, T item)
    {
        if (queue.Count == _bufferLength)
            queue.Dequeue();
        queue.Enqueue(item);
    }

    // Python's round: to the nearest decimal, and then to the nearest double.
    private static double RoundTime(double seconds) =>
        double.Parse(decimal.Round((decimal)seconds, Decimals).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
