using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SocketGym.Core.Values;
using SocketGym.Hosting.Configuration;
using SocketGym.Hosting.Connections;
using SocketGym.Hosting.Environments;
using SocketGym.Protocol.Framing;

namespace SocketGym.Hosting;

/// <summary>A server: listens, gives each connection a thread and a session, and drains when stopped.</summary>
/// <remarks>Thread-safe. Start once, stop once.</remarks>
public sealed class SocketGymServer : IDisposable
{
    // Beyond the limit on connections this many more are told so; those after them are closed without a word.
    private const int MaxRefusals = 64;

    private readonly ServerOptions _options;
    private readonly ILogger _logger;
    private readonly ILogger? _environmentLogger;
    private readonly ConcurrentDictionary<Connection, Thread> _connections = new();
    private readonly List<Listener> _listeners = [];
    private Housekeeper? _housekeeper;
    private long _lastId;
    private int _stopped;

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="options">What it is made from.</param>
    /// <param name="logger">Where it logs; null for nowhere.</param>
    /// <param name="environmentLogger">Where it logs what environments print, and why one failed to close; null for nowhere.</param>
    /// <exception cref="ArgumentException">There is no address.</exception>
    public SocketGymServer(ServerOptions options, ILogger<SocketGymServer>? logger = null, ILogger? environmentLogger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listeners.Count == 0)
            throw new ArgumentException("A server needs at least one address to listen on.", nameof(options));
        _options = options;
        _environmentLogger = environmentLogger;
        _logger = logger ?? NullLogger<SocketGymServer>.Instance;
        Catalog = new EnvironmentCatalog(options.Providers, options.Allow);
    }

    /// <summary>SocketGym's version.</summary>
    public static string Version { get; } = typeof(SocketGymServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What it offers.</summary>
    public EnvironmentCatalog Catalog { get; }

    /// <summary>Where it listens, with the ports that were bound; empty before <see cref="Start"/>.</summary>
    public IReadOnlyList<ServerAddress> Addresses => [.. _listeners.Select(listener => listener.Address)];

    /// <summary>The names of the codecs that each of <see cref="Addresses"/> speaks, in the same order; empty before <see cref="Start"/>.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Codecs { get; private set; } = [];

    /// <summary>How many connections there are now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Binds every address and starts to accept.</summary>
    /// <exception cref="SocketException">An address is in use or not this machine's; then none is bound.</exception>
    public void Start()
    {
        try
        {
            foreach (var listener in _options.Listeners)
            {
                var context = ContextOf(listener);
                _listeners.Add(new Listener(listener.Address, socket => Accept(socket, context), _logger));
                Codecs = [.. Codecs, context.Codecs.Names];
            }
        }
        catch
        {
            _listeners.ForEach(listener => listener.Dispose());
            _listeners.Clear();
            Codecs = [];
            throw;
        }
        _housekeeper = new Housekeeper(() => _connections.Keys);
        _listeners.ForEach(listener => listener.Start());
    }

    /// <summary>Starts, says on standard output where it listens, waits for SIGINT (Ctrl-C) or SIGTERM, and stops: a server's whole program.</summary>
    /// <exception cref="SocketException">An address is in use or not this machine's; then none is bound.</exception>
    public void Run()
    {
        using var asked = new ManualResetEventSlim();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        Start();
        foreach (var address in Addresses)
            Console.WriteLine($"serving at {address}; press Ctrl-C to stop");
        asked.Wait();
        Stop();

        void Ask(PosixSignalContext signal)
        {
            // A second one ends the process at once.
            signal.Cancel = !asked.IsSet;
            asked.Set();
        }
    }

    /// <summary>
    /// Stops accepting, answers the next request of each client with <c>ServerDraining</c>, waits for requests in progress
    /// (<see cref="ServerLimits.DrainTimeout"/>), ends what is left, and closes every environment. A second call does nothing.
    /// </summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        _listeners.ForEach(listener => listener.Dispose());
        ForEachConnection(connection => connection.Drain());
        Log.Draining(_logger, _connections.Count);
        WaitForConnections(_options.Limits.DrainNotice);
        ForEachConnection(connection => connection.StopReading());
        WaitForConnections(_options.Limits.DrainTimeout);
        ForEachConnection(connection => connection.Interrupt());
        WaitForConnections(_options.Limits.DrainTimeout);
        _housekeeper?.Dispose();
        foreach (var provider in _options.Providers.OfType<IDisposable>())
            provider.Dispose();
    }

    /// <summary>Stops the server.</summary>
    public void Dispose() => Stop();

    private ConnectionContext ContextOf(ListenerConfiguration listener)
    {
        var codecs = new CodecChoice(_options.Limits.Messages, listener.Pickle ?? _options.AllowPickle);
        var greeting = new ValueDictionary
        {
            ["protocol"] = 1,
            ["server"] = $"socketgym/{Version}",
            ["codecs"] = Value.List([.. codecs.Names.Select(name => Value.FromString(name))]),
            ["max_frame_bytes"] = _options.Limits.Messages.MaxFrameBytes,
        };
        return new ConnectionContext(Catalog, codecs, _options.Limits, greeting, _logger, _environmentLogger);
    }

    private void Accept(Socket socket, ConnectionContext context)
    {
        var count = _connections.Count;
        if (count >= _options.Limits.MaxConnections + MaxRefusals || _stopped != 0)
        {
            socket.Dispose();
            return;
        }
        var connection = new Connection(Interlocked.Increment(ref _lastId), socket, context, refused: count >= _options.Limits.MaxConnections);
        var thread = new Thread(() => Run(connection), _options.ThreadStackBytes) { IsBackground = true, Name = $"connection {connection.Id}" };
        _connections[connection] = thread;
        try
        {
            socket.SendTimeout = (int)_options.Limits.SendTimeout.TotalMilliseconds;
            if (socket.ProtocolType == ProtocolType.Tcp)
            {
                socket.NoDelay = true;
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            }
            thread.Start();
        }
        catch (Exception failure) when (failure is SocketException or OutOfMemoryException or ThreadStateException)
        {
            Log.ConnectionBroke(_logger, connection.Id, failure.Message);
            _connections.TryRemove(connection, out _);
            connection.Dispose();
        }
    }

    private void Run(Connection connection)
    {
        try
        {
            using (connection)
            {
                Log.ConnectionOpened(_logger, connection.Id);
                connection.Run();
            }
        }
        catch (Exception fault)
        {
            // One connection's fault, whatever it is, must not end the process and with it every other session.
            Log.ConnectionFailed(_logger, connection.Id, fault);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            Log.ConnectionClosed(_logger, connection.Id);
        }
    }

    private void ForEachConnection(Action<Connection> action)
    {
        foreach (var connection in _connections.Keys)
            action(connection);
    }

    private void WaitForConnections(TimeSpan longest)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var thread in _connections.Values)
        {
            var rest = longest - Stopwatch.GetElapsedTime(started);
            thread.Join(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        }
    }
}
