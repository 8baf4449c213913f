using System.Numerics;

namespace SocketGym.Core.Seeding;

/// <summary>
/// Random numbers equal to those of <c>numpy.random.Generator</c> over <c>PCG64</c>, bit for bit: what
/// <c>numpy.random.default_rng(seed)</c> and Gymnasium's <c>np_random</c> are.
/// </summary>
/// <remarks>
/// A method that fills a span gives what NumPy gives for <c>size=</c>, which for small integers differs from as many single draws.
/// Shapes are the caller's: NumPy fills in C order. Draws allocate nothing unless their documentation says so. Not thread-safe.
/// </remarks>
public sealed partial class Generator
{
    private readonly Pcg64 _bits;

    /// <summary>Makes a generator over a bit generator.</summary>
    /// <param name="bitGenerator">The source of bits; kept, so both advance together.</param>
    public Generator(Pcg64 bitGenerator)
    {
        ArgumentNullException.ThrowIfNull(bitGenerator);
        _bits = bitGenerator;
    }

    /// <summary>The source of bits, whose state can be saved and restored.</summary>
    public Pcg64 BitGenerator => _bits;

    /// <summary>Makes what <c>numpy.random.default_rng(seed)</c> makes.</summary>
    /// <param name="seed">Not negative, of any size; null takes entropy from the operating system.</param>
    /// <returns>The generator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public static Generator FromSeed(BigInteger? seed = null) => FromSeed(seed, out _);

    /// <summary>Makes what <c>gymnasium.utils.seeding.np_random(seed)</c> makes.</summary>
    /// <param name="seed">Not negative, of any size; null takes entropy from the operating system.</param>
    /// <param name="usedSeed">The seed given, or the one that was taken.</param>
    /// <returns>The generator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public static Generator FromSeed(BigInteger? seed, out BigInteger usedSeed)
    {
        var sequence = new SeedSequence(seed);
        usedSeed = sequence.Entropy;
        return new Generator(new Pcg64(sequence));
    }

    /// <summary>Draws uniformly from [0, 1): <c>random()</c>.</summary>
    /// <returns>The number.</returns>
    public double Random() => _bits.NextDouble();

    /// <summary>Draws uniformly from [0, 1): <c>random(dtype=np.float32)</c>.</summary>
    /// <returns>The number.</returns>
    public float RandomSingle() => _bits.NextSingle();

    /// <summary>Draws uniformly from [0, 1): <c>random(size)</c>.</summary>
    /// <param name="destination">Filled.</param>
    public void Random(Span<double> destination)
    {
        foreach (ref var number in destination)
            number = _bits.NextDouble();
    }

    /// <summary>Draws uniformly from [0, 1): <c>random(size, dtype=np.float32)</c>.</summary>
    /// <param name="destination">Filled.</param>
    public void Random(Span<float> destination)
    {
        foreach (ref var number in destination)
            number = _bits.NextSingle();
    }

    /// <summary>Draws uniformly from [low, high): <c>uniform(low, high)</c>.</summary>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound; rounding may give it.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">high - low is negative, infinite or NaN.</exception>
    public double Uniform(double low = 0, double high = 1)
    {
        var range = RangeOf(low, high);
        return low + (range * _bits.NextDouble());
    }

    /// <summary>Draws uniformly from [low, high): <c>uniform(low, high, size)</c>.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound; rounding may give it.</param>
    /// <exception cref="ArgumentException">high - low is negative, infinite or NaN.</exception>
    public void Uniform(Span<double> destination, double low, double high)
    {
        var range = RangeOf(low, high);
        foreach (ref var number in destination)
            number = low + (range * _bits.NextDouble());
    }

    /// <summary>Draws each element from its own [low, high): <c>uniform(low, high)</c> of arrays.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="low">The lower bounds, as many as elements.</param>
    /// <param name="high">The upper bounds, as many as elements.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a high - low is negative, infinite or NaN; nothing was drawn.</exception>
    public void Uniform(Span<double> destination, ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        CheckLengths(destination.Length, low.Length, high.Length);
        for (var index = 0; index < destination.Length; index++)
            RangeOf(low[index], high[index]);
        for (var index = 0; index < destination.Length; index++)
            destination[index] = low[index] + ((high[index] - low[index]) * _bits.NextDouble());
    }

    private static double RangeOf(double low, double high)
    {
        var range = high - low;
        if (!double.IsFinite(range))
            throw new ArgumentException($"low is {low} and high is {high}; high - low must be finite.", nameof(high));
        // NumPy refuses by the sign bit, so a range of -0.0 too.
        if (double.IsNegative(range))
            throw new ArgumentException($"low is {low} and high is {high}; high must not be below low.", nameof(high));
        return range;
    }

    private static void CheckLengths(int destination, int low, int high)
    {
        if (low != destination || high != destination)
            throw new ArgumentException($"{destination} numbers were asked for with {low} lower and {high} upper bounds; give as many bounds as numbers.");
    }
}
