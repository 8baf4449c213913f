using System.Buffers.Binary;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Actions;

/// <summary>Small whole numbers among NumPy's <c>longdouble</c>, which x86 keeps in the 80 bits of its old floating-point unit.</summary>
internal static class LongDouble
{
    private const int ExponentBias = 16383;
    private const int FractionBits = 63;

    /// <summary>Reads a number that is whole and from 0 to 2^31 - 1.</summary>
    /// <param name="scalar">A NumPy scalar made of one or two <c>longdouble</c>s of 16 bytes.</param>
    /// <param name="offset">Where the number begins.</param>
    /// <param name="number">The number where the result is true.</param>
    /// <returns>Whether it is such a number.</returns>
    public static bool TryRead(Value scalar, int offset, out int number)
    {
        number = 0;
        Span<byte> bytes = stackalloc byte[32];
        if (scalar.ScalarType.ItemSize > bytes.Length)
            return false;
        scalar.CopyScalarTo(bytes);
        var significand = BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
        var signAndExponent = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(offset + 8)..]);
        if (significand == 0)
            return (signAndExponent & 0x7fff) == 0;
        // The significand's highest bit stands before the point.
        var exponent = signAndExponent - ExponentBias;
        if (exponent is < 0 or > 30 || significand << (exponent + 1) != 0)
            return false;
        number = (int)(significand >> (FractionBits - exponent));
        return true;
    }
}
