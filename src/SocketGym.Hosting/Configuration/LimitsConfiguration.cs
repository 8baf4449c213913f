using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Configuration;

/// <summary>The configuration file's part about limits.</summary>
public sealed record LimitsConfiguration
{
    /// <summary>The most connections at once. Default 4096.</summary>
    public int MaxConnections { get; init; } = new ServerLimits().MaxConnections;

    /// <summary>The longest message accepted, in bytes. Default 256 MiB.</summary>
    public int MaxFrameBytes { get; init; } = MessageLimits.Default.MaxFrameBytes;

    /// <summary>How long a client may take nothing of a reply, in milliseconds. Default 60,000.</summary>
    public int SendTimeoutMs { get; init; } = 60_000;

    /// <summary>These limits as a server takes them.</summary>
    public ServerLimits ToLimits() => new()
    {
        MaxConnections = MaxConnections,
        Messages = MessageLimits.Default with { MaxFrameBytes = MaxFrameBytes },
        SendTimeout = TimeSpan.FromMilliseconds(SendTimeoutMs),
    };
}
