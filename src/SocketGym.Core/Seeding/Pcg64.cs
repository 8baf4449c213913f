using System.Numerics;
using System.Runtime.CompilerServices;

namespace SocketGym.Core.Seeding;

/// <summary>The PCG XSL-RR 128/64 generator, bit for bit as <c>numpy.random.PCG64</c>.</summary>
/// <remarks>
/// M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
/// Generation" (2014). Draws allocate nothing. Not thread-safe.
/// </remarks>
public sealed class Pcg64
{
    private const ulong MultiplierHigh = 2549297995355413924;
    private const ulong MultiplierLow = 4865540595714422341;

    private ulong _stateHigh;
    private ulong _stateLow;
    private ulong _incrementHigh;
    private ulong _incrementLow;
    private bool _hasUInt32;
    private uint _uint32;

    /// <summary>Makes a generator from a seed.</summary>
    /// <param name="seed">The seed.</param>
    public Pcg64(SeedSequence seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        Span<ulong> words = stackalloc ulong[4];
        seed.GenerateState(words);
        var increment = (new UInt128(words[2], words[3]) << 1) | 1;
        _incrementHigh = (ulong)(increment >> 64);
        _incrementLow = (ulong)increment;
        Advance();
        var state = new UInt128(_stateHigh, _stateLow) + new UInt128(words[0], words[1]);
        _stateHigh = (ulong)(state >> 64);
        _stateLow = (ulong)state;
        Advance();
    }

    /// <summary>Makes a generator that continues from a saved state.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ArgumentException">The increment is even.</exception>
    public Pcg64(Pcg64State state) => State = state;

    /// <summary>The whole state, to save and to restore exactly.</summary>
    /// <exception cref="ArgumentException">On setting: the increment is even.</exception>
    public Pcg64State State
    {
        get => new(new UInt128(_stateHigh, _stateLow), new UInt128(_incrementHigh, _incrementLow), _hasUInt32, _uint32);
        set
        {
            if (UInt128.IsEvenInteger(value.Increment))
                throw new ArgumentException($"The increment is {value.Increment}; PCG64 needs an odd one, so take the state of a generator.", nameof(value));
            _stateHigh = (ulong)(value.State >> 64);
            _stateLow = (ulong)value.State;
            _incrementHigh = (ulong)(value.Increment >> 64);
            _incrementLow = (ulong)value.Increment;
            _hasUInt32 = value.HasUInt32;
            _uint32 = value.UInt32;
        }
    }

    /// <summary>Draws 64 bits.</summary>
    /// <returns>Any value with equal probability.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        Advance();
        return BitOperations.RotateRight(_stateHigh ^ _stateLow, (int)(_stateHigh >> 58));
    }

    /// <summary>Draws 32 bits: the low half of a 64-bit draw, and on the next call the high half.</summary>
    /// <returns>Any value with equal probability.</returns>
    public uint NextUInt32()
    {
        if (_hasUInt32)
        {
            _hasUInt32 = false;
            return _uint32;
        }
        var bits = NextUInt64();
        _hasUInt32 = true;
        _uint32 = (uint)(bits >> 32);
        return (uint)bits;
    }

    /// <summary>Draws a double in [0, 1): a multiple of 2^-53.</summary>
    /// <returns>The number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a float in [0, 1): a multiple of 2^-24, from a 32-bit draw.</summary>
    /// <returns>The number.</returns>
    public float NextSingle() => (NextUInt32() >> 8) * (1.0f / (1 << 24));

    // One step of the 128-bit linear congruential generator: state * multiplier + increment.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Advance()
    {
        var high = Math.BigMul(_stateLow, MultiplierLow, out var low);
        high += (_stateLow * MultiplierHigh) + (_stateHigh * MultiplierLow) + _incrementHigh;
        low += _incrementLow;
        _stateHigh = low < _incrementLow ? high + 1 : high;
        _stateLow = low;
    }
}
