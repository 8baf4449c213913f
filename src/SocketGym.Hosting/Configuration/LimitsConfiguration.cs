using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Configuration;

/// <summary>The configuration file's part about what clients are allowed.</summary>
public sealed record LimitsConfiguration
{
    /// <summary>The most connections at once. Default 4096.</summary>
    public int MaxConnections { get; init; } = new ServerLimits().MaxConnections;

    /// <summary>The most environments in the vector of one session. Default 65,536.</summary>
    public int MaxVectorEnvironments { get; init; } = new ServerLimits().MaxVectorEnvironments;

    /// <summary>The most processes or threads among which a client may have its vector divided. Default 64, or twice the number of processors where that is more.</summary>
    public int MaxVectorWorkers { get; init; } = new ServerLimits().MaxVectorWorkers;

    /// <summary>The longest message accepted, in bytes. Default 256 MiB.</summary>
    public int MaxFrameBytes { get; init; } = MessageLimits.Default.MaxFrameBytes;

    /// <summary>How long a client may take nothing of a reply, in milliseconds. Default 60,000.</summary>
    public int SendTimeoutMs { get; init; } = 60_000;

    /// <summary>The bytes of memory that a client of the same machine may share for its replies; 0 offers none. Default 64 MiB.</summary>
    public int MaxSharedMemoryBytes { get; init; } = new ServerLimits().MaxSharedMemoryBytes;

    /// <summary>Whether clients that ask for it have their messages compressed. Default true.</summary>
    public bool Compression { get; init; } = new ServerLimits().Compression;

    /// <summary>These limits as a server takes them.</summary>
    public ServerLimits ToLimits() => new()
    {
        MaxConnections = MaxConnections,
        MaxVectorEnvironments = MaxVectorEnvironments,
        MaxVectorWorkers = MaxVectorWorkers,
        Messages = MessageLimits.Default with { MaxFrameBytes = MaxFrameBytes },
        SendTimeout = TimeSpan.FromMilliseconds(SendTimeoutMs),
        MaxSharedMemoryBytes = MaxSharedMemoryBytes,
        Compression = Compression,
    };

    internal static LimitsConfiguration Read(ConfigurationNode node)
    {
        var members = node.Members();
        var defaults = new LimitsConfiguration();
        var limits = new LimitsConfiguration
        {
            MaxConnections = members.Find("max_connections")?.Integer(least: 1) ?? defaults.MaxConnections,
            MaxVectorEnvironments = members.Find("max_vector_environments")?.Integer(least: 1) ?? defaults.MaxVectorEnvironments,
            MaxVectorWorkers = members.Find("max_vector_workers")?.Integer(least: 1) ?? defaults.MaxVectorWorkers,
            MaxFrameBytes = members.Find("max_frame_bytes")?.Integer(least: 1) ?? defaults.MaxFrameBytes,
            SendTimeoutMs = members.Find("send_timeout_ms")?.Integer(least: 1) ?? defaults.SendTimeoutMs,
            MaxSharedMemoryBytes = members.Find("max_shared_memory_bytes")?.Integer(least: 0) ?? defaults.MaxSharedMemoryBytes,
            Compression = members.Find("compression")?.Flag() ?? defaults.Compression,
        };
        members.RefuseOthers();
        return limits;
    }
}
