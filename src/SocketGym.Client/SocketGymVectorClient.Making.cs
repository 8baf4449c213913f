using SocketGym.Client.Internal;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Framing;

namespace SocketGym.Client;

// Connecting to one or several servers and making the vector there.
public sealed partial class SocketGymVectorClient
{
    /// <summary>Connects to a server and makes environments there that are stepped as one: <c>gymnasium.make_vec</c>.</summary>
    /// <param name="id">What <c>gymnasium.make</c> takes; the prefixes <c>native:</c> and <c>python:</c> choose who runs it.</param>
    /// <param name="count">How many environments, at least one: <c>num_envs</c>.</param>
    /// <param name="address"><c>tcp://host:port</c>, <c>host:port</c> or <c>unix:/path</c>; null for <see cref="ServerAddress.FromEnvironment"/>.</param>
    /// <param name="autoresetMode">When an environment whose episode is over is reset.</param>
    /// <param name="renderMode">The keyword argument <c>render_mode</c>, such as <c>rgb_array</c>; null leaves it as <paramref name="kwargs"/> has it.</param>
    /// <param name="kwargs">Further keyword arguments of <c>gymnasium.make</c>; not changed.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ConnectionFailed"/>, <see cref="ErrorCode.UnsupportedProtocol"/>, <see cref="ErrorCode.ServerFull"/>, <see cref="ErrorCode.UnknownEnvironment"/>,
    /// <see cref="ErrorCode.InvalidArgument"/>, also for more environments than the server allows, <see cref="ErrorCode.UnsupportedRenderMode"/>, <see cref="ErrorCode.EnvironmentFault"/> when a constructor fails, and those of any call.
    /// </exception>
    public static SocketGymVectorClient Make(
        string id, int count, string? address = null, AutoresetMode autoresetMode = AutoresetMode.NextStep, string? renderMode = null, ValueDictionary? kwargs = null) =>
        Make(id, new VectorOptions(count, autoresetMode), [SocketGymClient.OptionsFor(address)], renderMode, kwargs);

    /// <summary>Connects to several servers, makes a share of the environments on each, and steps them at the same time as one vector.</summary>
    /// <param name="id">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="count">How many environments there are in all, at least as many as servers. Each server takes a run of them, as many as the others or one more.</param>
    /// <param name="addresses">The servers' addresses, in the order of their environments. One may come twice: it then has two sessions.</param>
    /// <param name="autoresetMode">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="renderMode">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="kwargs">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="FormatException">An address is none.</exception>
    /// <exception cref="ArgumentException">There is no address, or there are more than environments.</exception>
    /// <exception cref="SocketGymException">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>; <see cref="ErrorCode.InvalidArgument"/> where the servers' environments have different spaces.</exception>
    public static SocketGymVectorClient Make(
        string id, int count, IEnumerable<string> addresses, AutoresetMode autoresetMode = AutoresetMode.NextStep, string? renderMode = null, ValueDictionary? kwargs = null) =>
        Make(id, new VectorOptions(count, autoresetMode), [.. addresses.Select(SocketGymClient.OptionsFor)], renderMode, kwargs);

    /// <summary>Connects to one or several servers and makes a vector there.</summary>
    /// <param name="id">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="vector">How many environments there are in all and how they are reset; <see cref="VectorOptions.Workers"/> is for each server.</param>
    /// <param name="servers">For each server its address, how long to wait, and what to do when it is lost.</param>
    /// <param name="renderMode">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="kwargs">As for <see cref="Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>The vector; dispose of it.</returns>
    /// <exception cref="ArgumentException">There is no server, there are more than environments, or the count is not positive.</exception>
    /// <exception cref="SocketGymException">As for <see cref="Make(string, int, IEnumerable{string}, AutoresetMode, string?, ValueDictionary?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SocketGymVectorClient Make(
        string id,
        VectorOptions vector,
        IReadOnlyList<SocketGymClientOptions> servers,
        string? renderMode = null,
        ValueDictionary? kwargs = null,
        CancellationToken cancellationToken = default)
    {
        var request = new VectorRequest(id, vector, servers, renderMode, kwargs);
        var (parts, made) = request.Make(cancellationToken);
        return new SocketGymVectorClient(request, parts, made);
    }
}
