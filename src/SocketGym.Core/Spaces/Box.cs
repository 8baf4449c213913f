using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>A box in R^n: an array whose every element has its own bounds, each of which may be missing.</summary>
/// <remarks>
/// A Box of <c>float128</c> can be made and compared, but neither answers <see cref="Contains"/> nor gives samples
/// (<see cref="NotSupportedException"/>): C# has no such type.
/// </remarks>
public sealed class Box : Space
{
    private readonly DType _type;
    private BoxSampler? _sampler;

    /// <summary>Makes a box with bounds per element.</summary>
    /// <param name="low">Lower bounds, inclusive; its shape and dtype are the box's. Copied.</param>
    /// <param name="high">Upper bounds, inclusive; same shape and dtype. Copied.</param>
    /// <param name="boundedBelow">Per element, whether there is a lower bound; null derives it: not minus infinity.</param>
    /// <param name="boundedAbove">Per element, whether there is an upper bound; null derives it: not infinity.</param>
    /// <exception cref="ArgumentException">Shapes or dtypes differ, the dtype is no boolean, integer or float, a bound is NaN, or a lower bound lies above its upper one.</exception>
    public Box(NDArray low, NDArray high, bool[]? boundedBelow = null, bool[]? boundedAbove = null)
    {
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (!low.DType.Equals(high.DType) || !low.Shape.SequenceEqual(high.Shape))
            throw new ArgumentException($"low is {low} and high is {high}; a Box needs the same shape and dtype for both.", nameof(high));
        if (low.DType.Kind is not ('b' or 'i' or 'u' or 'f'))
            throw new ArgumentException($"The dtype is {low.DType}; a Box needs a boolean, integer or float dtype.", nameof(low));
        _type = low.DType;
        Low = low.Copy();
        High = high.Copy();
        BoundedBelow = [.. boundedBelow ?? BoundsOf(low, double.NegativeInfinity, nameof(low))];
        BoundedAbove = [.. boundedAbove ?? BoundsOf(high, double.PositiveInfinity, nameof(high))];
        if (BoundedBelow.Length != low.Count || BoundedAbove.Length != low.Count)
            throw new ArgumentException($"There are {BoundedBelow.Length} and {BoundedAbove.Length} flags for {low.Count} elements; give one for each.", nameof(boundedBelow));
        CheckOrder();
    }

    /// <summary>Makes a box with the same bounds for every element.</summary>
    /// <param name="low">The lower bound, inclusive; minus infinity for none. Integer dtypes drop its fraction.</param>
    /// <param name="high">The upper bound, inclusive; infinity for none. Integer dtypes drop its fraction.</param>
    /// <param name="shape">The shape; empty for one number.</param>
    /// <param name="dtype">A boolean, integer or float dtype of up to 64 bits; float32 by default.</param>
    /// <exception cref="ArgumentException">low is above high, a bound is NaN or out of the dtype's range, or infinite for an unsigned dtype, or a dimension is negative, or the dtype is another.</exception>
    public Box(double low, double high, ImmutableArray<int> shape, DType? dtype = null)
        : this(
            Full(low, double.NegativeInfinity, shape, dtype ?? Values.DType.Float32, nameof(low)),
            Full(high, double.PositiveInfinity, shape, dtype ?? Values.DType.Float32, nameof(high)),
            [.. Enumerable.Repeat(low > double.NegativeInfinity, (int)NDArray.CountOf(shape.AsSpan()))],
            [.. Enumerable.Repeat(high < double.PositiveInfinity, (int)NDArray.CountOf(shape.AsSpan()))])
    {
    }

    /// <summary>Lower bounds, inclusive; an unbounded integer element has its dtype's smallest value.</summary>
    public NDArray Low { get; }

    /// <summary>Upper bounds, inclusive; an unbounded integer element has its dtype's largest value.</summary>
    public NDArray High { get; }

    /// <summary>Per element in C order, whether there is a lower bound.</summary>
    public ImmutableArray<bool> BoundedBelow { get; }

    /// <summary>Per element in C order, whether there is an upper bound.</summary>
    public ImmutableArray<bool> BoundedAbove { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => [.. Low.Shape];

    /// <inheritdoc/>
    public override DType? DType => _type;

    /// <inheritdoc/>
    /// <remarks>
    /// An array must have the shape, and a dtype that NumPy casts safely. Anything else is converted first, as <c>np.asarray</c> converts
    /// numbers, lists and tuples: floats lose their fraction for an integer dtype. Text, <c>None</c>, complex numbers and times, of which NumPy
    /// converts some, are not contained; nor, for an integer dtype, are NaN and an <c>int</c> beyond it, which NumPy 1 turns into other numbers with a warning.
    /// </remarks>
    public override bool Contains(Value value)
    {
        if (value.Kind == ValueKind.ObjectArray)
            return false;
        Number.ThrowUnlessSupported(_type);
        NDArray? array;
        if (value.Kind == ValueKind.Array)
        {
            array = value.AsArray();
            if (!Number.CanCast(array.DType, _type) || !array.Shape.SequenceEqual(Low.Shape))
                return false;
            if (!array.DType.Equals(_type))
                array = Number.Cast(array, _type);
        }
        else
        {
            array = ArrayConversion.TryConvert(value, _type);
        }
        return array is not null && array.Shape.SequenceEqual(Low.Shape) && IsWithin(array);
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is Box box && _type.Equals(box._type) && Low.Shape.SequenceEqual(box.Low.Shape)
        && AreClose(Low, box.Low) && AreClose(High, box.High);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_type, Low.Count);

    /// <inheritdoc/>
    public override string ToString() =>
        $"Box({ArrayText.Short(Low)}, {ArrayText.Short(High)}, {ArrayText.Format(Low.Shape)}, {ArrayText.NameOf(_type)})";

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        if (!mask.IsNone || !probability.IsNone)
            throw new ArgumentException($"The mask is {mask} and the probability is {probability}; a Box takes neither.", nameof(mask));
        return (_sampler ??= new BoxSampler(this)).Draw(NpRandom);
    }

    private void CheckOrder()
    {
        for (var index = 0L; index < Low.Count && Number.Supports(_type); index++)
        {
            if (Number.Read(Low, index).CompareTo(Number.Read(High, index)) > 0)
                throw new ArgumentException($"low is {ArrayText.Short(Low)} and high is {ArrayText.Short(High)}; no lower bound may lie above its upper one.", "low");
        }
    }

    private bool IsWithin(NDArray array) => _type.Descriptor switch
    {
        "|b1" or "|u1" => IsWithin<byte>(array),
        "|i1" => IsWithin<sbyte>(array),
        "<i2" => IsWithin<short>(array),
        "<u2" => IsWithin<ushort>(array),
        "<i4" => IsWithin<int>(array),
        "<u4" => IsWithin<uint>(array),
        "<i8" => IsWithin<long>(array),
        "<u8" => IsWithin<ulong>(array),
        "<f2" => IsWithin<Half>(array),
        "<f4" => IsWithin<float>(array),
        "<f8" => IsWithin<double>(array),
        _ => new Box(ToNative(Low), ToNative(High)).IsWithin(ToNative(array)),
    };

    private bool IsWithin<T>(NDArray array)
        where T : unmanaged, IComparisonOperators<T, T, bool>
    {
        var elements = MemoryMarshal.Cast<byte, T>(array.Bytes);
        var low = MemoryMarshal.Cast<byte, T>(Low.Bytes);
        var high = MemoryMarshal.Cast<byte, T>(High.Bytes);
        for (var index = 0; index < elements.Length; index++)
        {
            if (!(elements[index] >= low[index] && elements[index] <= high[index]))
                return false;
        }
        return true;
    }

    private static NDArray ToNative(NDArray array) => Number.Cast(array, Number.Native(array.DType));

    // np.allclose with its default tolerances.
    private static bool AreClose(NDArray left, NDArray right)
    {
        if (!Number.Supports(left.DType))
            return left.Equals(right);
        for (var index = 0L; index < left.Count; index++)
        {
            var (a, b) = (Number.Read(left, index).ToDouble, Number.Read(right, index).ToDouble);
            if (a != b && !(Math.Abs(a - b) <= 1e-8 + (1e-5 * Math.Abs(b)) && double.IsFinite(b)))
                return false;
        }
        return true;
    }

    private static bool[] BoundsOf(NDArray bounds, double infinity, string name)
    {
        var bounded = new bool[bounds.Count];
        for (var index = 0; index < bounded.Length; index++)
        {
            var bound = bounds.DType.Kind == 'f' && Number.Supports(bounds.DType) ? Number.Read(bounds, index).ToDouble : 0;
            if (double.IsNaN(bound))
                throw new ArgumentException($"A bound in {name} is NaN; every bound of a Box must be a number.", name);
            bounded[index] = bound != infinity;
        }
        return bounded;
    }

    private static NDArray Full(double bound, double infinity, ImmutableArray<int> shape, DType type, string name)
    {
        if (shape.IsDefault)
            throw new ArgumentException("The shape is null; give an empty one for a single number.", nameof(shape));
        if (double.IsNaN(bound))
            throw new ArgumentException($"{name} is NaN; every bound of a Box must be a number.", name);
        if (!Number.Supports(type))
            throw new ArgumentException($"The dtype is {type}; a Box with these bounds needs a boolean, an integer or a float of up to 64 bits.", nameof(type));
        var array = new NDArray(type, shape.AsSpan());
        var number = type.Kind == 'f' ? FloatBound(bound, type, name) : IntegerBound(bound, infinity, type, name);
        for (var index = 0L; index < array.Count; index++)
            number.Write(array, index);
        return array;
    }

    private static Number FloatBound(double bound, DType type, string name)
    {
        var largest = type.ItemSize switch { 2 => (double)Half.MaxValue, 4 => float.MaxValue, _ => double.MaxValue };
        return Math.Abs(bound) <= largest || double.IsInfinity(bound)
            ? bound
            : throw new ArgumentException($"{name} is {bound}; {type} holds {-largest} to {largest}.", name);
    }

    private static Number IntegerBound(double bound, double infinity, DType type, string name)
    {
        var (smallest, largest) = Number.Limits(type);
        if (bound == infinity && type.Kind == 'i')
            return infinity > 0 ? largest : smallest;
        // A bound between the largest integer and the next one is out of range too.
        return bound >= (double)smallest && bound < (double)(largest + 1) && (Int128)Math.Ceiling(bound) <= largest
            ? ((Number)bound).ToInteger()
            : throw new ArgumentException($"{name} is {bound}; {type} holds {smallest} to {largest}.", name);
    }
}
