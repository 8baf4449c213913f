using System.Numerics;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Examples.CSharpVectorLearning;

/// <summary>Plays an episode in each environment, each with a linear policy of its own: action 1 where the weighted sum of the observation is positive, else action 0.</summary>
/// <param name="environments">With two actions and boxes of float32.</param>
internal sealed class LinearPlayers(IVectorEnvironment environments)
{
    // The same array every time: then a step allocates nothing.
    private readonly NDArray _actions = new(DType.Int64, environments.Count);

    /// <summary>Plays.</summary>
    /// <param name="weights">The weights of each environment's policy.</param>
    /// <param name="seeds">Decide the episodes.</param>
    /// <returns>The sum of each episode's rewards.</returns>
    public double[] Play(double[][] weights, IEnumerable<int> seeds)
    {
        var returns = new double[environments.Count];
        var isOver = new bool[environments.Count];
        var observations = environments.Reset([.. seeds.Select(seed => (BigInteger?)seed)]).Observations.AsArray();
        while (isOver.Contains(false))
        {
            for (var index = 0; index < returns.Length; index++)
                _actions.AsSpan<long>()[index] = Choose(weights[index], observations.Row<float>(index));
            var step = environments.Step(_actions);
            observations = step.Observations.AsArray();
            for (var index = 0; index < returns.Length; index++)
            {
                // An environment whose episode is over begins another, which does not count.
                if (isOver[index])
                    continue;
                returns[index] += step.Rewards.AsSpan<double>()[index];
                isOver[index] = step.Terminations.AsSpan<bool>()[index] || step.Truncations.AsSpan<bool>()[index];
            }
        }
        return returns;
    }

    private static long Choose(double[] weights, ReadOnlySpan<float> observation)
    {
        var sum = 0.0;
        for (var index = 0; index < weights.Length; index++)
            sum += weights[index] * observation[index];
        return sum > 0 ? 1 : 0;
    }
}
