using SocketGym.Hosting.Configuration;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Embedded;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Hosting.Environments;

/// <summary>The interpreters of a configuration, each a provider of its own.</summary>
/// <remarks>Thread-safe. Starts nothing until an environment is made or the interpreters are described.</remarks>
internal sealed class PythonInterpreters : IDisposable
{
    private readonly SortedDictionary<string, PythonEnvironmentProvider> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PythonInterpreter> _interpreters = new(StringComparer.Ordinal);
    private readonly PythonInterpreter _default;
    private readonly MessageLimits _messages;

    public PythonInterpreters(ServerConfiguration configuration, MessageLimits messages)
    {
        _messages = messages;
        Limits = configuration.Python.ToLimits();
        _default = new PythonInterpreter(configuration.Python.ToOptions());
        Default = new PythonEnvironmentProvider(_default, Limits, messages);
        foreach (var (name, interpreter) in configuration.Interpreters)
        {
            _interpreters.Add(name, new PythonInterpreter(interpreter.ToOptions()));
            _named.Add(name, new PythonEnvironmentProvider(_interpreters[name], Limits, messages));
        }
    }

    /// <summary>The one that is used unless another is named.</summary>
    public PythonEnvironmentProvider Default { get; }

    /// <summary>How long a worker may take unless the environment has limits of its own.</summary>
    public WorkerLimits Limits { get; }

    /// <summary>The one of a name; null for the default.</summary>
    public PythonEnvironmentProvider Get(string? name) => name is null ? Default : _named[name];

    /// <summary>The environments of one in the server's own process.</summary>
    /// <param name="name">Its name; null for the default.</param>
    /// <param name="options">What the owner adds; null for nothing.</param>
    public EmbeddedEnvironmentProvider Embed(string? name = null, PythonMakeOptions? options = null) =>
        new(name is null ? _default : _interpreters[name], _messages, options);

    /// <summary>What the named ones say of themselves. Starts all at the same time: a slow one must not hold up the others.</summary>
    public IEnumerable<string> Describe() => _named
        .AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Max(1, _named.Count))
        .Select(interpreter => $"{interpreter.Key}: {interpreter.Value.Describe()}");

    public void Dispose()
    {
        foreach (var provider in _named.Values.Append(Default))
            provider.Dispose();
    }
}
