using System.Buffers;
using System.Buffers.Binary;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>Reads the replies to <c>step</c>, <c>reset</c> and <c>render</c>, whose arrays stay where they were received.</summary>
/// <remarks>A step whose observation and info look like those of the step before allocates nothing; neither does a frame that looks like the one before.</remarks>
internal sealed class EpisodeReader
{
    // 94 (a message of four), 01 (response), ce and the id, c0 (no error).
    private const int StartBytes = 8;

    private readonly MessagePackClientCodec _codec;
    private readonly ValueDecoder _decoder;
    private readonly ValueTemplate _observation = new();
    private readonly ValueTemplate _info = new();
    private readonly ValueTemplate _image = new();

    public EpisodeReader(MessagePackClientCodec codec, MessageLimits limits)
    {
        _codec = codec;
        _decoder = new ValueDecoder(limits);
        Step = ReadStep;
        Reset = ReadReset;
        Render = ReadRender;
    }

    public ResponseReader<StepResult> Step { get; }

    public ResponseReader<ResetResult> Reset { get; }

    public ResponseReader<Value> Render { get; }

    private Response ReadStep(ReadOnlyMemory<byte> payload, uint id, out StepResult result)
    {
        // 95: five parts.
        if (!StartsResult(payload.Span, id) || payload.Span[StartBytes] != 0x95)
            return _codec.ReadStep(new(payload), ArrayLifetime.UntilFrameReleased, out result);
        _decoder.Begin(ArrayLifetime.UntilFrameReleased);
        var rest = payload[(StartBytes + 1)..];
        result = new StepResult(
            Read(ref rest, _observation, depth: 1), Read(ref rest, depth: 1), Read(ref rest, depth: 1), Read(ref rest, depth: 1), Read(ref rest, _info, depth: 1));
        RequireEnd(rest);
        RequireInfo(result.Info);
        return new Response(id, null, default);
    }

    private Response ReadReset(ReadOnlyMemory<byte> payload, uint id, out ResetResult result)
    {
        result = default;
        var response = _codec.ReadResponse(new(payload), ArrayLifetime.UntilFrameReleased);
        if (response.Error is not null)
            return response;
        if (response.Result.Kind != ValueKind.List || response.Result.AsItems().Length != 2)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The result of a reset is {response.Result}, not observation and info.");
        result = new ResetResult(response.Result.AsItems()[0], response.Result.AsItems()[1]);
        RequireInfo(result.Info);
        return response;
    }

    private Response ReadRender(ReadOnlyMemory<byte> payload, uint id, out Value result)
    {
        if (!StartsResult(payload.Span, id))
        {
            var response = _codec.ReadResponse(new(payload), ArrayLifetime.UntilFrameReleased);
            result = response.Result;
            return response;
        }
        _decoder.Begin(ArrayLifetime.UntilFrameReleased);
        var rest = payload[StartBytes..];
        result = Read(ref rest, _image, depth: 0);
        RequireEnd(rest);
        return new Response(id, null, default);
    }

    private static bool StartsResult(ReadOnlySpan<byte> payload, uint id) => payload.Length > StartBytes
        && payload[..3].SequenceEqual<byte>([0x94, 0x01, 0xCE])
        && BinaryPrimitives.ReadUInt32BigEndian(payload[3..]) == id
        && payload[StartBytes - 1] == 0xC0;

    private Value Read(ref ReadOnlyMemory<byte> rest, int depth)
    {
        var reader = new MessagePackReader(new ReadOnlySequence<byte>(rest));
        var value = _decoder.Read(ref reader, depth);
        rest = rest[(int)reader.Consumed..];
        return value;
    }

    private Value Read(ref ReadOnlyMemory<byte> rest, ValueTemplate template, int depth)
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

    private static void RequireEnd(ReadOnlyMemory<byte> rest)
    {
        if (!rest.IsEmpty)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"{rest.Length} bytes follow the message; a frame carries exactly one.");
    }

    private static void RequireInfo(Value info)
    {
        if (info.Kind is not (ValueKind.Dict or ValueKind.OrderedDict))
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The info is {info}, not a dict.");
    }
}
