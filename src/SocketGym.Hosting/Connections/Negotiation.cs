using System.Net.Sockets;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Hosting.Connections;

/// <summary>What <c>hello</c> answers on one connection, and the shared memory or the compression on which client and server agree by it (docs/protocol.md, sections 8 and 9).</summary>
/// <remarks>For the connection's thread.</remarks>
internal sealed class Negotiation(Socket socket, ValueDictionary greeting, ServerLimits limits) : IDisposable
{
    private const string Key = "shared_memory";

    private SharedMemory? _offered;
    private bool _isAgreed;

    /// <summary>Whether every payload after the reply to <c>hello</c> is one of <see cref="PayloadCompression"/>.</summary>
    public bool Compresses { get; private set; }

    /// <summary>Answers <c>hello</c>.</summary>
    /// <param name="client">What the client said of itself.</param>
    /// <returns>The result.</returns>
    public Value Greet(Value client)
    {
        var wishes = client.Kind == ValueKind.Dict ? client.AsDict() : [];
        if (_isAgreed)
            return greeting;
        if (limits.Compression && wishes.GetOrNone(PayloadCompression.Key) is { Kind: ValueKind.String } method && method.AsString() == PayloadCompression.Zlib)
        {
            Withdraw();
            Compresses = _isAgreed = true;
            return With(PayloadCompression.Key, PayloadCompression.Zlib);
        }
        var wish = wishes.GetOrNone(Key);
        if (wish.Kind == ValueKind.String && _offered is { } mapped && wish.AsString() == mapped.Identity)
        {
            mapped.CloseDescriptor();
            _isAgreed = true;
            return With(Key, true);
        }
        Withdraw();
        if (wish.Kind != ValueKind.Bool || !wish.AsBool() || limits.MaxSharedMemoryBytes <= 0 || !SharedMemory.MayReach(socket.RemoteEndPoint))
            return greeting;
        var replyBytes = Math.Clamp(limits.MaxSharedMemoryBytes, SharedLayout.MinAreaBytes, SharedLayout.MaxAreaBytes - SharedLayout.DefaultRequestBytes);
        _offered = SharedMemory.TryMake(SharedLayout.Requests + SharedLayout.DefaultRequestBytes + replyBytes);
        // Without /proc it has no name by which the client could map it.
        if (_offered is not { Identity.Length: > 0 })
        {
            Withdraw();
            return greeting;
        }
        return With(Key, new ValueDictionary
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

    private Value With(string key, Value agreement)
    {
        var answer = new ValueDictionary();
        foreach (var (name, value) in greeting)
            answer.Add(name, value);
        answer.Add(key, agreement);
        return answer;
    }
}
