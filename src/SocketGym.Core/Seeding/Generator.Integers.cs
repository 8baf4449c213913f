using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SocketGym.Core.Seeding;

// integers(): every dtype, with one pair of bounds or one per element.
public sealed partial class Generator
{
    /// <summary>Draws from [0, high): <c>integers(high)</c>.</summary>
    /// <param name="high">The exclusive upper bound; positive.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="ArgumentException">high is not positive.</exception>
    public long Integers(long high) => Integers(0, high);

    /// <summary>Draws from [low, high), or with endpoint from [low, high]: <c>integers(low, high)</c>.</summary>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <param name="endpoint">Whether the upper bound is inclusive.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="ArgumentException">The interval is empty.</exception>
    public long Integers(long low, long high, bool endpoint = false)
    {
        if (low > high || (low == high && !endpoint))
            throw EmptyInterval(low, high, endpoint);
        var range = (ulong)high - (ulong)low - (endpoint ? 0UL : 1UL);
        return low + (long)BoundedIntegers.NextWide(_bits, range);
    }

    /// <summary>Draws one integer of any dtype: <c>integers(low, high, dtype=T)</c>.</summary>
    /// <typeparam name="T">An integer type of 8 to 64 bits.</typeparam>
    /// <param name="low">The lower bound; within T.</param>
    /// <param name="high">The upper bound; within T, one past its largest value without endpoint.</param>
    /// <param name="endpoint">Whether the upper bound is inclusive.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="ArgumentException">The interval is empty or leaves T.</exception>
    public T Integers<T>(Int128 low, Int128 high, bool endpoint = false)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Unsafe.SkipInit(out T value);
        Integers(new Span<T>(ref value), low, high, endpoint);
        return value;
    }

    /// <summary>Draws integers of any dtype: <c>integers(low, high, size, dtype=T)</c>.</summary>
    /// <typeparam name="T">An integer type of 8 to 64 bits.</typeparam>
    /// <param name="destination">Filled.</param>
    /// <param name="low">The lower bound; within T.</param>
    /// <param name="high">The upper bound; within T, one past its largest value without endpoint.</param>
    /// <param name="endpoint">Whether the upper bound is inclusive.</param>
    /// <exception cref="ArgumentException">The interval is empty or leaves T.</exception>
    public void Integers<T>(Span<T> destination, Int128 low, Int128 high, bool endpoint = false)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var last = endpoint ? high : high - 1;
        if (low > last)
            throw EmptyInterval(low, high, endpoint);
        CheckWithin(low, last, Int128.CreateChecked(T.MinValue), Int128.CreateChecked(T.MaxValue));
        var offset = T.CreateTruncating(low);
        var range = (ulong)(last - low);
        var draw = new BoundedIntegers(_bits);
        foreach (ref var number in destination)
            number = unchecked(offset + T.CreateTruncating(draw.Next(range, Unsafe.SizeOf<T>())));
    }

    /// <summary>Draws each integer from its own interval: <c>integers(low, high, dtype=T)</c> of arrays.</summary>
    /// <typeparam name="T">An integer type of 8 to 64 bits.</typeparam>
    /// <param name="destination">Filled.</param>
    /// <param name="low">The lower bounds, as many as elements.</param>
    /// <param name="high">The upper bounds, as many as elements.</param>
    /// <param name="endpoint">Whether the upper bounds are inclusive.</param>
    /// <exception cref="ArgumentException">The lengths differ, or an interval is empty; nothing was drawn.</exception>
    public void Integers<T>(Span<T> destination, ReadOnlySpan<T> low, ReadOnlySpan<T> high, bool endpoint = false)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        CheckLengths(destination.Length, low.Length, high.Length);
        for (var index = 0; index < destination.Length; index++)
        {
            if (low[index] > high[index] || (low[index] == high[index] && !endpoint))
                throw EmptyInterval(low[index], high[index], endpoint);
        }
        var draw = new BoundedIntegers(_bits);
        var size = Unsafe.SizeOf<T>();
        var mask = ulong.MaxValue >> (64 - (8 * size));
        for (var index = 0; index < destination.Length; index++)
        {
            var distance = ulong.CreateTruncating(high[index]) - ulong.CreateTruncating(low[index]) - (endpoint ? 0UL : 1UL);
            destination[index] = unchecked(low[index] + T.CreateTruncating(draw.Next(distance & mask, size)));
        }
    }

    /// <summary>Draws flags: <c>integers(low, high, size, dtype=bool)</c>.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="low">0 or 1.</param>
    /// <param name="high">The upper bound.</param>
    /// <param name="endpoint">Whether the upper bound is inclusive.</param>
    /// <exception cref="ArgumentException">The interval is empty or leaves 0 and 1.</exception>
    public void Integers(Span<bool> destination, int low = 0, int high = 2, bool endpoint = false)
    {
        var last = endpoint ? high : high - 1;
        if (low > last)
            throw EmptyInterval(low, high, endpoint);
        CheckWithin(low, last, 0, 1);
        var flags = MemoryMarshal.AsBytes(destination);
        if (low == last)
        {
            flags.Fill((byte)low);
            return;
        }
        var (buffer, left) = (0u, 0);
        foreach (ref var flag in flags)
        {
            // 32 flags from one draw, the lowest bit first.
            (buffer, left) = left == 0 ? (_bits.NextUInt32(), 31) : (buffer >> 1, left - 1);
            flag = (byte)(buffer & 1);
        }
    }

    private static void CheckWithin(Int128 low, Int128 last, Int128 smallest, Int128 largest)
    {
        if (low < smallest || last > largest)
            throw new ArgumentException($"The interval is [{low}, {last}]; the type holds {smallest} to {largest}.");
    }

    private static ArgumentException EmptyInterval<T>(T low, T high, bool endpoint) => new(
        $"The interval from {low} to {high} ({(endpoint ? "inclusive" : "exclusive")}) is empty; low must be {(endpoint ? "at most" : "below")} high.");
}
