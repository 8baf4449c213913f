using System.Buffers;
using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Tests.MessagePack;

public class ValueEncoderTests
{
    [Fact]
    public void A_value_nested_too_deep_is_refused()
    {
        Assert.NotEmpty(Payload.Encode(Nested(64)));
        AssertRefused(ErrorCode.NestingTooDeep, Nested(65));
    }

    [Fact]
    public void A_value_that_contains_itself_is_refused()
    {
        var items = new Value[1];
        var list = Value.List(items);
        items[0] = list;

        AssertRefused(ErrorCode.NestingTooDeep, list);
    }

    [Fact]
    public void A_limit_beyond_the_stack_does_not_overflow_it()
    {
        var limits = new MessageLimits(MaxDepth: int.MaxValue, MaxValues: int.MaxValue);
        var bytes = new byte[10_000_000];
        bytes.AsSpan().Fill(0x91);

        AssertRefused(ErrorCode.NestingTooDeep, Nested(1_000_000), limits);
        Assert.Equal(ErrorCode.NestingTooDeep, Assert.Throws<SocketGymException>(() => Payload.Decode(bytes, limits)).Code);
    }

    [Fact]
    public void A_small_value_that_stands_for_an_enormous_one_is_refused()
    {
        Value list = Value.List();
        for (var doubling = 0; doubling < 40; doubling++)
            list = Value.List(list, list);

        AssertRefused(ErrorCode.TooManyValues, list);
    }

    [Fact]
    public void What_the_document_limits_is_unsupported()
    {
        AssertRefused(ErrorCode.UnsupportedValue, Value.FromInt(BigInteger.One << (8 * ValueEncoder.MaxBigIntegerBytes)));
        AssertRefused(ErrorCode.UnsupportedValue, new NDArray(DType.Int8, Enumerable.Repeat(1, 65).ToArray()));
        AssertRefused(ErrorCode.UnsupportedValue, Value.FromObjectArray(new ObjectArray(Enumerable.Repeat(1, 65).ToArray(), [Value.None])));
        var fields = Enumerable.Range(0, 10_000).Select(index => new DTypeField($"field{index}", DType.Int8, []));
        AssertRefused(ErrorCode.UnsupportedValue, new NDArray(DType.Structured([.. fields]), 1));
        AssertRefused(ErrorCode.UnsupportedValue, new NDArray(DType.Structured([new DTypeField("\ud800", DType.Int8, [])]), 1));
    }

    [Fact]
    public void The_largest_integer_travels()
    {
        var largest = Value.FromInt((BigInteger.One << ((8 * ValueEncoder.MaxBigIntegerBytes) - 1)) - 1);

        Assert.Equal(largest, Payload.Decode(Payload.Encode(largest)));
    }

    [Fact]
    public void An_opaque_may_have_lone_surrogates()
    {
        var opaque = Value.FromOpaque(new Opaque("T\udcff", "\ud800"));

        Assert.Equal(opaque, Payload.Decode(Payload.Encode(opaque)));
    }

    [Theory]
    [InlineData(FrameBuffer.ReferenceThreshold - 1, 1)]
    [InlineData(FrameBuffer.ReferenceThreshold, 3)]
    public void Large_arrays_are_sent_from_where_they_lie(int length, int pieceCount)
    {
        var array = new NDArray(DType.UInt8, length);
        array.Bytes.Fill(7);
        var value = Value.List(array, "after");
        var output = new FrameBuffer();
        var encoder = new ValueEncoder(MessageLimits.Default);
        var writer = encoder.Begin(output);
        encoder.Write(ref writer, value);
        writer.Flush();
        var pieces = new List<ReadOnlyMemory<byte>>();
        output.Complete(pieces);

        Assert.Equal(pieceCount, pieces.Count);
        Assert.Equal(pieceCount > 1, pieces.Any(piece => piece.Span.Overlaps(array.Bytes)));
        Assert.Equal(value, Payload.Decode(Payload.BytesOf(output)));
    }

    [Fact]
    public void Longer_forms_than_needed_are_read()
    {
        Assert.Equal(1, Payload.Decode([0xd3, 0, 0, 0, 0, 0, 0, 0, 1]));
        Assert.Equal(1, Payload.Decode([0xcf, 0, 0, 0, 0, 0, 0, 0, 1]));
        Assert.Equal(-1, Payload.Decode([0xd1, 0xff, 0xff]));
        Assert.Equal("a", Payload.Decode([0xdb, 0, 0, 0, 1, (byte)'a']));
        Assert.Equal(Value.FromBytes([1]), Payload.Decode([0xc5, 0, 1, 1]));
        Assert.Equal(Value.List(1), Payload.Decode([0xdc, 0, 1, 1]));
        Assert.Equal(new ValueDictionary { ["a"] = 1 }, Payload.Decode([0xdf, 0, 0, 0, 1, 0xa1, (byte)'a', 1]));
        Assert.Equal(1.5, Payload.Decode([0xca, 0x3f, 0xc0, 0, 0]));
        Assert.Equal(Value.FromByteArray([1]), Payload.Decode([0xc8, 0, 1, 6, 1]));
        Assert.Equal(5, Payload.Decode([0xd4, 4, 5]));
    }

    private static Value Nested(int depth)
    {
        Value value = Value.None;
        for (var level = 0; level < depth; level++)
            value = Value.List(value);
        return value;
    }

    private static void AssertRefused(ErrorCode code, Value value, MessageLimits? limits = null) =>
        Assert.Equal(code, Assert.Throws<SocketGymException>(() => Payload.Encode(value, limits)).Code);
}
