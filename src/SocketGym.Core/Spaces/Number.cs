using System.Buffers.Binary;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>One real element of an array between its bytes and the comparisons of a space: exact for every real dtype up to 64 bits.</summary>
internal readonly struct Number
{
    private readonly double _floating;
    private readonly Int128 _integer;
    private readonly bool _isFloating;

    private Number(double floating, Int128 integer, bool isFloating)
    {
        _floating = floating;
        _integer = integer;
        _isFloating = isFloating;
    }

    /// <summary>The value, rounded to a double.</summary>
    public double ToDouble => _isFloating ? _floating : (double)_integer;

    public static implicit operator Number(double number) => new(number, 0, true);

    public static implicit operator Number(Int128 number) => new(0, number, false);

    /// <summary>Whether elements of a dtype can be read: booleans, integers, and floats of up to 64 bits.</summary>
    public static bool Supports(DType type) => type.Kind is 'b' or 'i' or 'u' || (type.Kind == 'f' && type.ItemSize <= 8);

    /// <summary>Reads element <paramref name="index"/> of an array.</summary>
    public static Number Read(NDArray array, long index) =>
        Read(array.DType, array.Bytes.Slice((int)index * array.DType.ItemSize, array.DType.ItemSize));

    /// <summary>Reads an element from exactly its bytes.</summary>
    public static Number Read(DType type, ReadOnlySpan<byte> element)
    {
        ThrowUnlessSupported(type);
        Span<byte> native = stackalloc byte[8];
        native.Clear();
        element.CopyTo(native);
        if (type.ByteOrder == '>')
            native[..type.ItemSize].Reverse();
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(native);
        var unused = 64 - (8 * type.ItemSize);
        return (type.Kind, type.ItemSize) switch
        {
            ('b', _) => bits == 0 ? Int128.Zero : Int128.One,
            ('i', _) => (Int128)((long)(bits << unused) >> unused),
            ('u', _) => (Int128)bits,
            ('f', 2) => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            ('f', 4) => (double)BitConverter.UInt32BitsToSingle((uint)bits),
            _ => BitConverter.UInt64BitsToDouble(bits),
        };
    }

    /// <summary>Writes to element <paramref name="index"/> of an array, as <see cref="Write(DType, Span{byte})"/>.</summary>
    public void Write(NDArray array, long index) =>
        Write(array.DType, array.Bytes.Slice((int)index * array.DType.ItemSize, array.DType.ItemSize));

    /// <summary>Writes the value as a C conversion does: floats lose their fraction, integers wrap around.</summary>
    public void Write(DType type, Span<byte> element)
    {
        ThrowUnlessSupported(type);
        var bits = (type.Kind, type.ItemSize) switch
        {
            ('b', _) => ToDouble != 0 ? 1UL : 0UL,
            ('i' or 'u', _) => (ulong)ToInteger(),
            ('f', 2) => BitConverter.HalfToUInt16Bits((Half)ToDouble),
            ('f', 4) => BitConverter.SingleToUInt32Bits((float)ToDouble),
            _ => BitConverter.DoubleToUInt64Bits(ToDouble),
        };
        Span<byte> native = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(native, bits);
        if (type.ByteOrder == '>')
            native[..type.ItemSize].Reverse();
        native[..type.ItemSize].CopyTo(element);
    }

    /// <summary>The value without its fraction; what no 64-bit integer holds becomes the smallest one, as on x86-64.</summary>
    public Int128 ToInteger()
    {
        if (!_isFloating)
            return _integer;
        // 2^63 up to 2^64 is meant for uint64, whose conversion wraps to the same bits.
        return _floating is >= -9223372036854775808.0 and < 18446744073709551616.0 ? (Int128)_floating : long.MinValue;
    }

    /// <summary>Whether the value is finite and, without its fraction, an integer of 64 bits.</summary>
    public bool FitsInteger => !_isFloating || _floating is >= -9223372036854775808.0 and < 18446744073709551616.0;

    /// <summary>Orders two numbers of one dtype; NaN comes before all.</summary>
    public int CompareTo(Number other) => _isFloating ? _floating.CompareTo(other._floating) : _integer.CompareTo(other._integer);

    /// <summary>The smallest and the largest integer of a dtype.</summary>
    public static (Int128 Smallest, Int128 Largest) Limits(DType type)
    {
        var bits = type.Kind == 'b' ? 1 : 8 * type.ItemSize;
        return type.Kind == 'i'
            ? (-(Int128.One << (bits - 1)), (Int128.One << (bits - 1)) - 1)
            : (0, (Int128.One << bits) - 1);
    }

    /// <summary>An integer as a dtype's arithmetic leaves it.</summary>
    public static Int128 Wrap(Int128 number, DType type)
    {
        var unused = 128 - (8 * type.ItemSize);
        return type.Kind == 'i' ? number << unused >> unused : number << unused >>> unused;
    }

    /// <summary>Every element of an array in another dtype.</summary>
    public static NDArray Cast(NDArray array, DType type)
    {
        var result = new NDArray(type, array.Shape);
        for (var index = 0L; index < array.Count; index++)
            Read(array, index).Write(result, index);
        return result;
    }

    /// <summary>Whether a cast keeps every value: NumPy's rule "safe" for real dtypes.</summary>
    public static bool CanCast(DType from, DType to)
    {
        if (from.Kind == to.Kind)
            return from.Kind is 'b' or 'i' or 'u' or 'f' && from.ItemSize <= to.ItemSize;
        return (from.Kind, to.Kind) switch
        {
            ('b', 'i' or 'u' or 'f') => true,
            ('u', 'i') => from.ItemSize < to.ItemSize,
            // A float must be twice as wide as an integer, and float64 takes every integer.
            ('i' or 'u', 'f') => to.ItemSize >= 8 || from.ItemSize < to.ItemSize,
            _ => false,
        };
    }

    /// <summary>The NumPy scalar of an array's only element; scalars have this machine's byte order.</summary>
    public static Value ScalarOf(NDArray array)
    {
        var native = Native(array.DType);
        Span<byte> bytes = stackalloc byte[native.ItemSize];
        Read(array, 0).Write(native, bytes);
        return Value.FromScalar(native, bytes);
    }

    /// <summary>The same dtype in this machine's byte order.</summary>
    public static DType Native(DType type) => type.ByteOrder == '>' ? DType.Parse("<" + type.Descriptor[1..]) : type;

    /// <summary>Refuses a dtype whose elements cannot be read.</summary>
    /// <exception cref="NotSupportedException">There is no C# type for it.</exception>
    public static void ThrowUnlessSupported(DType type)
    {
        if (!Supports(type))
            throw new NotSupportedException($"Elements of {type} have no counterpart in C#; use a boolean, an integer, or a float of up to 64 bits.");
    }
}
