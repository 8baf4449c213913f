namespace SocketGym.Client.Internal;

/// <summary>A connection's bytes on the calling thread: requests out, replies in.</summary>
internal interface IClientStream
{
    /// <summary>Sends a request.</summary>
    /// <param name="pieces">The frame's pieces in order.</param>
    void Send(List<ReadOnlyMemory<byte>> pieces);

    /// <summary>Receives at least one byte; 0 at the end of the stream.</summary>
    /// <param name="destination">Where the bytes go; not empty.</param>
    int Receive(Span<byte> destination);
}
