namespace SocketGym.Protocol.Sharing;

/// <summary>Where things lie in memory that a client shares with its server (docs/protocol.md, section 8).</summary>
/// <remarks>Each word that one side writes has cache lines of its own, so that looking at it does not slow the other side's down.</remarks>
public static class SharedLayout
{
    /// <summary>The word that is not 0 while the server waits on the socket for a ring.</summary>
    public const int ServerWaits = 128;

    /// <summary>The word that is not 0 while the client does.</summary>
    public const int ClientWaits = 256;

    /// <summary>Where the area of requests starts; that of replies follows it.</summary>
    public const int Requests = 4096;

    /// <summary>Bytes of the area of requests that servers offer. Pages that are never written take no room.</summary>
    public const int DefaultRequestBytes = 1024 * 1024;

    /// <summary>The fewest bytes of an area.</summary>
    public const int MinAreaBytes = 4096;

    /// <summary>The most bytes of both areas together.</summary>
    public const int MaxAreaBytes = 1 << 30;

    /// <summary>What a message on the socket that is no frame but a ring consists of: a length of 0.</summary>
    public static ReadOnlySpan<byte> Ring => [0, 0, 0, 0];
}
