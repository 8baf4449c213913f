using System.Runtime.InteropServices;

namespace SocketGym.Core.Values;

/// <summary>An n-dimensional array over raw memory: what NumPy calls a C-contiguous <c>ndarray</c>.</summary>
/// <remarks>
/// The array does not own its memory: <see cref="Data"/> may be an array, a slice of a received frame or a shared mapping, and
/// whoever hands out the array says how long it stays valid. Not thread-safe while being written.
/// </remarks>
public sealed class NDArray : IEquatable<NDArray>
{
    private readonly int[] _shape;

    /// <summary>Makes an array over existing memory, without a copy.</summary>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The shape; empty for a 0-dimensional array. Copied.</param>
    /// <param name="data">Exactly product(shape) x item size bytes, C order, in the dtype's byte order.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or the byte count does not fit the shape.</exception>
    public NDArray(DType dtype, ReadOnlySpan<int> shape, Memory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        DType = dtype;
        _shape = shape.ToArray();
        Count = CountOf(shape);
        if (checked(Count * dtype.ItemSize) != data.Length)
        {
            throw new ArgumentException(
                $"An array of {dtype} with shape ({string.Join(", ", _shape)}) takes {Count * dtype.ItemSize} bytes, not {data.Length}.", nameof(data));
        }
        Data = data;
    }

    /// <summary>Makes an array of zeros with memory of its own.</summary>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The shape.</param>
    /// <exception cref="ArgumentException">A dimension is negative.</exception>
    /// <exception cref="OverflowException">The array would be larger than 2 GiB.</exception>
    public NDArray(DType dtype, params ReadOnlySpan<int> shape)
        : this(dtype, shape, new byte[checked((int)(CountOf(shape) * (dtype ?? throw new ArgumentNullException(nameof(dtype))).ItemSize))])
    {
    }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The shape; empty for a 0-dimensional array.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>The elements' bytes, C order. Valid as long as the array's source says.</summary>
    public Memory<byte> Data { get; }

    /// <summary>The bytes as a span.</summary>
    public Span<byte> Bytes => Data.Span;

    /// <summary>Makes an array from values of a numeric C# type, copying them.</summary>
    /// <typeparam name="T">One of bool, the integers of 8 to 64 bits, <see cref="Half"/>, float and double.</typeparam>
    /// <param name="values">The elements in C order.</param>
    /// <param name="shape">The shape; none for a 1-dimensional array of all values.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentException">The type has no dtype, or the count does not fit the shape.</exception>
    public static NDArray Of<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged => new(DTypeOf<T>(), shape.IsEmpty ? [values.Length] : shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The dtype with the memory layout of a C# type.</summary>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <returns>The dtype, little-endian.</returns>
    /// <exception cref="ArgumentException">The type has no dtype.</exception>
    public static DType DTypeOf<T>()
        where T : unmanaged => default(T) switch
        {
            bool => DType.Bool,
            sbyte => DType.Int8,
            short => DType.Int16,
            int => DType.Int32,
            long => DType.Int64,
            byte => DType.UInt8,
            ushort => DType.UInt16,
            uint => DType.UInt32,
            ulong => DType.UInt64,
            Half => DType.Float16,
            float => DType.Float32,
            double => DType.Float64,
            _ => throw new ArgumentException($"{typeof(T)} has no NumPy dtype; use bool, an integer of 8 to 64 bits, Half, float or double."),
        };

    /// <summary>The number of elements of a shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <returns>The product of the dimensions; 1 for no dimension.</returns>
    /// <exception cref="ArgumentException">A dimension is negative.</exception>
    /// <exception cref="OverflowException">The product exceeds 64 bits.</exception>
    public static long CountOf(ReadOnlySpan<int> shape)
    {
        var count = 1L;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
                throw new ArgumentException($"A dimension is {dimension}; it must not be negative.", nameof(shape));
            count = checked(count * dimension);
        }
        return count;
    }

    /// <summary>The elements as a span of their C# type, without a copy.</summary>
    /// <typeparam name="T">The C# type with the dtype's layout.</typeparam>
    /// <returns>The elements in C order; valid as long as <see cref="Data"/>.</returns>
    /// <exception cref="InvalidOperationException">The dtype is another one (byte order included).</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged => DTypeOf<T>().Equals(DType)
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException($"The array holds {DType} ('{DType.Descriptor}'), not {typeof(T)}.");

    /// <summary>The elements of one place on the first axis, such as one environment's observation in a batch, without a copy.</summary>
    /// <typeparam name="T">The C# type with the dtype's layout.</typeparam>
    /// <param name="index">The place, counted from 0.</param>
    /// <returns>The elements in C order; valid as long as <see cref="Data"/>.</returns>
    /// <exception cref="InvalidOperationException">The dtype is another one (byte order included), or the array has no axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Span<T> Row<T>(int index)
        where T : unmanaged
    {
        if (_shape.Length == 0)
            throw new InvalidOperationException("The array has no axis, and so no rows.");
        if ((uint)index >= (uint)_shape[0])
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The array has {_shape[0]} rows.");
        var size = (int)(Count / _shape[0]);
        return AsSpan<T>().Slice(index * size, size);
    }

    /// <summary>Copies the array into memory of its own.</summary>
    /// <returns>An array that stays valid.</returns>
    public NDArray Copy() => new(DType, Shape, Bytes.ToArray());

    /// <summary>Whether dtype, shape and every byte are equal (so NaN equals NaN, and -0.0 differs from 0.0).</summary>
    /// <param name="other">The other array.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(NDArray? other) => ReferenceEquals(this, other)
        || (other is not null && DType.Equals(other.DType) && Shape.SequenceEqual(other.Shape) && Bytes.SequenceEqual(other.Bytes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NDArray);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(DType);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"array(shape=({string.Join(", ", _shape)}), dtype={DType})";
}
