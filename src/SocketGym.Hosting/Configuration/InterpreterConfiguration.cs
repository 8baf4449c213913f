using System.Collections.Immutable;
using SocketGym.Python.Interpreters;

namespace SocketGym.Hosting.Configuration;

/// <summary>A named interpreter of the configuration file.</summary>
public sealed record InterpreterConfiguration
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The program and its first arguments; a single text is divided at its blanks.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Modules to import before an environment is made. Default none.</summary>
    public ImmutableArray<string> Imports { get; init; } = [];

    /// <summary>Environment variables beside those of the server; null removes one. Default none.</summary>
    public ImmutableDictionary<string, string?> EnvironmentVariables { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>How long the interpreter may take to say what it has, in milliseconds. Default 60,000.</summary>
    public int ProbeTimeoutMs { get; init; } = new PythonInterpreterOptions().ProbeMs;

    /// <summary>Whether workers are forked from one warm process where that is possible; otherwise each is an interpreter of its own. Default true.</summary>
    public bool Fork { get; init; } = true;

    /// <summary>The libpython that is loaded for embedded environments; null for what the interpreter says it has.</summary>
    public string? Library { get; init; }

    /// <summary>The interpreter and what it is given.</summary>
    public PythonInterpreterOptions ToOptions() => new()
    {
        Name = Name,
        CommandWords = Command.Length > 1 ? Command : [],
        Command = Command[0],
        Imports = Imports,
        EnvironmentVariables = EnvironmentVariables,
        ProbeMs = ProbeTimeoutMs,
        Fork = Fork,
        Library = Library,
    };

    internal static InterpreterConfiguration Read(string name, ConfigurationNode node)
    {
        if (name.Length == 0)
            throw node.Refuse("the interpreter has no name.");
        var members = node.Members();
        var command = members.Get("command");
        var words = command.IsList ? command.Texts() : [command.Text()];
        if (words.Count == 0)
            throw command.Refuse("the command is empty; give a program such as \"/usr/bin/python3\".");
        var defaults = new InterpreterConfiguration { Name = name, Command = [.. words] };
        var interpreter = defaults with
        {
            Imports = [.. members.Find("imports")?.Modules() ?? []],
            EnvironmentVariables = ReadVariables(members.Find("environment")),
            ProbeTimeoutMs = members.Find("probe_timeout_ms")?.Integer(least: 1) ?? defaults.ProbeTimeoutMs,
            Fork = members.Find("fork")?.Flag() ?? defaults.Fork,
            Library = members.Find("libpython")?.Text(),
        };
        members.RefuseOthers();
        return interpreter;
    }

    private static ImmutableDictionary<string, string?> ReadVariables(ConfigurationNode? node) =>
        (node?.Entries() ?? []).ToImmutableDictionary(entry => entry.Key, entry => entry.Value.ToValue() switch
        {
            { IsNone: true } => null,
            // An empty variable is a value, too.
            { Kind: Core.Values.ValueKind.String } text => text.AsString(),
            _ => throw entry.Value.Refuse("the value of an environment variable must be a text, or null to remove it."),
        });
}
