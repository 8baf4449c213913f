using System.Net;
using System.Net.Sockets;
using SocketGym.Protocol.Framing;

namespace SocketGym.Client.Tests;

/// <summary>A server that accepts one connection and plays a script on a thread of its own. Its disposal waits for the script and rethrows what failed in it.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Socket _listener;
    private readonly Task _script;

    private FakeServer(Socket listener, ServerAddress address, Action<FakePeer> script)
    {
        _listener = listener;
        Address = address;
        _script = Task.Factory.StartNew(() => Play(script), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public ServerAddress Address { get; }

    public SocketGymClientOptions Options => new() { Address = Address };

    public static FakeServer OnTcp(Action<FakePeer> script)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        return new FakeServer(listener, ServerAddress.Parse($"tcp://{listener.LocalEndPoint}"), script);
    }

    public static FakeServer OnUnix(string path, Action<FakePeer> script)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        return new FakeServer(listener, ServerAddress.Parse($"unix:{path}"), script);
    }

    public void Dispose()
    {
        // Wakes a script whose client never came.
        _listener.Dispose();
        _script.WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
    }

    private void Play(Action<FakePeer> script)
    {
        using var socket = _listener.Accept();
        if (!Address.IsUnix)
            socket.NoDelay = true;
        script(new FakePeer(socket));
    }
}
