using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Client;

/// <summary>What a server says about itself when a client connects.</summary>
/// <param name="Name">Its name and version, such as <c>socketgym/0.1.0</c>.</param>
/// <param name="Protocol">The version of docs/protocol.md that both speak; 1.</param>
/// <param name="Codecs">The codecs of the listener, such as <c>msgpack</c> and <c>pickle</c>; this client always uses the first of these two.</param>
/// <param name="MaxFrameBytes">The longest request that it reads, in bytes. A longer one is refused before it is sent.</param>
public sealed record ServerInfo(string Name, int Protocol, IReadOnlyList<string> Codecs, long MaxFrameBytes)
{
    internal static ServerInfo FromValue(Value hello)
    {
        if (hello.Kind != ValueKind.Dict)
            throw Malformed(hello);
        var entries = hello.AsDict();
        var (name, protocol, codecs, limit) =
            (entries.GetOrNone("server"), entries.GetOrNone("protocol"), entries.GetOrNone("codecs"), entries.GetOrNone("max_frame_bytes"));
        if (name.Kind != ValueKind.String || !protocol.IsInt64 || codecs.Kind != ValueKind.List || !limit.IsInt64)
            throw Malformed(hello);
        var names = new List<string>();
        foreach (var codec in codecs.AsItems())
            names.Add(codec.Kind == ValueKind.String ? codec.AsString() : throw Malformed(hello));
        return new ServerInfo(name.AsString(), (int)protocol.AsInt64(), names, limit.AsInt64());
    }

    private static SocketGymException Malformed(Value found) => new(
        ErrorCode.MalformedMessage, $"The server answered hello with {found}, not with a dict of 'protocol', 'server', 'codecs' and 'max_frame_bytes'.");
}
