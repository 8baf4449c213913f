using SocketGym.Core.Seeding;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Draws elements of a Box, with the bounds as doubles worked out once.</summary>
internal sealed class BoxSampler
{
    private readonly Box _box;
    private readonly DType _type;
    private readonly double[] _low;
    private readonly double[] _high;

    /// <summary>Prepares sampling.</summary>
    /// <exception cref="NotSupportedException">The dtype has no counterpart in C#.</exception>
    public BoxSampler(Box box)
    {
        _box = box;
        _type = box.Low.DType;
        _low = new double[box.Low.Count];
        _high = new double[box.Low.Count];
        for (var index = 0; index < _low.Length; index++)
        {
            _low[index] = Number.Read(box.Low, index).ToDouble;
            var high = Number.Read(box.High, index);
            // An integer is the floor of a double below the bound plus one, which is taken as int64 and may wrap around.
            _high[index] = _type.Kind == 'f' ? high.ToDouble : unchecked((long)high.ToInteger() + 1);
        }
    }

    /// <summary>Draws an element: normal where there is no bound, exponential from the only bound, uniform between two.</summary>
    /// <exception cref="ArgumentException">Two bounds are further apart than a double tells, or a uint64's upper one is 2^63 or more.</exception>
    public Value Draw(Generator random)
    {
        var (below, above) = (_box.BoundedBelow, _box.BoundedAbove);
        var sample = new double[_low.Length];
        // NumPy draws all of one kind before the next.
        for (var index = 0; index < sample.Length; index++)
        {
            if (!below[index] && !above[index])
                sample[index] = random.Normal();
        }
        for (var index = 0; index < sample.Length; index++)
        {
            if (below[index] && !above[index])
                sample[index] = random.Exponential() + _low[index];
        }
        for (var index = 0; index < sample.Length; index++)
        {
            if (!below[index] && above[index])
                sample[index] = -random.Exponential() + _high[index];
        }
        DrawUniform(random, sample);
        var result = Cast(sample);
        // NumPy's floor turns an array of no dimensions into a scalar.
        return _type.Kind != 'f' && result.Shape.IsEmpty ? Number.ScalarOf(result) : result;
    }

    private void DrawUniform(Generator random, double[] sample)
    {
        var bounded = new List<int>(sample.Length);
        for (var index = 0; index < sample.Length; index++)
        {
            if (_box.BoundedBelow[index] && _box.BoundedAbove[index])
                bounded.Add(index);
        }
        if (bounded.Count == sample.Length)
        {
            random.Uniform(sample, _low, _high);
            return;
        }
        var drawn = new double[bounded.Count];
        random.Uniform(drawn, [.. bounded.Select(index => _low[index])], [.. bounded.Select(index => _high[index])]);
        for (var index = 0; index < drawn.Length; index++)
            sample[bounded[index]] = drawn[index];
    }

    private NDArray Cast(double[] sample)
    {
        var result = new NDArray(_type, _box.Low.Shape);
        // Gymnasium keeps signed integers two away from the ends of their dtype.
        var (smallest, largest) = _type.Kind == 'f' ? default : Number.Limits(_type);
        var margin = _type.Kind == 'i' ? 2 : 0;
        var (least, most) = ((double)(smallest + margin), (double)(largest - margin));
        for (var index = 0; index < sample.Length; index++)
        {
            Number number = sample[index];
            if (_type.Kind != 'f')
                number = Math.Floor(sample[index]);
            if (_type.Kind is 'i' or 'u')
                number = Math.Min(Math.Max(number.ToDouble, least), most);
            number.Write(result, index);
        }
        if (_type.Equals(DType.Int64))
            ClampToBounds(result.AsSpan<long>(), _box.Low.AsSpan<long>(), _box.High.AsSpan<long>());
        return result;
    }

    // Doubles tell int64 apart only up to 2^53, so the cast may have left the bounds.
    private static void ClampToBounds(Span<long> sample, ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        for (var index = 0; index < sample.Length; index++)
            sample[index] = Math.Min(Math.Max(sample[index], low[index]), high[index]);
    }
}
