using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>Reads the replies to <c>step</c>, <c>reset</c> and <c>render</c>, whose arrays stay where they were received.</summary>
/// <remarks>A step whose observation and info look like those of the step before allocates nothing; neither does a frame that looks like the one before.</remarks>
internal sealed class EpisodeReader : ReplyReader
{
    private readonly ValueTemplate _observation = new();
    private readonly ValueTemplate _info = new();

    public EpisodeReader(MessagePackClientCodec codec, MessageLimits limits)
        : base(codec, limits)
    {
        Step = ReadStep;
        Reset = ReadReset;
    }

    public ResponseReader<StepResult> Step { get; }

    public ResponseReader<ResetResult> Reset { get; }

    private Response ReadStep(ReadOnlyMemory<byte> payload, uint id, out StepResult result)
    {
        // 95: five parts.
        if (!StartsResult(payload.Span, id) || payload.Span[StartBytes] != 0x95)
            return Codec.ReadStep(new(payload), ArrayLifetime.UntilFrameReleased, out result);
        Begin();
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
        var response = Codec.ReadResponse(new(payload), ArrayLifetime.UntilFrameReleased);
        if (response.Error is not null)
            return response;
        if (response.Result.Kind != ValueKind.List || response.Result.AsItems().Length != 2)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The result of a reset is {response.Result}, not observation and info.");
        result = new ResetResult(response.Result.AsItems()[0], response.Result.AsItems()[1]);
        RequireInfo(result.Info);
        return response;
    }

    private static void RequireInfo(Value info)
    {
        if (info.Kind is not (ValueKind.Dict or ValueKind.OrderedDict))
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The info is {info}, not a dict.");
    }
}
