using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Hosting.Environments;

/// <summary>Everything that a server offers: its providers in their order, and the choice among them for an id.</summary>
/// <remarks>Thread-safe once made.</remarks>
public sealed class EnvironmentCatalog
{
    // Set aside for a provider to come; as a module name it would be misleading.
    private const string ReservedPrefix = "embedded";
    private readonly IEnvironmentProvider[] _providers;

    /// <summary>Makes a catalog.</summary>
    /// <param name="providers">The providers; the first that can make exactly what is asked for does.</param>
    public EnvironmentCatalog(IEnumerable<IEnvironmentProvider> providers) => _providers = [.. providers];

    /// <summary>Everything on offer, an id once, from the provider that would make it without keyword arguments.</summary>
    /// <returns>The offers, sorted by id. May start a process the first time.</returns>
    public IReadOnlyList<EnvironmentOffer> List() =>
    [
        .. _providers
            .SelectMany(provider => provider.ListIds().Select(id => new EnvironmentOffer(id, provider.Name)))
            .DistinctBy(offer => offer.Id)
            .OrderBy(offer => offer.Id, StringComparer.Ordinal),
    ];

    /// <summary>What a person should know about the providers, such as which interpreter was found.</summary>
    /// <returns>One line a provider that has something to say.</returns>
    public IReadOnlyList<string> Notes() => [.. _providers.Select(provider => provider.Describe()).OfType<string>()];

    /// <summary>Makes an environment.</summary>
    /// <param name="id">An id, perhaps with the prefix of a provider.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <param name="environmentType">gym_service's <c>env_type</c>: asks for the module <c>gym_X</c> to be imported; null for none.</param>
    /// <returns>The environment; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException">See <see cref="IEnvironmentProvider.Make"/>.</exception>
    public IEnvironment Make(string id, ValueDictionary kwargs, string? environmentType = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(kwargs);
        CheckArguments(kwargs);
        if (environmentType is not null)
        {
            throw new SocketGymException(ErrorCode.UnknownEnvironment,
                $"env_type '{environmentType}' asks for the module 'gym_{environmentType}', and no module is imported at a client's word. Start the server with --import gym_{environmentType} and leave env_type out.");
        }
        var (provider, bareId) = Choose(id, kwargs);
        return provider.Make(bareId, kwargs);
    }

    private static void CheckArguments(ValueDictionary kwargs)
    {
        foreach (var (key, _) in kwargs)
        {
            if (key.Kind != ValueKind.String)
                throw new SocketGymException(ErrorCode.InvalidArgument, $"A keyword argument's name is {key} ({ValueText.TypeName(key)}); it must be a str.");
        }
        if (kwargs.GetOrNone("render_mode") is { Kind: ValueKind.String } mode && mode.AsString() == "human")
            throw new SocketGymException(ErrorCode.UnsupportedRenderMode, "render_mode 'human' would open a window on the server. Ask for 'rgb_array' and show the frames in the client.");
    }

    private (IEnvironmentProvider Provider, string Id) Choose(string id, ValueDictionary kwargs)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            var prefix = id[..colon];
            foreach (var provider in _providers)
            {
                if (provider.Name == prefix)
                    return (provider, id[(colon + 1)..]);
            }
            throw new SocketGymException(ErrorCode.UnknownEnvironment, prefix == ReservedPrefix
                ? $"'{id}': embedded environments are not offered here; use 'python:{id[(colon + 1)..]}'."
                : $"'{id}' asks for the module '{prefix}', and no module is imported at a client's word. Start the server with --import {prefix} and ask for '{id[(colon + 1)..]}'. Prefixes here: {string.Join(", ", _providers.Select(provider => provider.Name + ":"))}.");
        }
        var known = _providers.Where(provider => provider.ListIds().Contains(id, StringComparer.Ordinal)).ToList();
        // Where only an argument is refused, the provider that has the id says so best. An id that nobody lists may still be
        // one that Gymnasium completes, such as a name without its version.
        var chosen = known.Find(provider => provider.CanMake(id, kwargs))
            ?? known.FirstOrDefault()
            ?? Array.Find(_providers, provider => provider.CanMake(id, kwargs));
        return chosen is null ? throw Unknown(id) : (chosen, id);
    }

    private SocketGymException Unknown(string id)
    {
        var ids = List().Select(offer => offer.Id).ToList();
        var close = CloseMatches.Find(id, ids);
        var hint = close.Count > 0
            ? $"Did you mean {string.Join(" or ", close.Select(match => $"'{match}'"))}?"
            : $"There are {ids.Count} environments: 'list' names them.";
        var missing = _providers.Where(provider => provider.ListIds().Count == 0).Select(provider => provider.Describe()).OfType<string>();
        return new SocketGymException(ErrorCode.UnknownEnvironment, string.Join(" ", [$"There is no environment '{id}'. {hint}", .. missing]));
    }
}
