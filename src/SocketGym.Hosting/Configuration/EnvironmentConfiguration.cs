using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Hosting.Configuration;

/// <summary>One environment of the configuration file, with the defaults worked in.</summary>
public sealed record EnvironmentConfiguration
{
    private const string StepsName = "max_episode_steps";
    // Where an interpreter has both, these say which one's id is meant.
    private static readonly string[] Packages = ["gymnasium:", "gym:"];

    /// <summary>What a client asks for.</summary>
    public required string Id { get; init; }

    /// <summary>Where it runs. Default: what fits.</summary>
    public EnvironmentHost Host { get; init; }

    /// <summary>The name of the interpreter where it runs in Python; null for the <c>python</c> section's.</summary>
    public string? Interpreter { get; init; }

    /// <summary>Modules to import before it is made, beside the interpreter's. Default none.</summary>
    public ImmutableArray<string> Imports { get; init; } = [];

    /// <summary>The Python class or function that makes it, <c>module:name</c>; null where it is registered.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>The id that <c>gymnasium.make</c> or the native registry knows it by. Default: its own.</summary>
    public required string MadeId { get; init; }

    /// <summary>The keyword arguments that it is made with, <c>max_episode_steps</c> among them where that is configured.</summary>
    public ValueDictionary Kwargs { get; init; } = ValueDictionary.Empty;

    /// <summary>Which keyword arguments a client may set.</summary>
    public ClientKwargs ClientKwargs { get; init; } = ClientKwargs.Default;

    /// <summary>Python wrappers to put around it, innermost first. Default none.</summary>
    public ImmutableArray<WrapperConfiguration> Wrappers { get; init; } = [];

    /// <summary>How long a call may take where it runs in Python.</summary>
    public EnvironmentLimitsConfiguration Limits { get; init; } = EnvironmentLimitsConfiguration.None;

    /// <summary>Where the configuration describes it, for messages to the server's owner.</summary>
    public string Place { get; init; } = "the configuration";

    internal static EnvironmentConfiguration Read(
        string id, ConfigurationNode node, EnvironmentDefaults defaults, ImmutableSortedDictionary<string, InterpreterConfiguration> interpreters)
    {
        CheckId(id, node);
        var members = node.Members();
        var host = members.Find("host");
        var interpreter = members.Find("interpreter");
        var imports = members.Find("imports");
        var entryPoint = members.Find("entry_point");
        var make = members.Find("make");
        var wrappers = members.Find("wrappers");
        var limits = members.Find("limits");
        var environment = new EnvironmentConfiguration
        {
            Id = id,
            Place = node.Place,
            Host = ReadHost(host, asksForPython: interpreter ?? imports ?? entryPoint ?? wrappers, limits),
            Interpreter = interpreter is null ? defaults.Interpreter : EnvironmentDefaults.ReadInterpreter(interpreter, interpreters),
            Imports = [.. imports?.Modules() ?? []],
            EntryPoint = entryPoint?.EntryPoint(),
            MadeId = make?.Text() ?? id,
            Kwargs = ReadKwargs(members.Find("kwargs"), members.Find(StepsName), defaults.MaxEpisodeSteps),
            ClientKwargs = members.Find("client_kwargs") is { } names ? ClientKwargs.Read(names) : defaults.ClientKwargs,
            Wrappers = [.. wrappers?.Items().Select(WrapperConfiguration.Read) ?? []],
            Limits = limits is null ? defaults.Limits : EnvironmentLimitsConfiguration.Read(limits, defaults.Limits),
        };
        members.RefuseOthers();
        if (make is not null && entryPoint is not null)
            throw entryPoint.Refuse("an environment has either 'make' or 'entry_point'; leave one out.");
        if (make is not null)
        {
            var package = Array.Find(Packages, prefix => environment.MadeId.StartsWith(prefix, StringComparison.Ordinal)) ?? "";
            CheckId(environment.MadeId[package.Length..], make);
        }
        return environment;
    }

    private static EnvironmentHost ReadHost(ConfigurationNode? host, ConfigurationNode? asksForPython, ConfigurationNode? limits)
    {
        switch (host?.Text())
        {
            case null:
                return asksForPython is null ? EnvironmentHost.WhatFits : EnvironmentHost.Python;
            case "python":
                return EnvironmentHost.Python;
            case "embedded":
                return limits is null ? EnvironmentHost.Embedded : throw limits.Refuse("no call of an environment in the server's process can be ended, and the host is \"embedded\"; leave one out.");
            case "native":
                return (asksForPython ?? limits) is not { } python ? EnvironmentHost.Native : throw python.Refuse("this is for environments in Python, and the host is \"native\"; leave one out.");
            default:
                throw host.Refuse("the host must be \"python\", \"native\" or \"embedded\".");
        }
    }

    private static ValueDictionary ReadKwargs(ConfigurationNode? kwargs, ConfigurationNode? steps, int? defaultSteps)
    {
        var result = new ValueDictionary();
        foreach (var (name, value) in kwargs?.Entries() ?? [])
        {
            CheckKwarg(name, value);
            result[name] = value.ToValue();
        }
        var limit = steps?.Integer(least: 1);
        if (steps is not null && result.TryGetValue(StepsName, out _))
            throw steps.Refuse("max_episode_steps stands in 'kwargs', too; leave one out.");
        if ((limit ?? defaultSteps) is { } count && !result.TryGetValue(StepsName, out _))
            result[StepsName] = count;
        return result;
    }

    // The rest is the environment's own, and only it knows its types.
    private static void CheckKwarg(string name, ConfigurationNode value)
    {
        switch (name)
        {
            case "render_mode" when !value.IsNull && value.Text() == "human":
                throw value.Refuse("\"human\" would open a window on the server; use \"rgb_array\".");
            case StepsName when !value.IsNull && value.ToValue() != -1:
                _ = value.Integer(least: 1);
                break;
            case "disable_env_checker" when !value.IsNull:
                _ = value.Flag();
                break;
            case "id":
                throw value.Refuse("'id' is gymnasium.make's own; use 'make' to name another id.");
        }
    }

    private static void CheckId(string id, ConfigurationNode node)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
            throw node.Refuse($"the id '{id}' has a module in front; write \"{id[(colon + 1)..]}\" and put \"{id[..colon]}\" into 'imports'.");
        if (id.Length == 0 || id.Count(character => character == '/') > 1 || !id.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or '/'))
            throw node.Refuse($"'{id}' is no id; write name-v0 or namespace/name-v0 with letters, digits, '_', '-' and '.'.");
    }
}
