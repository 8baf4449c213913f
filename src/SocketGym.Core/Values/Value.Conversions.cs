using System.Numerics;

namespace SocketGym.Core.Values;

// Rewards and flags come as whatever type the environment chose; these are for a caller that wants only the number.
public readonly partial struct Value
{
    /// <summary>Whether a flag is set: a <c>bool</c>, a <c>np.bool_</c>, or any number that is not zero.</summary>
    /// <exception cref="InvalidOperationException">The value is no real number, see <see cref="ToDouble"/>.</exception>
    public bool IsTrue => Kind == ValueKind.Bool ? _bits != 0 : ToDouble() != 0;

    /// <summary>The value as a double, as Python's <c>float()</c> gives it for numbers.</summary>
    /// <returns>The nearest double; of a <c>bool</c> 0 or 1.</returns>
    /// <exception cref="InvalidOperationException">
    /// The value is no <c>bool</c>, <c>int</c>, <c>float</c>, NumPy boolean, integer or float of up to 64 bits, and no array of exactly one of those.
    /// </exception>
    public double ToDouble()
    {
        switch (Kind)
        {
            case ValueKind.Float:
                return AsDouble();
            case ValueKind.Bool:
                return _bits;
            case ValueKind.Int:
                return _reference is BigInteger big ? (double)big : _bits;
            case ValueKind.Scalar when ScalarType.ItemSize <= sizeof(long):
                Span<byte> bytes = stackalloc byte[sizeof(long)];
                CopyScalarTo(bytes);
                return NumberOf(ScalarType, bytes);
            case ValueKind.Array when AsArray() is { Count: 1 } array:
                return NumberOf(array.DType, array.Bytes);
            default:
                throw NoNumber();
        }
    }

    private double NumberOf(DType dtype, ReadOnlySpan<byte> bytes)
    {
        if (dtype.ItemSize > sizeof(long))
            throw NoNumber();
        var bits = 0UL;
        for (var index = 0; index < dtype.ItemSize; index++)
            bits |= (ulong)bytes[dtype.ByteOrder == '>' ? dtype.ItemSize - 1 - index : index] << (8 * index);
        var unused = 64 - (8 * dtype.ItemSize);
        return (dtype.Kind, dtype.ItemSize) switch
        {
            ('b', _) => bits != 0 ? 1 : 0,
            ('u', _) => bits,
            ('i', _) => (long)(bits << unused) >> unused,
            ('f', 2) => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            ('f', 4) => BitConverter.UInt32BitsToSingle((uint)bits),
            ('f', 8) => BitConverter.UInt64BitsToDouble(bits),
            _ => throw NoNumber(),
        };
    }

    private InvalidOperationException NoNumber() =>
        new($"The value is {ValueText.TypeName(this)}, which has no exact counterpart among C#'s real numbers: {ValueText.Brief(this)}.");
}
