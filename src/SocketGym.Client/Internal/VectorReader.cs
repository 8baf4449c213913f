using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>Reads a vector's replies to <c>step</c>, <c>reset</c> and <c>render</c>, whose arrays stay where they were received.</summary>
/// <remarks>A step whose observations look like those of the step before, and whose infos are empty, allocates nothing.</remarks>
internal sealed class VectorReader : ReplyReader
{
    private const int StepParts = 5;

    private readonly int _first;
    private readonly int _count;
    private readonly List<VectorInfo> _infos;
    private readonly ValueTemplate[] _templates = [.. Enumerable.Range(0, StepParts).Select(_ => new ValueTemplate())];

    /// <param name="codec">The connection's.</param>
    /// <param name="limits">Limits on messages.</param>
    /// <param name="first">The number of the first environment in the whole vector.</param>
    /// <param name="count">How many environments reply.</param>
    /// <param name="infos">Where infos are added.</param>
    public VectorReader(MessagePackClientCodec codec, MessageLimits limits, int first, int count, List<VectorInfo> infos)
        : base(codec, limits)
    {
        _first = first;
        _count = count;
        _infos = infos;
        Step = ReadStep;
        Reset = ReadReset;
        StepTail = ReadStepTail;
    }

    public ResponseReader<VectorStepResult> Step { get; }

    public ResponseReader<VectorResetResult> Reset { get; }

    /// <summary>How the last reply to <c>step</c> looked, where its observations were one array.</summary>
    public ArrayForm StepForm { get; } = new();

    /// <summary>Reads a reply to <c>step</c> from behind its observations; the result has none.</summary>
    public Func<ReadOnlyMemory<byte>, VectorStepResult> StepTail { get; }

    private Response ReadStep(ReadOnlyMemory<byte> payload, uint id, out VectorStepResult result)
    {
        result = default;
        // 95: five parts.
        if (!StartsResult(payload.Span, id) || payload.Span[StartBytes] != 0x95)
        {
            var response = Codec.ReadResponse(new(payload), ArrayLifetime.UntilFrameReleased);
            if (response.Error is null)
                result = StepOf(PartsOf(response.Result, StepParts));
            return response;
        }
        Begin();
        var rest = payload[(StartBytes + 1)..];
        var observations = Read(ref rest, _templates[0], depth: 1);
        StepForm.Learn(payload.Span, observations);
        result = ReadAfter(observations, rest);
        return new Response(id, null, default);
    }

    private VectorStepResult ReadStepTail(ReadOnlyMemory<byte> tail)
    {
        Begin();
        return ReadAfter(Value.None, tail);
    }

    private VectorStepResult ReadAfter(Value observations, ReadOnlyMemory<byte> rest)
    {
        var rewards = Read(ref rest, _templates[1], depth: 1);
        var terminations = Read(ref rest, _templates[2], depth: 1);
        var truncations = Read(ref rest, _templates[3], depth: 1);
        var infos = Read(ref rest, _templates[4], depth: 1);
        RequireEnd(rest);
        return StepOf([observations, rewards, terminations, truncations, infos]);
    }

    private Response ReadReset(ReadOnlyMemory<byte> payload, uint id, out VectorResetResult result)
    {
        result = default;
        var response = Codec.ReadResponse(new(payload), ArrayLifetime.UntilFrameReleased);
        if (response.Error is not null)
            return response;
        var parts = PartsOf(response.Result, 2);
        AddInfos(parts[1]);
        result = new VectorResetResult(parts[0], _infos);
        return response;
    }

    private static ReadOnlySpan<Value> PartsOf(Value result, int count) => result.Kind == ValueKind.List && result.AsItems().Length == count
        ? result.AsItems()
        : throw Malformed($"The result of a vector's step or reset is {result}, not {count} parts.");

    private VectorStepResult StepOf(ReadOnlySpan<Value> parts)
    {
        AddInfos(parts[4]);
        return new VectorStepResult(
            parts[0], ArrayOf(parts[1], DType.Float64, "rewards"), ArrayOf(parts[2], DType.Bool, "terminations"), ArrayOf(parts[3], DType.Bool, "truncations"), _infos);
    }

    private NDArray ArrayOf(Value value, DType type, string what) =>
        value.Kind == ValueKind.Array && value.AsArray().DType.Equals(type) && value.AsArray().Shape.SequenceEqual([_count])
            ? value.AsArray()
            : throw Malformed($"The {what} are {value}, not an array of {_count} {type}.");

    private void AddInfos(Value infos)
    {
        if (infos.Kind != ValueKind.List)
            throw Malformed($"The infos are {infos}, not a list.");
        foreach (var item in infos.AsItems())
        {
            if (item.Kind != ValueKind.List || item.AsItems().Length != 2 || !item[0].IsInt64 || item[1].Kind is not (ValueKind.Dict or ValueKind.OrderedDict))
                throw Malformed($"An item of the infos is {item}, not an environment's number and a dict.");
            var index = item[0].AsInt64();
            if (index < 0 || index >= _count)
                throw Malformed($"An info is of environment {index}; there are {_count}.");
            _infos.Add(new VectorInfo(_first + (int)index, item[1]));
        }
    }

    private static SocketGymException Malformed(string message) => new(ErrorCode.MalformedMessage, message);
}
