using SocketGym.Core.Seeding;

namespace SocketGym.Examples.CSharpLearning;

/// <summary>
/// The cross-entropy method (R. Y. Rubinstein, 1999): draw candidates from a normal distribution, keep the best, and fit the distribution to them.
/// </summary>
internal sealed class CrossEntropySearch
{
    private const int Population = 20;
    private const int Elite = 5;

    // Keeps the search from standing still before it has arrived.
    private const double ExtraSpread = 0.05;

    private readonly Generator _random;
    private readonly double[] _mean;
    private readonly double[] _spread;

    public CrossEntropySearch(int weights, int seed)
    {
        _random = Generator.FromSeed(seed);
        _mean = new double[weights];
        _spread = [.. Enumerable.Repeat(1.0, weights)];
    }

    /// <summary>The middle of the distribution: the best guess so far.</summary>
    public double[] Mean => [.. _mean];

    /// <summary>Tries a generation of candidates.</summary>
    /// <param name="evaluate">The return of a candidate.</param>
    /// <returns>Every candidate's return, the best first.</returns>
    public double[] Advance(Func<double[], double> evaluate)
    {
        var candidates = Enumerable.Range(0, Population)
            .Select(_ => _mean.Zip(_spread, _random.Normal).ToArray())
            .Select(weights => (Weights: weights, Return: evaluate(weights)))
            .OrderByDescending(candidate => candidate.Return)
            .ToArray();
        for (var index = 0; index < _mean.Length; index++)
        {
            var values = candidates.Take(Elite).Select(candidate => candidate.Weights[index]).ToArray();
            var mean = values.Average();
            _mean[index] = mean;
            _spread[index] = Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) + ExtraSpread;
        }
        return [.. candidates.Select(candidate => candidate.Return)];
    }
}
