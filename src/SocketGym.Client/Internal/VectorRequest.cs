using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>What a client asks one or several servers to make as one vector, kept so that it can ask again.</summary>
internal sealed class VectorRequest
{
    private readonly string _id;
    private readonly ValueDictionary _arguments;
    private readonly IReadOnlyList<SocketGymClientOptions> _servers;

    /// <exception cref="ArgumentException">There is no server, or more servers than environments.</exception>
    public VectorRequest(string id, VectorOptions options, IReadOnlyList<SocketGymClientOptions> servers, string? renderMode, ValueDictionary? kwargs)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count, nameof(options));
        if (servers.Count == 0 || servers.Count > options.Count)
            throw new ArgumentException($"There are {servers.Count} servers for {options.Count} environments; each server takes at least one, and there must be one.", nameof(servers));
        _id = id;
        _arguments = EnvironmentRequest.ArgumentsOf(renderMode, kwargs);
        _servers = [.. servers];
        Options = options;
    }

    public VectorOptions Options { get; }

    /// <summary>Opens a connection to one server after the other, and then makes their shares of the vector, all at the same time.</summary>
    public (VectorParts Parts, MadeEnvironment Made) Make(CancellationToken cancellationToken)
    {
        var parts = Connect(cancellationToken);
        try
        {
            foreach (var part in parts.All)
                part.Ask(RequestMethod.MakeVector, _id, _arguments, part.Count, OptionsOnTheWire());
            parts.Send(cancellationToken);
            parts.Receive(cancellationToken);
            var made = new List<MadeEnvironment>();
            foreach (var part in parts.All)
                made.Add(MadeEnvironment.FromVector(part.Result, Options with { Count = part.Count }));
            for (var index = 1; index < made.Count; index++)
                RequireEqual(parts.All[0], made[0], parts.All[index], made[index]);
            parts.Rest();
            return (parts, made[0]);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    private VectorParts Connect(CancellationToken cancellationToken)
    {
        var infos = new List<VectorInfo>();
        var parts = new List<VectorPart>();
        try
        {
            var first = 0;
            for (var server = 0; server < _servers.Count; server++)
            {
                // The first servers take one more where the environments do not divide evenly.
                var count = (Options.Count / _servers.Count) + (server < Options.Count % _servers.Count ? 1 : 0);
                parts.Add(new VectorPart(ClientConnection.Open(_servers[server], cancellationToken), _servers[server], first, count, infos));
                first += count;
            }
            return new VectorParts([.. parts], infos);
        }
        catch
        {
            parts.ForEach(part => part.Connection.Dispose());
            throw;
        }
    }

    private Value OptionsOnTheWire()
    {
        var options = new ValueDictionary { ["autoreset_mode"] = Options.AutoresetMode.ToString() };
        if (Options.Workers is { } workers)
            options["workers"] = workers;
        return options;
    }

    private static void RequireEqual(VectorPart one, MadeEnvironment first, VectorPart other, MadeEnvironment second)
    {
        if (first.ObservationSpace.Equals(second.ObservationSpace) && first.ActionSpace.Equals(second.ActionSpace))
            return;
        throw new SocketGymException(
            ErrorCode.InvalidArgument,
            $"The server at {one.Address} makes environments with {first.ObservationSpace} and {first.ActionSpace}, the one at {other.Address} with {second.ObservationSpace} and {second.ActionSpace}; a vector needs equal spaces.");
    }
}
