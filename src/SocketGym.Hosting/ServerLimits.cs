using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting;

/// <summary>What a server allows its clients.</summary>
public sealed record ServerLimits
{
    /// <summary>The most connections at once; a further one is answered <c>ServerFull</c>. Default 4096.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>The most environments in the vector of one session. Default 65,536.</summary>
    public int MaxVectorEnvironments { get; init; } = 65_536;

    /// <summary>
    /// The most processes among which one session's vector of Python environments is divided, and the most <c>workers</c> that a client may ask for. Default 64, or twice the number of processors where
    /// that is more.
    /// </summary>
    public int MaxVectorWorkers { get; init; } = Math.Max(64, 2 * Environment.ProcessorCount);

    /// <summary>What one message may be. Default: docs/protocol.md's.</summary>
    public MessageLimits Messages { get; init; } = MessageLimits.Default;

    /// <summary>How long a client may take nothing of a reply before its connection ends. Default 60 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a connection's thread looks for the next request before it blocks. Zero blocks at once, but for the looks at shared memory that come first where it is in use, 8 us at most. Default 300 us.</summary>
    public TimeSpan MaxSpin { get; init; } = TimeSpan.FromMicroseconds(300);

    /// <summary>
    /// The bytes of memory that a client of the same machine may share for its replies, up to 1 GiB less 1 MiB; each connection has its own, in which only pages that were
    /// written take room. A longer reply goes by the socket. 0 offers none. Default 64 MiB.
    /// </summary>
    public int MaxSharedMemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether clients that ask for it have their messages compressed (docs/protocol.md, section 9). Default true.</summary>
    public bool Compression { get; init; } = true;

    /// <summary>How long draining waits for idle clients to ask once more and be told. Default 1 s.</summary>
    public TimeSpan DrainNotice { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long draining waits for requests in progress before it ends them. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
