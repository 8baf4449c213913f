using System.Net;
using System.Net.Sockets;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Hosting.Connections;

/// <summary>What <c>hello</c> answers on one connection, and the shared memory on which client and server agree by it (docs/protocol.md, section 8).</summary>
/// <remarks>For the connection's thread.</remarks>
internal sealed class Negotiation(Socket socket, ValueDictionary greeting, int maxSharedBytes) : IDisposable
{
    private const string Key = "shared_memory";

    private SharedMemory? _offered;
    private bool _isAgreed;

    /// <summary>Answers <c>hello</c>.</summary>
    /// <param name="client">What the client said of itself.</param>
    /// <returns>The result.</returns>
    public Value Greet(Value client)
    {
        var wish = client.Kind == ValueKind.Dict ? client.AsDict().GetOrNone(Key) : default;
        if (_isAgreed)
            return greeting;
        if (wish.Kind == ValueKind.String && _offered is { } mapped && wish.AsString() == mapped.Identity)
        {
            mapped.CloseDescriptor();
            _isAgreed = true;
            return With(true);
        }
        Withdraw();
        if (wish.Kind != ValueKind.Bool || !wish.AsBool() || maxSharedBytes <= 0 || !IsLocal())
            return greeting;
        var replyBytes = Math.Clamp(maxSharedBytes, SharedLayout.MinAreaBytes, SharedLayout.MaxAreaBytes - SharedLayout.DefaultRequestBytes);
        _offered = SharedMemory.TryMake(SharedLayout.Requests + SharedLayout.DefaultRequestBytes + replyBytes);
        if (_offered is null)
            return greeting;
        return With(new ValueDictionary
        {
            ["process"] = Environment.ProcessId,
            ["descriptor"] = _offered.Descriptor,
            ["identity"] = _offered.Identity,
            ["request_bytes"] = SharedLayout.DefaultRequestBytes,
            ["reply_bytes"] = replyBytes,
        });
    }

    /// <summary>Takes note of a request that was answered: an offer holds until the next one alone.</summary>
    /// <param name="method">What was asked for.</param>
    /// <returns>The memory that the connection uses from now on, the caller's to close; null to go on as before.</returns>
    public SharedMemory? Conclude(RequestMethod method)
    {
        if (_offered is null)
            return null;
        if (_isAgreed)
        {
            var agreed = _offered;
            _offered = null;
            return agreed;
        }
        if (method != RequestMethod.Hello)
            Withdraw();
        return null;
    }

    /// <summary>Gives memory back on which nobody agreed.</summary>
    public void Dispose() => Withdraw();

    private void Withdraw()
    {
        _offered?.Close();
        _offered = null;
    }

    private Value With(Value sharing)
    {
        var answer = new ValueDictionary();
        foreach (var (key, value) in greeting)
            answer.Add(key, value);
        answer.Add(Key, sharing);
        return answer;
    }

    private bool IsLocal() => socket.RemoteEndPoint switch
    {
        UnixDomainSocketEndPoint => true,
        IPEndPoint client => IPAddress.IsLoopback(client.Address.IsIPv4MappedToIPv6 ? client.Address.MapToIPv4() : client.Address),
        _ => false,
    };
}
