namespace SocketGym.Hosting.Configuration;

/// <summary>The configuration file's part about limits.</summary>
public sealed record LimitsConfiguration
{
    /// <summary>The most connections at once. Default 4096.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>The longest message accepted, in bytes. Default 256 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>How long a client may take nothing of a reply, in seconds. Default 60.</summary>
    public double SendTimeoutS { get; init; } = 60;
}
