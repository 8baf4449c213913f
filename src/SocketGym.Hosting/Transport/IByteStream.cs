using SocketGym.Protocol.Framing;

namespace SocketGym.Hosting.Transport;

/// <summary>A connection's bytes: requests in, replies out, on the calling thread.</summary>
internal interface IByteStream
{
    /// <summary>Waits for at least one byte, spinning before it blocks.</summary>
    /// <param name="destination">Where the bytes go; not empty.</param>
    /// <returns>How many came; 0 when the peer has ended the stream.</returns>
    int Receive(Span<byte> destination);

    /// <summary>Sends a frame and empties it.</summary>
    /// <param name="frame">The frame.</param>
    void Send(FrameBuffer frame);
}
