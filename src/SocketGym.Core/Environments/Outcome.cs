namespace SocketGym.Core.Environments;

/// <summary>What an environment says about a step, besides the observation. A number alone converts: the reward of a step that ended nothing.</summary>
/// <param name="Reward">The reward; a Python <c>float</c> to the caller.</param>
/// <param name="Terminated">Whether a terminal state was reached.</param>
/// <param name="Truncated">Whether the episode was cut short; a time limit is better left to the registry's <c>maxEpisodeSteps</c>.</param>
public readonly record struct Outcome(double Reward, bool Terminated = false, bool Truncated = false)
{
    /// <summary>The reward of a step that ended nothing.</summary>
    /// <param name="reward">The reward.</param>
    public static implicit operator Outcome(double reward) => new(reward);

    /// <summary>The reward of a step that ended nothing.</summary>
    /// <param name="reward">The reward.</param>
    /// <returns>The outcome.</returns>
    public static Outcome FromDouble(double reward) => new(reward);
}
