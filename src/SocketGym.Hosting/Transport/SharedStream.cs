using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Hosting.Transport;

/// <summary>A connection's bytes in memory that the client shares.</summary>
internal sealed class SharedStream(SharedChannel channel) : IByteStream, IDisposable
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <inheritdoc/>
    public int Receive(Span<byte> destination) => channel.Receive(destination);

    /// <inheritdoc/>
    public void Send(FrameBuffer frame)
    {
        frame.Complete(_pieces);
        channel.Send(_pieces);
        _pieces.Clear();
        frame.Clear();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => channel.Dispose();
}
