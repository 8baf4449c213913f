using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>What a client asks a server to make, kept so that it can ask again.</summary>
internal sealed class EnvironmentRequest
{
    private readonly string _id;
    private readonly ValueDictionary _arguments;

    public EnvironmentRequest(SocketGymClientOptions options, string id, string? renderMode, ValueDictionary? kwargs)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _id = id;
        _arguments = ArgumentsOf(renderMode, kwargs);
    }

    public SocketGymClientOptions Options { get; }

    /// <summary>The keyword arguments that are sent.</summary>
    public static ValueDictionary ArgumentsOf(string? renderMode, ValueDictionary? kwargs)
    {
        var arguments = new ValueDictionary();
        foreach (var (key, value) in kwargs ?? ValueDictionary.Empty)
            arguments.Add(key, value);
        if (renderMode is not null)
            arguments["render_mode"] = renderMode;
        return arguments;
    }

    /// <summary>Opens a connection and makes the environment on it.</summary>
    public (ClientConnection Connection, MadeEnvironment Made) Make(CancellationToken cancellationToken)
    {
        var connection = ClientConnection.Open(Options, cancellationToken);
        try
        {
            return (connection, MadeEnvironment.FromValue(connection.Call(RequestMethod.Make, [_id, _arguments], cancellationToken)));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
