using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>An int8 array of zeros and ones.</summary>
public sealed class MultiBinary : Space
{
    private readonly ImmutableArray<int> _shape;

    /// <summary>Makes a one-dimensional space, whose <c>n</c> is an int in Gymnasium.</summary>
    /// <param name="n">How many elements; positive.</param>
    /// <exception cref="ArgumentException">n is not positive.</exception>
    public MultiBinary(int n)
        : this([n]) => IsFlat = true;

    /// <summary>Makes a space of any shape, whose <c>n</c> is a tuple in Gymnasium.</summary>
    /// <param name="shape">The shape; every dimension positive.</param>
    /// <exception cref="ArgumentException">A dimension is not positive.</exception>
    public MultiBinary(ImmutableArray<int> shape)
    {
        if (shape.IsDefault || shape.Any(dimension => dimension <= 0))
            throw new ArgumentException($"The shape is {(shape.IsDefault ? "null" : ArrayText.Format(shape.AsSpan()))}; every dimension of a MultiBinary must be positive.", nameof(shape));
        _shape = shape;
    }

    /// <summary>Whether <c>n</c> was given as one int.</summary>
    public bool IsFlat { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => _shape;

    /// <inheritdoc/>
    public override DType? DType => Values.DType.Int8;

    /// <inheritdoc/>
    /// <remarks>The dtype is free: 0.0 and 1.0 are zeros and ones too. Times and floats of more than 64 bits are not contained, while Gymnasium compares them as well.</remarks>
    public override bool Contains(Value value)
    {
        var array = value.Kind switch
        {
            ValueKind.Array => value.AsArray(),
            ValueKind.List or ValueKind.Tuple or ValueKind.Graph or ValueKind.ByteArray or ValueKind.ObjectArray => ArrayConversion.TryConvert(value, Values.DType.Float64),
            _ => null,
        };
        if (array is null || !array.Shape.SequenceEqual(_shape.AsSpan()))
            return false;
        if (array.DType.Kind == 'c')
            return AreZerosAndOnes(PartsOf(array), numberSize: 2);
        return AreZerosAndOnes(array, numberSize: 1);
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is MultiBinary binary
        && IsFlat == binary.IsFlat && _shape.AsSpan().SequenceEqual(binary._shape.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_shape.Length, _shape.FirstOrDefault());

    /// <inheritdoc/>
    public override string ToString() => $"MultiBinary({(IsFlat ? _shape[0] : ArrayText.Format(_shape.AsSpan()))})";

    // A complex number is a real part that counts, and an imaginary one that must be zero.
    private static NDArray PartsOf(NDArray array)
    {
        var type = Values.DType.Parse($"{array.DType.ByteOrder}f{array.DType.ItemSize / 2}");
        return new NDArray(type, [checked((int)(2 * array.Count))], array.Data);
    }

    private static bool AreZerosAndOnes(NDArray array, int numberSize)
    {
        if (!Number.Supports(array.DType))
            return false;
        for (var index = 0L; index < array.Count; index++)
        {
            var number = Number.Read(array, index).ToDouble;
            if (number != 0 && (number != 1 || index % numberSize != 0))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        var element = new NDArray(Values.DType.Int8, _shape.AsSpan());
        var bits = element.AsSpan<sbyte>();
        if (!probability.IsNone)
        {
            var probabilities = SampleMask.Probabilities(probability, _shape.AsSpan());
            for (var index = 0; index < bits.Length; index++)
                bits[index] = (sbyte)(NpRandom.Random() <= probabilities[index] ? 1 : 0);
            return element;
        }
        var flags = mask.IsNone ? default : SampleMask.Flags(mask, _shape.AsSpan(), largest: 2);
        NpRandom.Integers(bits, 0, 2);
        for (var index = 0; index < flags.Length; index++)
        {
            // 2 leaves the element to chance.
            if (flags[index] != 2)
                bits[index] = flags[index];
        }
        return element;
    }
}
