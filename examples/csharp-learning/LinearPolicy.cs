using SocketGym.Core.Environments;

namespace SocketGym.Examples.CSharpLearning;

/// <summary>Takes action 1 where the weighted sum of the observation is positive, else action 0.</summary>
/// <param name="weights">A weight for each number of the observation.</param>
internal sealed class LinearPolicy(double[] weights)
{
    /// <summary>Plays an episode from a seed.</summary>
    /// <param name="environment">The environment: two actions, a box of float32.</param>
    /// <param name="seed">Decides the episode.</param>
    /// <param name="beforeEach">What happens before each step; null for nothing.</param>
    /// <returns>The sum of the rewards.</returns>
    public double Play(IEnvironment environment, int seed, Action? beforeEach = null)
    {
        var observation = environment.Reset(seed).Observation;
        for (var total = 0.0; ;)
        {
            // Chosen first: an observation is valid until the environment's next call, and what follows may render.
            var action = Choose(observation.AsArray().AsSpan<float>());
            beforeEach?.Invoke();
            var step = environment.Step(action);
            observation = step.Observation;
            total += step.Reward.ToDouble();
            if (step.Terminated.IsTrue || step.Truncated.IsTrue)
                return total;
        }
    }

    private int Choose(ReadOnlySpan<float> observation)
    {
        var sum = 0.0;
        for (var index = 0; index < weights.Length; index++)
            sum += weights[index] * observation[index];
        return sum > 0 ? 1 : 0;
    }
}
