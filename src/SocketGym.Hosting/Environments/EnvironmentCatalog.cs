using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Hosting.Configuration;
using SocketGym.Python.Workers;

namespace SocketGym.Hosting.Environments;

/// <summary>Everything that a server offers: its providers in their order, and the choice among them for an id.</summary>
/// <remarks>Thread-safe once made.</remarks>
public sealed class EnvironmentCatalog
{
    // Of a provider that is there only where the owner wants it; as a module name it would be misleading.
    private const string ReservedPrefix = "embedded";

    private readonly IEnvironmentProvider[] _providers;
    private readonly ImportAllowList _allow;

    /// <summary>Makes a catalog.</summary>
    /// <param name="providers">The providers; the first that can make exactly what is asked for does, but what a configuration describes comes first.</param>
    /// <param name="allow">What may be imported at a client's word; null for nothing.</param>
    public EnvironmentCatalog(IEnumerable<IEnvironmentProvider> providers, ImportAllowList? allow = null)
    {
        _providers = [.. providers];
        _allow = allow ?? ImportAllowList.Nothing;
    }

    /// <summary>Everything on offer, an id once, from the provider that would make it without keyword arguments.</summary>
    /// <returns>The offers, sorted by id. May start a process the first time.</returns>
    public IReadOnlyList<EnvironmentOffer> List() =>
    [
        .. _providers
            .SelectMany(provider => provider is ConfiguredEnvironmentProvider configured
                ? configured.ListOffers()
                : provider.ListIds().Select(id => new EnvironmentOffer(id, provider.Name)))
            .DistinctBy(offer => offer.Id)
            .OrderBy(offer => offer.Id, StringComparer.Ordinal),
    ];

    /// <summary>What a person should know about the providers, such as which interpreter was found.</summary>
    /// <returns>The lines of those that have something to say.</returns>
    public IReadOnlyList<string> Notes() => [.. _providers.Select(provider => provider.Describe()).OfType<string>().SelectMany(lines => lines.Split('\n'))];

    /// <summary>Makes an environment.</summary>
    /// <param name="id">An id, perhaps with the prefix of a provider or an allowed module.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <param name="environmentType">gym_service's <c>env_type</c>: asks for the module <c>gym_X</c> to be imported; null for none.</param>
    /// <param name="cancellation">Ends the making where it can be ended.</param>
    /// <returns>The environment; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException">See <see cref="IEnvironmentProvider.Make(string, ValueDictionary)"/>.</exception>
    public IEnvironment Make(string id, ValueDictionary kwargs, string? environmentType = null, CancellationToken cancellation = default) => Make(
        id,
        kwargs,
        environmentType,
        (provider, found) => provider.Make(found, kwargs, cancellation),
        (python, found, options) => python.Make(found, kwargs, options, cancellation));

    /// <summary>Makes several environments that are stepped as one.</summary>
    /// <param name="id">As for <see cref="Make(string, ValueDictionary, string?, CancellationToken)"/>.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>, the same for all.</param>
    /// <param name="options">How many, and how they are divided and reset.</param>
    /// <param name="environmentType">As for the other method.</param>
    /// <param name="cancellation">As for the other method.</param>
    /// <returns>The vector; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException">As for the other method.</exception>
    public IVectorEnvironment MakeVector(
        string id, ValueDictionary kwargs, VectorOptions options, string? environmentType = null, CancellationToken cancellation = default) => Make(
        id,
        kwargs,
        environmentType,
        (provider, found) => provider.MakeVector(found, kwargs, options, cancellation),
        (python, found, makeOptions) => python.MakeVector(found, kwargs, options, makeOptions, cancellation));

    private T Make<T>(
        string id,
        ValueDictionary kwargs,
        string? environmentType,
        Func<IEnvironmentProvider, string, T> make,
        Func<PythonEnvironmentProvider, string, PythonMakeOptions, T> makeWith)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(kwargs);
        CheckArguments(kwargs);
        if (environmentType is not null)
        {
            var module = ImportAllowList.ModuleOf(environmentType);
            return _allow.Allows(module) ? MakeWithImport(module, id) : throw new SocketGymException(ErrorCode.UnknownEnvironment,
                $"env_type '{environmentType}' asks for the module '{module}', and a server imports only what its owner allows. {Advice($"\"env_types\": [\"{environmentType}\"]", module)} then leave env_type out.");
        }
        var (prefix, bareId) = Divide(id);
        if (prefix is null)
            return make(Choose(id, kwargs), id);
        if (Array.Find(_providers, provider => provider.Name == prefix) is { } named)
            return make(named, bareId);
        return _allow.Allows(prefix) ? MakeWithImport(prefix, bareId) : throw UnknownPrefix(id, prefix, bareId);

        // What the configuration describes needs no import at a client's word: it is made as it is described.
        T MakeWithImport(string module, string id)
        {
            var configured = _providers.OfType<ConfiguredEnvironmentProvider>().FirstOrDefault(provider => provider.CanMake(id, kwargs));
            if (configured is not null)
                return make(configured, id);
            var python = _providers.OfType<PythonEnvironmentProvider>().FirstOrDefault()
                ?? throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"The module '{module}' is allowed, but this server hosts Python's environments only where its configuration describes them.");
            return makeWith(python, id, new PythonMakeOptions { Imports = [module] });
        }
    }

    private static (string? Prefix, string Id) Divide(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (null, id) : (id[..colon], id[(colon + 1)..]);
    }

    private static string Advice(string member, string module) =>
        $"Its owner can write \"allow\": {{ {member} }} into its configuration, or start it with --import {module};";

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

    private IEnvironmentProvider Choose(string id, ValueDictionary kwargs)
    {
        if (_providers.OfType<ConfiguredEnvironmentProvider>().FirstOrDefault(provider => provider.CanMake(id, kwargs)) is { } configured)
            return configured;
        var known = _providers.Where(provider => provider.ListIds().Contains(id, StringComparer.Ordinal)).ToList();
        // Where only an argument is refused, the provider that has the id says so best. An id that nobody lists may still be
        // one that Gymnasium completes, such as a name without its version.
        return known.Find(provider => provider.CanMake(id, kwargs))
            ?? known.FirstOrDefault()
            ?? Array.Find(_providers, provider => provider.CanMake(id, kwargs))
            ?? throw Unknown(id);
    }

    private SocketGymException UnknownPrefix(string id, string prefix, string bareId) => new(ErrorCode.UnknownEnvironment, prefix == ReservedPrefix
        ? $"'{id}': this server runs no environments in its own process; use 'python:{bareId}'. Its owner can write \"python\": {{ \"embedded\": true }} into its configuration, or start it with --embedded."
        : $"'{id}' asks for the module '{prefix}', and a server imports only what its owner allows. {Advice($"\"modules\": [\"{prefix}\"]", prefix)} then ask for '{bareId}'. Prefixes here: {string.Join(", ", _providers.Select(provider => provider.Name + ":"))}.");

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
