using System.Collections.Immutable;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Hosting.Configuration;

/// <summary>Which keyword arguments of a configured environment a client may set.</summary>
/// <param name="Names">Their names.</param>
/// <param name="Everything">Whether it may set any other, too.</param>
public sealed record ClientKwargs(ImmutableArray<string> Names, bool Everything = false)
{
    private const string Any = "*";
    private const string RenderMode = "render_mode";

    /// <summary>What every client needs, and none of the environment's own: <c>render_mode</c>, <c>max_episode_steps</c>, <c>disable_env_checker</c>.</summary>
    public static ClientKwargs Default { get; } = new([RenderMode, "max_episode_steps", "disable_env_checker"]);

    /// <summary>Puts a client's keyword arguments over those of the configuration.</summary>
    /// <param name="id">The environment, for messages.</param>
    /// <param name="configured">The configuration's.</param>
    /// <param name="given">The client's; one that equals the configuration's is always accepted.</param>
    /// <returns>What the environment is made with.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.InvalidArgument"/> for one that a client may not set; <see cref="ErrorCode.UnsupportedRenderMode"/> where that is <c>render_mode</c>.
    /// </exception>
    public ValueDictionary Apply(string id, ValueDictionary configured, ValueDictionary given)
    {
        ArgumentNullException.ThrowIfNull(configured);
        ArgumentNullException.ThrowIfNull(given);
        var merged = new ValueDictionary();
        foreach (var (key, value) in configured)
            merged[key] = value;
        foreach (var (key, value) in given)
        {
            var name = key.AsString();
            if (!Everything && !Names.Contains(name) && !(configured.TryGetValue(name, out var own) && own == value))
                throw Refusal(id, name, configured);
            merged[key] = value;
        }
        return merged;
    }

    internal static ClientKwargs Read(ConfigurationNode node)
    {
        if (node.IsList)
            return new([.. node.Texts()]);
        return node.Text() == Any ? new([], Everything: true) : throw node.Refuse("this must be a list of names, or \"*\" for any.");
    }

    private SocketGymException Refusal(string id, string name, ValueDictionary configured)
    {
        var why = configured.TryGetValue(name, out var own) ? $"{name} of '{id}' is fixed to {own} by the server" : $"The server lets no client set {name} of '{id}'";
        var free = Names.Length > 0 ? $"a client may set: {string.Join(", ", Names)}" : "a client may set nothing";
        return new SocketGymException(
            name == RenderMode ? ErrorCode.UnsupportedRenderMode : ErrorCode.InvalidArgument,
            $"{why}; {free}. The server's owner decides that with \"client_kwargs\".");
    }
}
