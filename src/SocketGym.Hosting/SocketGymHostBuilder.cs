using Microsoft.Extensions.Logging;
using SocketGym.Core.Environments;
using SocketGym.Environments;
using SocketGym.Hosting.Configuration;
using SocketGym.Hosting.Environments;
using SocketGym.Hosting.Sessions;
using SocketGym.Protocol.Framing;
using SocketGym.Python.Embedded;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Hosting;

/// <summary>Collects what a server listens on and offers.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class SocketGymHostBuilder
{
    private readonly List<ListenerConfiguration> _listeners = [];
    private readonly List<IEnvironmentProvider> _providers = [];

    // What python3's own main thread has, and its limits on recursion count on.
    private const int EmbeddedStackBytes = 8 * 1024 * 1024;

    private ImportAllowList _allow = ImportAllowList.Nothing;

    internal SocketGymHostBuilder() => _providers.Add(Environments);

    /// <summary>The native environments; empty until filled.</summary>
    public EnvironmentRegistry Environments { get; } = new();

    /// <summary>What clients are allowed.</summary>
    public ServerLimits Limits { get; set; } = new();

    /// <summary>Whether connections may speak gym_service's pickle dialect. Default true.</summary>
    public bool AllowPickle { get; set; } = true;

    /// <summary>Whether what environments print is logged, in the category <see cref="EnvironmentLog.Category"/>. Default true.</summary>
    public bool LogEnvironments { get; set; } = true;

    /// <summary>Where the server logs; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Adds an address to listen on; the first call replaces the default.</summary>
    /// <param name="address">Such as <c>tcp://0.0.0.0:65432</c> or <c>unix:/run/socketgym.sock</c>; port 0 chooses a free one.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="FormatException">The text is no address.</exception>
    public SocketGymHostBuilder Listen(string address)
    {
        _listeners.Add(new ListenerConfiguration(ServerAddress.Parse(address)));
        return this;
    }

    /// <summary>
    /// Adds everything that a configuration describes: what it listens on and offers, limits and allow-lists. Its environments come before all others,
    /// its Python after everything that was added before. Native environments that it names have to be added before.
    /// </summary>
    /// <param name="configuration">Such as <see cref="ServerConfiguration.Load"/> reads.</param>
    /// <param name="python">False leaves out whatever needs Python.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="FormatException">An environment has to be native, and there is no such native one; the message names file, line and JSON path.</exception>
    public SocketGymHostBuilder AddConfiguration(ServerConfiguration configuration, bool python = true)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _listeners.AddRange(configuration.Listen);
        AllowPickle = configuration.Pickle;
        LogEnvironments = configuration.Python.LogOutput;
        Limits = configuration.Limits.ToLimits();
        _allow = configuration.Allow;
        var interpreters = python ? new PythonInterpreters(configuration, Limits.Messages) : null;
        if (configuration.Environments.Count + configuration.Interpreters.Count > 0)
            _providers.Insert(0, new ConfiguredEnvironmentProvider(configuration.Environments.Values, Environments, interpreters));
        if (interpreters is null || !configuration.Python.Enabled)
            return this;
        AddProvider(interpreters.Default);
        return configuration.Python.Embedded ? AddProvider(interpreters.Embed()) : this;
    }

    /// <summary>Adds the built-in native environments, such as CartPole-v1.</summary>
    /// <returns>This builder.</returns>
    public SocketGymHostBuilder AddBuiltInEnvironments()
    {
        NativeEnvironments.AddTo(Environments);
        return this;
    }

    /// <summary>Adds whatever a Python interpreter can <c>gymnasium.make</c>, after everything that was added before.</summary>
    /// <param name="options">Which interpreter and which modules to import; null finds one.</param>
    /// <param name="limits">How long a worker may take; null for the defaults.</param>
    /// <returns>This builder.</returns>
    public SocketGymHostBuilder AddPython(PythonInterpreterOptions? options = null, WorkerLimits? limits = null) =>
        AddProvider(new PythonEnvironmentProvider(new PythonInterpreter(options), limits, Limits.Messages));

    /// <summary>Adds any other source of environments, after everything that was added before.</summary>
    /// <param name="provider">The source; disposed of with the server where it is disposable.</param>
    /// <returns>This builder.</returns>
    public SocketGymHostBuilder AddProvider(IEnvironmentProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _providers.Add(provider);
        return this;
    }

    /// <summary>Makes the server, which does not listen yet.</summary>
    /// <returns>The server.</returns>
    public SocketGymServer Build() => new(
        new ServerOptions
        {
            Listeners = _listeners.Count > 0 ? [.. _listeners] : [new ListenerConfiguration(ServerAddress.Default)],
            Providers = [.. _providers],
            Limits = Limits,
            AllowPickle = AllowPickle,
            Allow = _allow,
            ThreadStackBytes = _providers.Any(Embeds) ? EmbeddedStackBytes : ServerOptions.UsualStackBytes,
        },
        LoggerFactory?.CreateLogger<SocketGymServer>(),
        LogEnvironments ? LoggerFactory?.CreateLogger(EnvironmentLog.Category) : null);

    private static bool Embeds(IEnvironmentProvider provider) => provider is EmbeddedEnvironmentProvider or ConfiguredEnvironmentProvider { Embeds: true };
}
