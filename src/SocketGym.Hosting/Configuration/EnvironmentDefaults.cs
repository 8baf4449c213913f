using System.Collections.Immutable;

namespace SocketGym.Hosting.Configuration;

/// <summary>What holds for every configured environment that does not say otherwise.</summary>
internal sealed record EnvironmentDefaults
{
    /// <summary>What holds without the configuration's <c>defaults</c>.</summary>
    public static EnvironmentDefaults None { get; } = new();

    /// <summary>The interpreter of those that run in Python; null for the <c>python</c> section's.</summary>
    public string? Interpreter { get; init; }

    /// <summary>The keyword arguments that a client may set.</summary>
    public ClientKwargs ClientKwargs { get; init; } = ClientKwargs.Default;

    /// <summary>Steps after which an episode is truncated; null for the environment's own.</summary>
    public int? MaxEpisodeSteps { get; init; }

    /// <summary>How long a call may take.</summary>
    public EnvironmentLimitsConfiguration Limits { get; init; } = EnvironmentLimitsConfiguration.None;

    public static EnvironmentDefaults Read(ConfigurationNode node, ImmutableSortedDictionary<string, InterpreterConfiguration> interpreters)
    {
        var members = node.Members();
        var defaults = new EnvironmentDefaults
        {
            Interpreter = members.Find("interpreter") is { } interpreter ? ReadInterpreter(interpreter, interpreters) : null,
            ClientKwargs = members.Find("client_kwargs") is { } names ? ClientKwargs.Read(names) : None.ClientKwargs,
            MaxEpisodeSteps = members.Find("max_episode_steps")?.Integer(least: 1),
            Limits = members.Find("limits") is { } limits ? EnvironmentLimitsConfiguration.Read(limits, None.Limits) : None.Limits,
        };
        members.RefuseOthers();
        return defaults;
    }

    /// <summary>The name of a configured interpreter.</summary>
    public static string ReadInterpreter(ConfigurationNode node, ImmutableSortedDictionary<string, InterpreterConfiguration> interpreters)
    {
        var name = node.Text();
        return interpreters.ContainsKey(name)
            ? name
            : throw node.Refuse(interpreters.Count > 0
                ? $"there is no interpreter '{name}'; 'interpreters' has: {string.Join(", ", interpreters.Keys)}."
                : $"there is no interpreter '{name}'; describe it under 'interpreters'.");
    }
}
