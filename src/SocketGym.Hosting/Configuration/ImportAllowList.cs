using System.Collections.Immutable;

namespace SocketGym.Hosting.Configuration;

/// <summary>The modules that a client's word may have imported, in the default interpreter.</summary>
/// <param name="EnvironmentTypes">gym_service's <c>env_type</c>s: <c>pusht</c> allows <c>gym_pusht</c>.</param>
/// <param name="Modules">The modules of ids such as <c>ale_py:ALE/Pong-v5</c>.</param>
public sealed record ImportAllowList(ImmutableArray<string> EnvironmentTypes, ImmutableArray<string> Modules)
{
    private const string TypePrefix = "gym_";

    /// <summary>Allows nothing.</summary>
    public static ImportAllowList Nothing { get; } = new([], []);

    /// <summary>The module that an <c>env_type</c> stands for.</summary>
    /// <param name="environmentType">Such as <c>pusht</c>.</param>
    /// <returns>Such as <c>gym_pusht</c>.</returns>
    public static string ModuleOf(string environmentType) => TypePrefix + environmentType;

    /// <summary>Whether a module may be imported: it is listed, or an <c>env_type</c> that is stands for it.</summary>
    /// <param name="module">The module's name.</param>
    public bool Allows(string module) => Modules.Contains(module) || EnvironmentTypes.Any(type => ModuleOf(type) == module);

    internal static ImportAllowList Read(ConfigurationNode node)
    {
        var members = node.Members();
        var allow = new ImportAllowList([.. members.Find("env_types")?.Modules() ?? []], [.. members.Find("modules")?.Modules() ?? []]);
        members.RefuseOthers();
        return allow;
    }
}
