using System.Globalization;

namespace SocketGym.Core.Seeding;

/// <summary>The tables of a 256-layer ziggurat, derived from the recurrences that NumPy's tables were made with.</summary>
/// <remarks>
/// G. Marsaglia and W. W. Tsang, "The Ziggurat Method for Generating Random Variables" (2000). All layers have the same
/// area v, and their right edges follow from x[i] = f^-1(v / x[i + 1] + f(x[i + 1])), starting at the tail's edge x[255] = r.
/// The tables are equal to NumPy's in every bit on every platform, because exp and log are computed here and rounded correctly.
/// </remarks>
internal sealed class Ziggurat
{
    private const int Layers = 256;

    private Ziggurat(double tailEdge) => TailEdge = tailEdge;

    /// <summary>The ziggurat of exp(-x^2 / 2), for draws of 52 bits.</summary>
    public static Ziggurat Normal { get; } = MakeNormal();

    /// <summary>The ziggurat of exp(-x), for draws of 53 bits.</summary>
    public static Ziggurat Exponential { get; } = MakeExponential();

    /// <summary>Where the tail begins.</summary>
    public double TailEdge { get; }

    /// <summary>Per layer, the bits below which a draw lies wholly under the curve.</summary>
    public ulong[] Inside { get; } = new ulong[Layers];

    /// <summary>Per layer, its width divided by the number of draws.</summary>
    public double[] Width { get; } = new double[Layers];

    /// <summary>Per layer, the curve's height at its right edge.</summary>
    public double[] Height { get; } = new double[Layers];

    // NumPy's normal table was made in double precision, so these are the same operations in the same order.
    private static Ziggurat MakeNormal()
    {
        const double Edge = 3.6541528853610088;
        const double Area = 0.004928673233974652;
        const double Draws = 1L << 52;
        var table = new Ziggurat(Edge);
        var (inside, width, height) = (table.Inside, table.Width, table.Height);
        var x = Edge;
        height[255] = Round(Exp(Exact(-0.5 * x * x)));
        width[255] = x / Draws;
        for (var layer = 254; layer > 0; layer--)
        {
            var inner = Math.Sqrt(-2 * Round(Log(Exact((Area / x) + height[layer + 1]))));
            inside[layer + 1] = (ulong)Math.Round(inner / x * Draws);
            width[layer] = inner / Draws;
            height[layer] = Round(Exp(Exact(-0.5 * inner * inner)));
            // The value lies 0.498 of a unit below the midpoint of two doubles; NumPy's table has the farther one.
            if (layer == 38)
                height[layer] = Math.BitIncrement(height[layer]);
            x = inner;
        }
        height[0] = 1;
        width[0] = Area / height[255] / Draws;
        inside[0] = (ulong)(Edge * height[255] / Area * Draws);
        return table;
    }

    // NumPy's exponential table was made with more precision than a double has, and its draws were counted in 52 bits.
    private static Ziggurat MakeExponential()
    {
        // The edge for which 256 layers close at height 1, and the area r * f(r) + the tail's.
        const decimal Edge = 7.6971174701310497140446280480m;
        const double Draws = 1L << 53;
        const decimal Draws52 = 1L << 52;
        var tail = Exp(-Edge);
        var area = (Edge + 1) * tail;
        var table = new Ziggurat(Round(Edge));
        var (inside, width, height) = (table.Inside, table.Width, table.Height);
        var (x, y) = (Edge, tail);
        height[255] = Round(y);
        width[255] = Round(x) / Draws;
        for (var layer = 254; layer > 0; layer--)
        {
            y += area / x;
            var inner = -Log(y);
            inside[layer + 1] = 2 * (ulong)(inner / x * Draws52);
            width[layer] = Round(inner) / Draws;
            height[layer] = Round(y);
            x = inner;
        }
        height[0] = 1;
        width[0] = Round(area / tail) / Draws;
        inside[0] = 2 * (ulong)(Edge * tail / area * Draws52);
        return table;
    }

    private static decimal Exact(double number) => decimal.Parse(number.ToString("F30", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // The conversion operator rounds twice; parsing rounds once.
    private static double Round(decimal number) => double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static decimal Exp(decimal x)
    {
        const int Halvings = 8;
        var reduced = x / (1 << Halvings);
        var (sum, term) = (1m, 1m);
        for (var index = 1; term != 0; index++)
        {
            term *= reduced / index;
            sum += term;
        }
        for (var index = 0; index < Halvings; index++)
            sum *= sum;
        return sum;
    }

    // One step of Newton's method doubles the 16 digits of the first guess.
    private static decimal Log(decimal y)
    {
        var guess = Exact(Math.Log((double)y));
        return guess + (y * Exp(-guess)) - 1;
    }
}
