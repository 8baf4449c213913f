namespace SocketGym.Core.Seeding;

/// <summary>Draws from [0, range] for each width of integer, taking from the generator exactly what NumPy takes.</summary>
/// <remarks>
/// D. Lemire, "Fast Random Integer Generation in an Interval" (2019). 8- and 16-bit draws share a 32-bit one between them;
/// what is left of it is forgotten with this value, as NumPy forgets it at the end of a call.
/// </remarks>
internal ref struct BoundedIntegers(Pcg64 bits)
{
    private uint _buffer;
    private int _left;

    /// <summary>Draws from [0, range].</summary>
    /// <param name="range">The largest value; fits the item.</param>
    /// <param name="itemSize">Bytes of the integer type: 1, 2, 4 or 8.</param>
    public ulong Next(ulong range, int itemSize) => itemSize switch
    {
        1 => range == 0 ? 0UL : NextByte((byte)range),
        2 => range == 0 ? 0UL : NextUInt16((ushort)range),
        _ => NextWide(bits, range),
    };

    /// <summary>Draws from [0, range] for a type of 32 or 64 bits: the width of the range decides.</summary>
    /// <param name="bits">The source of bits.</param>
    /// <param name="range">The largest value.</param>
    public static ulong NextWide(Pcg64 bits, ulong range) => range switch
    {
        0 => 0,
        < uint.MaxValue => NextUInt32(bits, (uint)range),
        uint.MaxValue => bits.NextUInt32(),
        ulong.MaxValue => bits.NextUInt64(),
        _ => NextUInt64(bits, range),
    };

    private static uint NextUInt32(Pcg64 bits, uint range)
    {
        var count = range + 1;
        var product = (ulong)bits.NextUInt32() * count;
        if ((uint)product < count)
        {
            var threshold = (uint.MaxValue - range) % count;
            while ((uint)product < threshold)
                product = (ulong)bits.NextUInt32() * count;
        }
        return (uint)(product >> 32);
    }

    private static ulong NextUInt64(Pcg64 bits, ulong range)
    {
        var count = range + 1;
        var high = Math.BigMul(bits.NextUInt64(), count, out var low);
        if (low < count)
        {
            var threshold = (ulong.MaxValue - range) % count;
            while (low < threshold)
                high = Math.BigMul(bits.NextUInt64(), count, out low);
        }
        return high;
    }

    private byte NextByte(byte range)
    {
        if (range == byte.MaxValue)
            return (byte)Shift(8);
        var count = range + 1;
        var product = (byte)Shift(8) * count;
        if ((byte)product < count)
        {
            var threshold = (byte.MaxValue - range) % count;
            while ((byte)product < threshold)
                product = (byte)Shift(8) * count;
        }
        return (byte)(product >> 8);
    }

    private ushort NextUInt16(ushort range)
    {
        if (range == ushort.MaxValue)
            return (ushort)Shift(16);
        var count = (uint)range + 1;
        var product = (ushort)Shift(16) * count;
        if ((ushort)product < count)
        {
            var threshold = (ushort.MaxValue - (uint)range) % count;
            while ((ushort)product < threshold)
                product = (ushort)Shift(16) * count;
        }
        return (ushort)(product >> 16);
    }

    private uint Shift(int width)
    {
        (_buffer, _left) = _left == 0 ? (bits.NextUInt32(), (32 / width) - 1) : (_buffer >> width, _left - 1);
        return _buffer;
    }
}
