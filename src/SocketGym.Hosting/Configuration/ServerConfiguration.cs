using System.Collections.Immutable;

namespace SocketGym.Hosting.Configuration;

/// <summary>A server's configuration file, as docs/configuration.md describes it.</summary>
public sealed record ServerConfiguration
{
    /// <summary>The environment variable that names the file where the command line does not.</summary>
    public const string Variable = "SOCKETGYM_CONFIG";

    /// <summary>Where to listen; empty for the default.</summary>
    public IReadOnlyList<ListenerConfiguration> Listen { get; init; } = [];

    /// <summary>Whether listeners that do not say speak the pickle dialect. Default true.</summary>
    public bool Pickle { get; init; } = true;

    /// <summary>Python environments and the interpreter that hosts them unless another is named.</summary>
    public PythonConfiguration Python { get; init; } = new();

    /// <summary>Further interpreters by name.</summary>
    public ImmutableSortedDictionary<string, InterpreterConfiguration> Interpreters { get; init; } = ImmutableSortedDictionary<string, InterpreterConfiguration>.Empty;

    /// <summary>The environments that it describes, by id, with the defaults worked in.</summary>
    public ImmutableSortedDictionary<string, EnvironmentConfiguration> Environments { get; init; } = ImmutableSortedDictionary<string, EnvironmentConfiguration>.Empty;

    /// <summary>What may be imported at a client's word. Default nothing.</summary>
    public ImportAllowList Allow { get; init; } = ImportAllowList.Nothing;

    /// <summary>What clients are allowed.</summary>
    public LimitsConfiguration Limits { get; init; } = new();

    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="FormatException">The content is refused; the message names file, line and JSON path.</exception>
    public static ServerConfiguration Load(string path) => Parse(path, File.ReadAllText(path));

    /// <summary>Reads a configuration.</summary>
    /// <param name="name">What messages call it, such as its file's path.</param>
    /// <param name="json">JSON, comments and trailing commas allowed.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="FormatException">The content is refused; the message names file, line and JSON path.</exception>
    public static ServerConfiguration Parse(string name, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var members = ConfigurationDocument.Parse(name, json).Members();
        // Editors find the schema of a file by this.
        _ = members.Find("$schema")?.Text();
        var defaults = new ServerConfiguration();
        var interpreters = Named(members.Find("interpreters"), InterpreterConfiguration.Read);
        var environmentDefaults = members.Find("defaults") is { } given ? EnvironmentDefaults.Read(given, interpreters) : EnvironmentDefaults.None;
        var configuration = new ServerConfiguration
        {
            Listen = members.Find("listen") is { } listen ? [.. listen.Items().Select(ListenerConfiguration.Read)] : [],
            Pickle = members.Find("pickle")?.Flag() ?? defaults.Pickle,
            Python = members.Find("python") is { } python ? PythonConfiguration.Read(python) : defaults.Python,
            Interpreters = interpreters,
            Environments = Named(members.Find("environments"), (id, node) => EnvironmentConfiguration.Read(id, node, environmentDefaults, interpreters)),
            Allow = members.Find("allow") is { } allow ? ImportAllowList.Read(allow) : defaults.Allow,
            Limits = members.Find("limits") is { } limits ? LimitsConfiguration.Read(limits) : defaults.Limits,
        };
        members.RefuseOthers();
        return configuration;
    }

    private static ImmutableSortedDictionary<string, T> Named<T>(ConfigurationNode? node, Func<string, ConfigurationNode, T> read) =>
        (node?.Entries() ?? []).ToImmutableSortedDictionary(entry => entry.Key, entry => read(entry.Key, entry.Value), StringComparer.Ordinal);
}
