using System.Buffers.Binary;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Actions;

/// <summary>NumPy's integers as numbers.</summary>
internal static class IntegerElement
{
    /// <summary>A NumPy scalar's integer.</summary>
    /// <param name="scalar">A scalar of an integer dtype, of either byte order, or of one whose bytes are an integer's.</param>
    /// <returns>The integer.</returns>
    public static Int128 OfScalar(Value scalar)
    {
        Span<byte> bytes = stackalloc byte[8];
        var dtype = scalar.ScalarType;
        scalar.CopyScalarTo(bytes);
        return Read(bytes[..dtype.ItemSize], dtype);
    }

    /// <summary>An element's integer.</summary>
    /// <param name="bytes">The element's bytes, at most 8.</param>
    /// <param name="dtype">Its dtype: negative numbers unless it is unsigned or a boolean.</param>
    /// <returns>The integer.</returns>
    public static Int128 Read(ReadOnlySpan<byte> bytes, DType dtype)
    {
        // What nearly every caller sends.
        if (dtype.Kind == 'i' && dtype.ItemSize == sizeof(long) && dtype.ByteOrder != '>')
            return BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var isBigEndian = dtype.ByteOrder == '>';
        var isNegative = dtype.Kind is not ('u' or 'b') && (bytes[isBigEndian ? 0 : ^1] & 0x80) != 0;
        Int128 number = isNegative ? -1 : 0;
        for (var index = 0; index < bytes.Length; index++)
            number = (number << 8) | bytes[isBigEndian ? index : bytes.Length - 1 - index];
        return number;
    }
}
