using System.Net.Sockets;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Client.Tests;

/// <summary>The server's end of a connection that shares memory, as a script uses it.</summary>
internal sealed class SharedPeer : ISharedSocket, IDisposable
{
    private readonly Socket _socket;
    private readonly SharedMemory _memory;
    private readonly SharedChannel _channel;

    private SharedPeer(Socket socket, SharedMemory memory)
    {
        _socket = socket;
        _memory = memory;
        _channel = new SharedChannel(this, memory, SharedLayout.MinAreaBytes, isServer: true);
    }

    public int Available => _socket.Available;

    /// <summary>How often this process maps the memory: once for the peer, and once for a client that has not given it back.</summary>
    public static int CountMappings(string identity) => File.ReadLines("/proc/self/maps").Count(line => line.Contains(identity, StringComparison.Ordinal));

    /// <summary>Offers memory in answer to <c>hello</c>, and agrees on it.</summary>
    public static SharedPeer Share(FakePeer peer, Socket socket, Action<string>? tellIdentity = null)
    {
        var memory = SharedMemory.TryMake(SharedLayout.Requests + (2 * SharedLayout.MinAreaBytes))!;
        tellIdentity?.Invoke(memory.Identity);
        peer.ReadPayload();
        peer.Reply(1, Hello(Pack.Map(
            Pack.Text("process"),
            Pack.UInt((uint)Environment.ProcessId),
            Pack.Text("descriptor"),
            Pack.UInt((uint)memory.Descriptor),
            Pack.Text("identity"),
            Pack.Text(memory.Identity),
            Pack.Text("request_bytes"),
            Pack.UInt(SharedLayout.MinAreaBytes),
            Pack.Text("reply_bytes"),
            Pack.UInt(SharedLayout.MinAreaBytes))));
        peer.ReadPayload();
        peer.Reply(2, Hello(Pack.True));
        return new SharedPeer(socket, memory);
    }

    public void ReadPayload()
    {
        var frame = new byte[SharedLayout.MinAreaBytes];
        Assert.NotEqual(0, _channel.Receive(frame));
    }

    public void Reply(uint id, byte[] result) => _channel.Send([Pack.Frame(Pack.Reply(id, result))]);

    /// <summary>Waits until the client says that it waits on the socket, and forgets that it did.</summary>
    public void AwaitWaiting() =>
        Assert.True(SpinWait.SpinUntil(() => Interlocked.Exchange(ref _memory.Word(SharedLayout.ClientWaits), 0) != 0, TimeSpan.FromMinutes(1)));

    public void Ring() => Send(SharedLayout.Ring);

    public void Dispose() => _channel.Dispose();

    public int Receive(Span<byte> destination) => _socket.Receive(destination);

    public bool TryFill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var count = _socket.Receive(destination);
            if (count == 0)
                return false;
            destination = destination[count..];
        }
        return true;
    }

    public void Send(ReadOnlySpan<byte> data) => _socket.Send(data);

    public void Pause() => Thread.SpinWait(1);

    public void BeginSpin()
    {
    }

    public bool Spin() => false;

    public void EndSpin()
    {
    }

    private static byte[] Hello(byte[] agreement) => [0x85, .. FakePeer.Hello(SharedLayout.MinAreaBytes)[1..], .. Pack.Text("shared_memory"), .. agreement];
}
