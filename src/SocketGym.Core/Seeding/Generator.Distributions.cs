namespace SocketGym.Core.Seeding;

// The continuous and discrete distributions besides uniform ones.
public sealed partial class Generator
{
    /// <summary>Draws from the standard normal distribution: <c>standard_normal()</c>.</summary>
    /// <returns>The number.</returns>
    public double StandardNormal()
    {
        var table = Ziggurat.Normal;
        while (true)
        {
            var bits = _bits.NextUInt64();
            var layer = (int)(bits & 0xff);
            var negative = (bits & 0x100) != 0;
            var draw = (bits >> 9) & ((1UL << 52) - 1);
            var x = draw * table.Width[layer];
            if (negative)
                x = -x;
            if (draw < table.Inside[layer])
                return x;
            if (layer == 0)
                return NormalTail(table.TailEdge, (draw & 0x100) != 0);
            var height = ((table.Height[layer - 1] - table.Height[layer]) * _bits.NextDouble()) + table.Height[layer];
            if (height < Math.Exp(-0.5 * x * x))
                return x;
        }
    }

    /// <summary>Draws from the standard normal distribution: <c>standard_normal(size)</c>.</summary>
    /// <param name="destination">Filled.</param>
    public void StandardNormal(Span<double> destination)
    {
        foreach (ref var number in destination)
            number = StandardNormal();
    }

    /// <summary>Draws from a normal distribution: <c>normal(loc, scale)</c>.</summary>
    /// <param name="loc">The mean.</param>
    /// <param name="scale">The standard deviation; not negative.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">scale is negative.</exception>
    public double Normal(double loc = 0, double scale = 1)
    {
        CheckScale(scale);
        return loc + (scale * StandardNormal());
    }

    /// <summary>Draws from a normal distribution: <c>normal(loc, scale, size)</c>.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="loc">The mean.</param>
    /// <param name="scale">The standard deviation; not negative.</param>
    /// <exception cref="ArgumentException">scale is negative.</exception>
    public void Normal(Span<double> destination, double loc = 0, double scale = 1)
    {
        CheckScale(scale);
        foreach (ref var number in destination)
            number = loc + (scale * StandardNormal());
    }

    /// <summary>Draws from the exponential distribution with mean 1: <c>standard_exponential()</c>.</summary>
    /// <returns>The number.</returns>
    public double StandardExponential()
    {
        var table = Ziggurat.Exponential;
        while (true)
        {
            var bits = _bits.NextUInt64() >> 3;
            var layer = (int)(bits & 0xff);
            var draw = bits >> 8;
            var x = draw * table.Width[layer];
            if (draw < table.Inside[layer])
                return x;
            if (layer == 0)
                return table.TailEdge - PlatformMath.Log1P(-_bits.NextDouble());
            var height = ((table.Height[layer - 1] - table.Height[layer]) * _bits.NextDouble()) + table.Height[layer];
            if (height < Math.Exp(-x))
                return x;
        }
    }

    /// <summary>Draws from the exponential distribution with mean 1: <c>standard_exponential(size)</c>.</summary>
    /// <param name="destination">Filled.</param>
    public void StandardExponential(Span<double> destination)
    {
        foreach (ref var number in destination)
            number = StandardExponential();
    }

    /// <summary>Draws from an exponential distribution: <c>exponential(scale)</c>.</summary>
    /// <param name="scale">The mean; not negative.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">scale is negative.</exception>
    public double Exponential(double scale = 1)
    {
        CheckScale(scale);
        return scale * StandardExponential();
    }

    /// <summary>Draws from an exponential distribution: <c>exponential(scale, size)</c>.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="scale">The mean; not negative.</param>
    /// <exception cref="ArgumentException">scale is negative.</exception>
    public void Exponential(Span<double> destination, double scale = 1)
    {
        CheckScale(scale);
        foreach (ref var number in destination)
            number = scale * StandardExponential();
    }

    /// <summary>Draws the number of trials up to the first success: <c>geometric(p)</c>.</summary>
    /// <param name="p">The probability of success; in (0, 1].</param>
    /// <returns>At least 1; the largest <c>long</c> where the number would be greater (NumPy 1.24 overflows there).</returns>
    /// <exception cref="ArgumentException">p is not in (0, 1].</exception>
    public long Geometric(double p)
    {
        if (!(p > 0 && p <= 1))
            throw new ArgumentException($"p is {p}; it must lie above 0 and not above 1.", nameof(p));
        // NumPy searches where few trials are likely, and inverts the distribution elsewhere.
        return p >= 0.333333333333333333333333 ? GeometricBySearch(p) : GeometricByInversion(p);
    }

    /// <summary>Draws numbers of trials up to the first success: <c>geometric(p, size)</c>.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="p">The probability of success; in (0, 1].</param>
    /// <exception cref="ArgumentException">p is not in (0, 1].</exception>
    public void Geometric(Span<long> destination, double p)
    {
        foreach (ref var number in destination)
            number = Geometric(p);
    }

    private double NormalTail(double edge, bool negative)
    {
        // NumPy multiplies by its own rounding of 1 / edge.
        const double InverseEdge = 0.27366123732975827203338247596;
        while (true)
        {
            var beyond = -InverseEdge * PlatformMath.Log1P(-_bits.NextDouble());
            var height = -PlatformMath.Log1P(-_bits.NextDouble());
            if (height + height > beyond * beyond)
                return negative ? -(edge + beyond) : edge + beyond;
        }
    }

    private long GeometricBySearch(double p)
    {
        var trials = 1L;
        var (sum, product) = (p, p);
        var uniform = _bits.NextDouble();
        while (uniform > sum)
        {
            product *= 1 - p;
            sum += product;
            trials++;
        }
        return trials;
    }

    private long GeometricByInversion(double p)
    {
        var trials = Math.Ceiling(-StandardExponential() / PlatformMath.Log1P(-p));
        return trials >= 9.223372036854775807e18 ? long.MaxValue : (long)trials;
    }

    private static void CheckScale(double scale)
    {
        // By the sign bit, so -0.0 too; NaN passes, as in NumPy.
        if (double.IsNegative(scale) && !double.IsNaN(scale))
            throw new ArgumentException($"scale is {scale}; it must not be negative.", nameof(scale));
    }
}
