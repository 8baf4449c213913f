using SocketGym.Core.Environments;
using SocketGym.Hosting.Configuration;

namespace SocketGym.Hosting;

/// <summary>Everything that a <see cref="SocketGymServer"/> is made from.</summary>
public sealed record ServerOptions
{
    /// <summary>Bytes of a connection's stack that are enough for native environments: 1 MiB.</summary>
    public const int UsualStackBytes = 1024 * 1024;

    /// <summary>Where to listen; at least one address.</summary>
    public required IReadOnlyList<ListenerConfiguration> Listeners { get; init; }

    /// <summary>Where environments come from, in order of preference.</summary>
    public required IReadOnlyList<IEnvironmentProvider> Providers { get; init; }

    /// <summary>What clients are allowed.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>Whether the connections of a listener that does not say may speak gym_service's pickle dialect.</summary>
    public bool AllowPickle { get; init; } = true;

    /// <summary>Bytes of each connection's stack, which environments of this process run on, too. Default <see cref="UsualStackBytes"/>; the builder sets 8 MiB where Python is embedded.</summary>
    public int ThreadStackBytes { get; init; } = UsualStackBytes;

    /// <summary>What may be imported at a client's word. Default nothing.</summary>
    public ImportAllowList Allow { get; init; } = ImportAllowList.Nothing;
}
