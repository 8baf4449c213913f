using System.Buffers;
using System.Buffers.Binary;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>Reads replies whose arrays stay where they were received; parts that look like those of the reply before allocate nothing.</summary>
internal abstract class ReplyReader
{
    /// <summary>The bytes before a result: 94 (a message of four), 01 (response), ce and the id, c0 (no error).</summary>
    protected const int StartBytes = 8;

    private readonly ValueDecoder _decoder;
    private readonly ValueTemplate _image = new();

    protected ReplyReader(MessagePackClientCodec codec, MessageLimits limits)
    {
        Codec = codec;
        _decoder = new ValueDecoder(limits);
        Render = ReadRender;
    }

    /// <summary>Reads the reply to <c>render</c>.</summary>
    public ResponseReader<Value> Render { get; }

    /// <summary>How the last reply to <c>render</c> looked.</summary>
    public ArrayForm ImageForm { get; } = new();

    /// <summary>Reads what follows an image: nothing.</summary>
    public static Func<ReadOnlyMemory<byte>, int> ImageTail { get; } = tail =>
    {
        RequireEnd(tail);
        return tail.Length;
    };

    protected MessagePackClientCodec Codec { get; }

    /// <summary>Whether a payload is a result in the form in which servers write it, and from where parts can be read one by one.</summary>
    protected static bool StartsResult(ReadOnlySpan<byte> payload, uint id) => payload.Length > StartBytes
        && payload[..3].SequenceEqual<byte>([0x94, 0x01, 0xCE])
        && BinaryPrimitives.ReadUInt32BigEndian(payload[3..]) == id
        && payload[StartBytes - 1] == 0xC0;

    protected static void RequireEnd(ReadOnlyMemory<byte> rest)
    {
        if (!rest.IsEmpty)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"{rest.Length} bytes follow the message; a frame carries exactly one.");
    }

    protected void Begin() => _decoder.Begin(ArrayLifetime.UntilFrameReleased);

    protected Value Read(ref ReadOnlyMemory<byte> rest, int depth)
    {
        var reader = new MessagePackReader(new ReadOnlySequence<byte>(rest));
        var value = _decoder.Read(ref reader, depth);
        rest = rest[(int)reader.Consumed..];
        return value;
    }

    protected Value Read(ref ReadOnlyMemory<byte> rest, ValueTemplate template, int depth)
    {
        if (template.TryMatch(rest, out var value))
        {
            rest = rest[template.Length..];
            return value;
        }
        var start = rest;
        value = Read(ref rest, depth);
        template.Learn(start[..^rest.Length], value);
        return value;
    }

    private Response ReadRender(ReadOnlyMemory<byte> payload, uint id, out Value result)
    {
        if (!StartsResult(payload.Span, id))
        {
            var response = Codec.ReadResponse(new(payload), ArrayLifetime.UntilFrameReleased);
            result = response.Result;
            return response;
        }
        Begin();
        var rest = payload[StartBytes..];
        result = Read(ref rest, _image, depth: 0);
        RequireEnd(rest);
        ImageForm.Learn(payload.Span, result);
        return new Response(id, null, default);
    }
}
