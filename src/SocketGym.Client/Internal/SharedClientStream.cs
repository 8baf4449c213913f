using SocketGym.Core.Values;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Client.Internal;

/// <summary>A connection's bytes in memory that the server shares.</summary>
internal sealed class SharedClientStream(SharedChannel channel) : IClientStream, IDisposable
{
    /// <summary>The key in <c>hello</c>.</summary>
    public const string Key = "shared_memory";

    /// <summary>Gives the memory of a client back that nobody closed.</summary>
    ~SharedClientStream() => channel.Dispose();

    /// <inheritdoc cref="SharedChannel.IsReady"/>
    public bool IsReady
    {
        get
        {
            var isReady = channel.IsReady;
            GC.KeepAlive(this);
            return isReady;
        }
    }

    /// <inheritdoc cref="SharedChannel.Announce"/>
    public bool Announce()
    {
        var isReady = channel.Announce();
        GC.KeepAlive(this);
        return isReady;
    }

    /// <inheritdoc cref="SharedChannel.Withdraw"/>
    public void Withdraw()
    {
        channel.Withdraw();
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Send(List<ReadOnlyMemory<byte>> pieces)
    {
        channel.Send(pieces);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> destination)
    {
        var count = channel.Receive(destination);
        GC.KeepAlive(this);
        return count;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        channel.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Maps what a server offers.</summary>
    /// <param name="offer">What it answered under <see cref="Key"/>; anything.</param>
    /// <param name="requestBytes">Bytes of the area of requests.</param>
    /// <returns>The memory; null where it cannot be had.</returns>
    public static SharedMemory? TryMap(Value offer, out int requestBytes)
    {
        requestBytes = 0;
        if (offer.Kind != ValueKind.Dict || offer.AsDict().GetOrNone("identity") is not { Kind: ValueKind.String } identity)
            return null;
        if (!TryReadNumber(offer, "process", int.MaxValue, out var process) || !TryReadNumber(offer, "descriptor", int.MaxValue, out var descriptor))
            return null;
        if (!TryReadNumber(offer, "request_bytes", SharedLayout.MaxAreaBytes, out requestBytes) || !TryReadNumber(offer, "reply_bytes", SharedLayout.MaxAreaBytes, out var replyBytes))
            return null;
        if (requestBytes < SharedLayout.MinAreaBytes || requestBytes % SharedLayout.MinAreaBytes != 0 || replyBytes < SharedLayout.MinAreaBytes)
            return null;
        var length = (long)SharedLayout.Requests + requestBytes + replyBytes;
        return length <= int.MaxValue ? SharedMemory.TryOpen(process, descriptor, identity.AsString(), (int)length) : null;
    }

    private static bool TryReadNumber(Value offer, string key, int most, out int number)
    {
        number = 0;
        if (!offer.AsDict().TryGetValue(key, out var value) || !value.IsInt64 || value.AsInt64() < 0 || value.AsInt64() > most)
            return false;
        number = (int)value.AsInt64();
        return true;
    }
}
