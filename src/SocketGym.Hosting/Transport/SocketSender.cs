using System.Net.Sockets;
using SocketGym.Protocol.Framing;

namespace SocketGym.Hosting.Transport;

/// <summary>Sends whole frames, each piece from where it lies, with blocking sends on the calling thread.</summary>
/// <remarks>Not thread-safe: a connection has one writer.</remarks>
internal sealed class SocketSender(Socket socket)
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>Sends a frame and empties it.</summary>
    /// <param name="frame">The frame.</param>
    /// <exception cref="SocketException">The peer is gone, or took nothing within the socket's send time-out.</exception>
    public void Send(FrameBuffer frame)
    {
        frame.Complete(_pieces);
        foreach (var piece in _pieces)
        {
            for (var rest = piece.Span; !rest.IsEmpty;)
                rest = rest[socket.Send(rest)..];
        }
        _pieces.Clear();
        frame.Clear();
    }
}
