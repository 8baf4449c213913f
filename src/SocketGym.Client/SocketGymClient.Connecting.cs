using SocketGym.Client.Internal;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

// Opening connections: for an environment, or for a question to the server.
public sealed partial class SocketGymClient
{
    /// <summary>Connects to a server and makes an environment there.</summary>
    /// <param name="id">What <c>gymnasium.make</c> takes; the prefixes <c>native:</c> and <c>python:</c> choose who runs it.</param>
    /// <param name="address"><c>tcp://host:port</c>, <c>host:port</c> or <c>unix:/path</c>; null for <see cref="ServerAddress.FromEnvironment"/>.</param>
    /// <param name="renderMode">The keyword argument <c>render_mode</c>, such as <c>rgb_array</c>; null leaves it as <paramref name="kwargs"/> has it.</param>
    /// <param name="kwargs">Further keyword arguments of <c>gymnasium.make</c>; not changed.</param>
    /// <returns>The environment; dispose of it.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ConnectionFailed"/>, <see cref="ErrorCode.UnsupportedProtocol"/>, <see cref="ErrorCode.ServerFull"/>, <see cref="ErrorCode.UnknownEnvironment"/>,
    /// <see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.UnsupportedRenderMode"/>, <see cref="ErrorCode.EnvironmentFault"/> when its constructor fails, and those of any call.
    /// </exception>
    public static SocketGymClient Make(string id, string? address = null, string? renderMode = null, ValueDictionary? kwargs = null) =>
        Make(id, OptionsFor(address), renderMode, kwargs);

    /// <summary>Connects to a server and makes an environment there.</summary>
    /// <param name="id">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <param name="options">The server, how long to wait, and what to do when the connection is lost.</param>
    /// <param name="renderMode">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <param name="kwargs">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The environment; dispose of it.</returns>
    /// <exception cref="SocketGymException">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SocketGymClient Make(
        string id, SocketGymClientOptions options, string? renderMode = null, ValueDictionary? kwargs = null, CancellationToken cancellationToken = default)
    {
        var request = new EnvironmentRequest(options, id, renderMode, kwargs);
        var (connection, made) = request.Make(cancellationToken);
        return new SocketGymClient(request, connection, made);
    }

    /// <summary>Asks a server what it offers.</summary>
    /// <param name="address">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <returns>The environments, in the server's order.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ConnectionFailed"/>, <see cref="ErrorCode.ServerFull"/>, and those of any call.</exception>
    public static IReadOnlyList<EnvironmentListing> List(string? address = null) => List(OptionsFor(address));

    /// <summary>Asks a server what it offers.</summary>
    /// <param name="options">The server and how long to wait.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The environments, in the server's order.</returns>
    /// <exception cref="SocketGymException">As for <see cref="List(string?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<EnvironmentListing> List(SocketGymClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var connection = ClientConnection.Open(options, cancellationToken);
        return EnvironmentListing.FromValue(connection.Call(RequestMethod.List, [], cancellationToken));
    }

    /// <summary>Asks a server who it is, which also shows that it answers.</summary>
    /// <param name="address">As for <see cref="Make(string, string?, string?, ValueDictionary?)"/>.</param>
    /// <returns>What it says about itself.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="SocketGymException">As for <see cref="List(string?)"/>.</exception>
    public static ServerInfo GetServerInfo(string? address = null) => GetServerInfo(OptionsFor(address));

    /// <summary>Asks a server who it is, which also shows that it answers.</summary>
    /// <param name="options">The server and how long to wait.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it says about itself.</returns>
    /// <exception cref="SocketGymException">As for <see cref="List(string?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ServerInfo GetServerInfo(SocketGymClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var connection = ClientConnection.Open(options, cancellationToken);
        return connection.Server;
    }

    internal static SocketGymClientOptions OptionsFor(string? address) =>
        address is null ? new SocketGymClientOptions() : new SocketGymClientOptions { Address = ServerAddress.Parse(address) };
}
