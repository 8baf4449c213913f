using Microsoft.Extensions.Logging;
using SocketGym.Core.Values;
using SocketGym.Hosting.Environments;

namespace SocketGym.Hosting.Connections;

/// <summary>What all connections of a server share.</summary>
internal sealed record ConnectionContext(EnvironmentCatalog Catalog, CodecChoice Codecs, ServerLimits Limits, ValueDictionary Greeting, ILogger Logger, ILogger? EnvironmentLogger)
{
    /// <summary>How long a connection that ends with an error waits for the client to read it and close.</summary>
    public static TimeSpan LingerTime { get; } = TimeSpan.FromSeconds(1);
}
