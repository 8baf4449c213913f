using System.Buffers;
using SocketGym.Core.Errors;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Pickle;

namespace SocketGym.Hosting.Connections;

/// <summary>Chooses a connection's codec by its first payload (docs/protocol.md, section 1).</summary>
internal sealed class CodecChoice(MessageLimits limits, bool allowPickle)
{
    private const byte PickleProtocolOpcode = 0x80;

    /// <summary>The names of the codecs on offer.</summary>
    public IReadOnlyList<string> Names { get; } = allowPickle ? ["msgpack", "pickle"] : ["msgpack"];

    /// <summary>Makes the codec for a connection.</summary>
    /// <param name="payload">The first payload, not empty.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedProtocol"/>: pickle where it is not allowed.</exception>
    public IMessageCodec Choose(in ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        if (!reader.TryRead(out var first) || first != PickleProtocolOpcode || !reader.TryRead(out var version) || version is < 2 or > 5)
            return new MessagePackCodec(limits);
        return allowPickle
            ? new PickleCodec(limits)
            : throw new SocketGymException(ErrorCode.UnsupportedProtocol, "This address does not speak pickle. Use a MessagePack client, or start the server with --pickle on (in its configuration: \"pickle\": true).");
    }
}
