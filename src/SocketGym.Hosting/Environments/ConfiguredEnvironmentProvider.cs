using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Hosting.Configuration;
using SocketGym.Python.Workers;

namespace SocketGym.Hosting.Environments;

/// <summary>The environments that a configuration describes, made by the native registry or in the interpreter that each names.</summary>
/// <remarks>Thread-safe. What is imported, loaded and wrapped comes from the configuration alone; a client gives keyword arguments that the configuration leaves to it.</remarks>
internal sealed class ConfiguredEnvironmentProvider : IEnvironmentProvider, IDisposable
{
    private readonly SortedDictionary<string, EnvironmentConfiguration> _environments = new(StringComparer.Ordinal);
    private readonly IEnvironmentProvider _native;
    private readonly PythonInterpreters? _interpreters;

    /// <summary>Makes the provider; starts nothing.</summary>
    /// <param name="environments">The environments.</param>
    /// <param name="native">The native ones.</param>
    /// <param name="interpreters">The interpreters; null leaves out what needs one.</param>
    /// <exception cref="FormatException">One has to be native and is not.</exception>
    public ConfiguredEnvironmentProvider(IEnumerable<EnvironmentConfiguration> environments, IEnvironmentProvider native, PythonInterpreters? interpreters)
    {
        _native = native;
        _interpreters = interpreters;
        foreach (var environment in environments)
        {
            if (environment.Host == EnvironmentHost.Native && !IsNative(environment, environment.Kwargs))
                throw NotNative(environment);
            if (interpreters is not null || IsNative(environment, environment.Kwargs))
                _environments.Add(environment.Id, environment);
        }
    }

    /// <inheritdoc/>
    public string Name => "configured";

    /// <summary>Whether one of them runs in Python in the server's process.</summary>
    public bool Embeds => _environments.Values.Any(environment => environment.Host == EnvironmentHost.Embedded);

    /// <summary>What it offers, with where each runs when a client adds no keyword arguments.</summary>
    public IEnumerable<EnvironmentOffer> ListOffers() => _environments.Values.Select(environment => IsNative(environment, environment.Kwargs)
        ? new EnvironmentOffer(environment.Id, _native.Name)
        : new EnvironmentOffer(environment.Id, environment.Host == EnvironmentHost.Embedded ? "embedded" : _interpreters!.Default.Name, environment.Interpreter, _interpreters!.Get(environment.Interpreter).KnownProblem));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListIds() => [.. _environments.Keys];

    /// <inheritdoc/>
    /// <remarks>A line for each named interpreter.</remarks>
    public string? Describe() => _interpreters is null ? null : string.Join('\n', _interpreters.Describe()) is { Length: > 0 } lines ? lines : null;

    /// <inheritdoc/>
    /// <remarks>True whatever the arguments: another provider must not make what the configuration restricts.</remarks>
    public bool CanMake(string id, ValueDictionary kwargs) => _environments.ContainsKey(id);

    /// <inheritdoc/>
    public IEnvironment Make(string id, ValueDictionary kwargs) => Make(id, kwargs, CancellationToken.None);

    /// <inheritdoc/>
    public IEnvironment Make(string id, ValueDictionary kwargs, CancellationToken cancellation) => Make(
        id,
        kwargs,
        (native, madeId, merged) => native.Make(madeId, merged, cancellation),
        (python, madeId, merged, options) => python.Make(madeId, merged, options, cancellation));

    /// <inheritdoc/>
    public IVectorEnvironment MakeVector(string id, ValueDictionary kwargs, VectorOptions options, CancellationToken cancellation) => Make(
        id,
        kwargs,
        (native, madeId, merged) => native.MakeVector(madeId, merged, options, cancellation),
        (python, madeId, merged, makeOptions) => python.MakeVector(madeId, merged, options, makeOptions, cancellation));

    private T Make<T>(
        string id,
        ValueDictionary kwargs,
        Func<IEnvironmentProvider, string, ValueDictionary, T> make,
        Func<PythonEnvironmentProvider, string, ValueDictionary, PythonMakeOptions, T> makeInPython)
    {
        if (!_environments.TryGetValue(id, out var environment))
            throw new SocketGymException(ErrorCode.UnknownEnvironment, $"There is no configured environment '{id}'; there are: {string.Join(", ", _environments.Keys)}.");
        var merged = environment.ClientKwargs.Apply(id, environment.Kwargs, kwargs);
        if (_interpreters is null || environment.Host == EnvironmentHost.Native || IsNative(environment, merged))
            return make(_native, environment.MadeId, merged);
        var options = new PythonMakeOptions
        {
            Imports = environment.Imports,
            EntryPoint = environment.EntryPoint,
            Wrappers = [.. environment.Wrappers.Select(wrapper => new PythonWrapper(wrapper.EntryPoint, wrapper.Kwargs))],
            Limits = environment.Limits.Over(_interpreters.Limits),
        };
        if (environment.Host == EnvironmentHost.Embedded)
            return make(_interpreters.Embed(environment.Interpreter, options), environment.MadeId, merged);
        return makeInPython(_interpreters.Get(environment.Interpreter), environment.MadeId, merged, options);
    }

    /// <summary>Ends the interpreters.</summary>
    public void Dispose() => _interpreters?.Dispose();

    private bool IsNative(EnvironmentConfiguration environment, ValueDictionary kwargs) =>
        environment.Host is EnvironmentHost.WhatFits or EnvironmentHost.Native
        && _native.CanMake(environment.MadeId, kwargs);

    private FormatException NotNative(EnvironmentConfiguration environment)
    {
        var ids = _native.ListIds();
        return new FormatException(ids.Contains(environment.MadeId, StringComparer.Ordinal)
            ? $"{environment.Place}: the native '{environment.MadeId}' does not take these kwargs; set \"host\": \"python\" or correct them."
            : $"{environment.Place}: there is no native '{environment.MadeId}'; there are: {string.Join(", ", ids)}. Set \"host\": \"python\", or \"make\" to one of these.");
    }
}
