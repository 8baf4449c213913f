using SocketGym.Core.Seeding;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Masks and probabilities for sampling: their checks, and one choice among numbered elements.</summary>
internal static class SampleMask
{
    /// <summary>A mask of int8, checked.</summary>
    /// <exception cref="ArgumentException">It is no array of that dtype and shape, or has a value beyond <paramref name="largest"/>.</exception>
    public static ReadOnlySpan<sbyte> Flags(Value mask, ReadOnlySpan<int> shape, int largest = 1)
    {
        var flags = Expect(mask, DType.Int8, shape, "mask").AsSpan<sbyte>();
        foreach (var flag in flags)
        {
            if (flag < 0 || flag > largest)
                throw new ArgumentException($"A value of the mask is {flag}; it must be from 0 to {largest}.", nameof(mask));
        }
        return flags;
    }

    /// <summary>Probabilities of float64, checked to lie between 0 and 1.</summary>
    /// <exception cref="ArgumentException">They are no array of that dtype and shape, or one is out of range.</exception>
    public static ReadOnlySpan<double> Probabilities(Value probability, ReadOnlySpan<int> shape)
    {
        var values = Expect(probability, DType.Float64, shape, "probability").AsSpan<double>();
        foreach (var value in values)
        {
            if (!(value >= 0 && value <= 1))
                throw new ArgumentException($"A probability is {value}; it must lie between 0 and 1.", nameof(probability));
        }
        return values;
    }

    /// <summary>Checks a sum of probabilities as <c>np.isclose</c> does, and gives it.</summary>
    /// <exception cref="ArgumentException">It is not close to 1.</exception>
    public static double CheckedSum(ReadOnlySpan<double> probabilities)
    {
        var sum = PairwiseSum(probabilities);
        return Math.Abs(sum - 1) <= 1e-8 + 1e-5
            ? sum
            : throw new ArgumentException($"The probabilities have sum {sum}; it must be 1.", nameof(probabilities));
    }

    /// <summary>Draws the index of one of the flags that are set; null, and nothing drawn, where none is.</summary>
    public static long? Choose(Generator random, ReadOnlySpan<sbyte> flags)
    {
        var count = flags.Count((sbyte)1);
        if (count == 0)
            return null;
        var rank = random.ChoiceIndex(count);
        var index = 0;
        while (flags[index] == 0 || rank-- > 0)
            index++;
        return index;
    }

    /// <summary>NumPy's sum of doubles, which adds blocks of up to 128 numbers in eight interleaved parts.</summary>
    public static double PairwiseSum(ReadOnlySpan<double> numbers)
    {
        if (numbers.Length < 8)
        {
            var sum = 0.0;
            foreach (var number in numbers)
                sum += number;
            return sum;
        }
        if (numbers.Length > 128)
        {
            var half = numbers.Length / 2;
            half -= half % 8;
            return PairwiseSum(numbers[..half]) + PairwiseSum(numbers[half..]);
        }
        Span<double> parts = stackalloc double[8];
        numbers[..8].CopyTo(parts);
        var whole = numbers.Length - (numbers.Length % 8);
        for (var index = 8; index < whole; index++)
            parts[index % 8] += numbers[index];
        var total = (parts[0] + parts[1] + (parts[2] + parts[3])) + (parts[4] + parts[5] + (parts[6] + parts[7]));
        foreach (var number in numbers[whole..])
            total += number;
        return total;
    }

    /// <summary>The parts of a tuple of masks or probabilities.</summary>
    /// <exception cref="ArgumentException">It is no tuple, or of another length.</exception>
    public static ReadOnlySpan<Value> Parts(Value mask, int length)
    {
        if (!Iteration.TryTuple(mask, out var parts) || parts.Length != length)
            throw new ArgumentException($"The mask or probability is {ValueText.TypeName(mask)} {mask}; it must be a tuple of length {length}.", nameof(mask));
        return parts;
    }

    private static NDArray Expect(Value mask, DType type, ReadOnlySpan<int> shape, string name)
    {
        if (mask.Kind == ValueKind.Array && mask.AsArray().DType.Equals(type) && mask.AsArray().Shape.SequenceEqual(shape))
            return mask.AsArray();
        throw new ArgumentException($"The {name} is {ValueText.TypeName(mask)} {mask}; it must be an array of {type} with shape ({string.Join(", ", shape.ToArray())}).", nameof(mask));
    }
}
