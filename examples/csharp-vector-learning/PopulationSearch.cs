using SocketGym.Core.Seeding;

namespace SocketGym.Examples.CSharpVectorLearning;

/// <summary>The cross-entropy method (R. Y. Rubinstein, 1999), a whole generation at a time: draw candidates from a normal distribution, and fit it to the best of them.</summary>
internal sealed class PopulationSearch
{
    private const int Elite = 4;

    // Keeps the search from standing still before it has arrived.
    private const double ExtraSpread = 0.05;

    private readonly Generator _random;
    private readonly double[][] _candidates;
    private readonly double[] _spread;

    public PopulationSearch(int candidates, int weights, int seed)
    {
        _random = Generator.FromSeed(seed);
        _candidates = new double[candidates][];
        Mean = new double[weights];
        _spread = [.. Enumerable.Repeat(1.0, weights)];
    }

    /// <summary>The middle of the distribution: the best guess so far.</summary>
    public double[] Mean { get; }

    /// <summary>Draws a generation of candidates.</summary>
    public double[][] Draw()
    {
        for (var index = 0; index < _candidates.Length; index++)
            _candidates[index] = [.. Mean.Zip(_spread, _random.Normal)];
        return _candidates;
    }

    /// <summary>Fits the distribution to the best of the candidates that were drawn last.</summary>
    /// <param name="returns">The return of each.</param>
    public void Learn(double[] returns)
    {
        var best = Enumerable.Range(0, returns.Length).OrderByDescending(index => returns[index]).Take(Elite).Select(index => _candidates[index]).ToArray();
        for (var weight = 0; weight < Mean.Length; weight++)
        {
            var mean = best.Average(candidate => candidate[weight]);
            _spread[weight] = Math.Sqrt(best.Average(candidate => (candidate[weight] - mean) * (candidate[weight] - mean))) + ExtraSpread;
            Mean[weight] = mean;
        }
    }
}
