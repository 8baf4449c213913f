using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>How an environment is made: the fields of Gymnasium's <c>EnvSpec</c> that mean something on another machine.</summary>
/// <param name="Id">The id, such as <c>CartPole-v1</c> or <c>namespace/Name-v0</c>.</param>
public sealed record EnvironmentSpec(string Id)
{
    /// <summary>Where the environment comes from: a Python entry point or a C# type name; null when unknown.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>The reward at which the task counts as solved; null for none.</summary>
    public double? RewardThreshold { get; init; }

    /// <summary>Whether the environment differs between runs with the same seed.</summary>
    public bool Nondeterministic { get; init; }

    /// <summary>Steps after which an episode is truncated; null for no limit.</summary>
    public int? MaxEpisodeSteps { get; init; }

    /// <summary>Whether calls out of order are refused.</summary>
    public bool OrderEnforce { get; init; } = true;

    /// <summary>Whether Gymnasium's passive checker is left out.</summary>
    public bool DisableEnvChecker { get; init; }

    /// <summary>Keyword arguments that the environment was made with.</summary>
    public ValueDictionary Kwargs { get; init; } = ValueDictionary.Empty;
}
