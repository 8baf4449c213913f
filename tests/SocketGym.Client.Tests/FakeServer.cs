using System.Net;
using System.Net.Sockets;
using SocketGym.Protocol.Framing;

namespace SocketGym.Client.Tests;

/// <summary>A server that accepts a connection per script and plays one after the other on a thread of its own. Its disposal waits for them and rethrows what failed.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Socket _listener;
    private readonly Task _script;

    private FakeServer(Socket listener, ServerAddress address, Action<FakePeer>[] scripts)
    {
        _listener = listener;
        Address = address;
        _script = Task.Factory.StartNew(() => Play(scripts), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public ServerAddress Address { get; }

    public SocketGymClientOptions Options => new() { Address = Address };

    public static FakeServer OnTcp(params Action<FakePeer>[] scripts)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4);
        return new FakeServer(listener, ServerAddress.Parse($"tcp://{listener.LocalEndPoint}"), scripts);
    }

    public static FakeServer OnUnix(string path, Action<FakePeer> script)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(4);
        return new FakeServer(listener, ServerAddress.Parse($"unix:{path}"), [script]);
    }

    public void Dispose()
    {
        // Wakes a script whose client never came.
        _listener.Dispose();
        _script.WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
    }

    private void Play(Action<FakePeer>[] scripts)
    {
        foreach (var script in scripts)
        {
            using var socket = _listener.Accept();
            if (!Address.IsUnix)
                socket.NoDelay = true;
            script(new FakePeer(socket));
        }
    }
}
