namespace SocketGym.Protocol.Sharing;

/// <summary>What one side needs of the socket beside the memory: it rings, carries what is too large, and tells of the other side's end.</summary>
/// <remarks>Called on the thread that receives and sends. Each method throws as its implementation's socket does where the other side is gone.</remarks>
public interface ISharedSocket
{
    /// <summary>How many bytes can be received without a wait.</summary>
    int Available { get; }

    /// <summary>Waits for at least one byte.</summary>
    /// <param name="destination">Where the bytes go; not empty.</param>
    /// <returns>How many came; 0 at the end of the stream.</returns>
    int Receive(Span<byte> destination);

    /// <summary>Waits, without a spin, for as many bytes as fit.</summary>
    /// <param name="destination">Where they go.</param>
    /// <returns>False when the stream ended before that.</returns>
    bool TryFill(Span<byte> destination);

    /// <summary>Sends bytes.</summary>
    /// <param name="data">The bytes.</param>
    void Send(ReadOnlySpan<byte> data);

    /// <summary>Holds the processor still for a few nanoseconds, between two looks at the other side's word.</summary>
    void Pause();

    /// <summary>Starts a wait for the other side's word.</summary>
    void BeginSpin();

    /// <summary>Lets other threads run.</summary>
    /// <returns>Whether to look at the word once more before blocking.</returns>
    bool Spin();

    /// <summary>Ends a wait, with or without blocking.</summary>
    void EndSpin();
}
