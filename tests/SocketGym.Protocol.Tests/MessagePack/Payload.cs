using System.Buffers;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Tests.MessagePack;

/// <summary>Bare values to and from bytes, by the codec under test.</summary>
internal static class Payload
{
    public static Value Decode(in ReadOnlySequence<byte> bytes, MessageLimits? limits = null, ArrayLifetime arrays = ArrayLifetime.Owned)
    {
        var decoder = new ValueDecoder(limits ?? MessageLimits.Default);
        decoder.Begin(arrays);
        var reader = new MessagePackReader(bytes);
        var value = decoder.Read(ref reader);
        Assert.True(reader.End, "The decoder left bytes over.");
        return value;
    }

    public static Value Decode(byte[] bytes, MessageLimits? limits = null) => Decode(new ReadOnlySequence<byte>(bytes), limits);

    public static byte[] Encode(Value value, MessageLimits? limits = null)
    {
        var output = new FrameBuffer();
        var encoder = new ValueEncoder(limits ?? MessageLimits.Default);
        var writer = encoder.Begin(output);
        encoder.Write(ref writer, value);
        writer.Flush();
        return BytesOf(output);
    }

    /// <summary>A frame's payload, put together as a connection would send it.</summary>
    public static byte[] BytesOf(FrameBuffer output)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        output.Complete(pieces);
        return [.. pieces.SelectMany(piece => piece.ToArray()).Skip(FrameBuffer.HeaderBytes)];
    }
}
