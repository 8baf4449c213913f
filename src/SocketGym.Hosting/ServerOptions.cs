using SocketGym.Core.Environments;
using SocketGym.Protocol.Framing;

namespace SocketGym.Hosting;

/// <summary>Everything that a <see cref="SocketGymServer"/> is made from.</summary>
public sealed record ServerOptions
{
    /// <summary>Where to listen; at least one address.</summary>
    public required IReadOnlyList<ServerAddress> Addresses { get; init; }

    /// <summary>Where environments come from, in order of preference.</summary>
    public required IReadOnlyList<IEnvironmentProvider> Providers { get; init; }

    /// <summary>What clients are allowed.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>Whether connections may speak gym_service's pickle dialect.</summary>
    public bool AllowPickle { get; init; } = true;
}
