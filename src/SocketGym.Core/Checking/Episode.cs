using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Core.Checking;

/// <summary>Plays the same calls again and again, and keeps copies of what came back.</summary>
/// <param name="environment">The environment.</param>
/// <param name="actions">The actions; after each end of an episode the next one begins.</param>
internal sealed class Episode(IEnvironment environment, IReadOnlyList<Value> actions)
{
    /// <summary>Plays with a seed.</summary>
    /// <param name="seed">The seed of the first reset.</param>
    /// <param name="afterEach">What happens to each observation before the next call; null for nothing.</param>
    /// <param name="inspect">Sees each result of a step before it is copied; null for none.</param>
    /// <returns>What each call returned.</returns>
    public List<(string Call, Value Result)> Play(BigInteger seed, Action<Value>? afterEach = null, Action<StepResult>? inspect = null)
    {
        var transcript = new List<(string, Value)>();
        Reset(seed);
        // A second start shows whether the generator, and not only the first state, comes from the seed.
        Reset(null);
        foreach (var action in actions)
        {
            var step = environment.Step(action);
            inspect?.Invoke(step);
            Note($"step({action})", Value.Tuple(step.Observation, step.Reward, step.Terminated, step.Truncated, step.Info), step.Observation);
            if (IsSet(step.Terminated) || IsSet(step.Truncated))
                Reset(null);
        }
        return transcript;

        void Reset(BigInteger? number)
        {
            var start = environment.Reset(number);
            Note(number is null ? "reset()" : $"reset(seed={number})", Value.Tuple(start.Observation, start.Info), start.Observation);
        }

        void Note(string call, Value result, Value observation)
        {
            transcript.Add((call, result.Copy()));
            afterEach?.Invoke(observation);
        }
    }

    private static bool IsSet(Value flag) => flag.Kind is ValueKind.Bool or ValueKind.Scalar && flag.IsTrue;
}
