using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SocketGym.Protocol.Framing;

namespace SocketGym.Hosting.Connections;

/// <summary>One listening socket and the thread that accepts on it.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 1024;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);
    private readonly ManualResetEventSlim _closing = new();
    private readonly Socket _socket;
    private readonly string? _path;
    private readonly Action<Socket> _accepted;
    private readonly ILogger _logger;
    private Thread? _thread;

    /// <summary>Binds and listens.</summary>
    /// <param name="address">Where; port 0 chooses a free one.</param>
    /// <param name="accepted">Takes over each new connection; runs on the accepting thread.</param>
    /// <param name="logger">Where it logs why it accepts nothing.</param>
    /// <exception cref="SocketException">The address is in use or not this machine's.</exception>
    public Listener(ServerAddress address, Action<Socket> accepted, ILogger logger)
    {
        _accepted = accepted;
        _logger = logger;
        if (address.IsUnix)
        {
            _path = address.Path;
            RemoveStale(_path);
        }
        var endPoint = Resolve(address.EndPoint);
        // No ReuseAddress: in .NET a second live server could then bind the same port.
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, address.IsUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        Address = _socket.LocalEndPoint is IPEndPoint bound ? ServerAddress.Parse($"tcp://{bound}") : address;
    }

    /// <summary>The address with the port that was bound.</summary>
    public ServerAddress Address { get; }

    /// <summary>Starts to accept.</summary>
    public void Start()
    {
        _thread = new Thread(Accept) { IsBackground = true, Name = $"accept {Address}" };
        _thread.Start();
    }

    /// <summary>Stops listening; a second call does nothing.</summary>
    public void Dispose()
    {
        _closing.Set();
        _socket.Dispose();
        _thread?.Join();
        if (_path is not null)
            File.Delete(_path);
    }

    private void Accept()
    {
        var lastError = SocketError.Success;
        while (true)
        {
            Socket client;
            try
            {
                client = _socket.Accept();
                lastError = SocketError.Success;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                continue;
            }
            catch (SocketException error) when (!_closing.IsSet)
            {
                // Out of descriptors, or the network's own trouble, which Linux tells here: both pass, and until then accepting again at once would only spin.
                if (error.SocketErrorCode != lastError)
                    Log.AcceptFailed(_logger, Address.ToString(), error.Message);
                lastError = error.SocketErrorCode;
                if (_closing.Wait(RetryInterval))
                    return;
                continue;
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            _accepted(client);
        }
    }

    private static EndPoint Resolve(EndPoint endPoint) => endPoint is DnsEndPoint name
        ? new IPEndPoint(Dns.GetHostAddresses(name.Host)[0], name.Port)
        : endPoint;

    // A server that was killed leaves its socket file behind; a live one answers.
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }
}
