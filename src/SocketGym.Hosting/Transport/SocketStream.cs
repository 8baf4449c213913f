using System.Net.Sockets;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Hosting.Transport;

/// <summary>A connected socket with blocking receives and sends, which sends each piece of a frame from where it lies.</summary>
/// <remarks>
/// One asynchronous operation would make a .NET socket slow for good, so there is none. Not thread-safe. Every method throws a <see cref="SocketException"/> where the
/// peer is gone, or took nothing within the socket's send time-out.
/// </remarks>
internal sealed class SocketStream(Socket socket, AdaptiveSpin spin) : IByteStream, ISharedSocket
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <inheritdoc/>
    public int Available => socket.Available;

    /// <inheritdoc/>
    public int Receive(Span<byte> destination)
    {
        spin.Begin();
        int received;
        // On one core the peer can only have sent something once it has had its turn: yielding comes first.
        while (spin.Next())
        {
            if (!ReadyReceive.TryReceive(socket, destination, out received))
                continue;
            spin.End();
            return received;
        }
        received = socket.Receive(destination);
        spin.End();
        return received;
    }

    /// <inheritdoc/>
    public bool TryFill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var received = socket.Receive(destination);
            if (received == 0)
                return false;
            destination = destination[received..];
        }
        return true;
    }

    /// <inheritdoc/>
    public void Send(FrameBuffer frame)
    {
        frame.Complete(_pieces);
        foreach (var piece in _pieces)
            Send(piece.Span);
        _pieces.Clear();
        frame.Clear();
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
            data = data[socket.Send(data)..];
    }

    /// <inheritdoc/>
    public void Pause() => Thread.SpinWait(1);

    /// <inheritdoc/>
    public void BeginSpin() => spin.Begin();

    /// <inheritdoc/>
    public bool Spin() => spin.Next();

    /// <inheritdoc/>
    public void EndSpin() => spin.End();
}
