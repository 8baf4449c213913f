using System.Buffers;
using System.Text.Json;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Pickle;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Pickle;

/// <summary>written.json holds what is written here; tests/python/test_pickle_vectors.py has the real pickle load it.</summary>
public sealed class PicklerTests
{
    private const string WrittenFile = "pickle/written.json";

    [Fact]
    public void Every_value_is_written_as_the_committed_vectors_have_it()
    {
        var written = Values().Select(entry => new WrittenVector(
            entry.Name, entry.Description, Convert.ToHexStringLower(Write(new Pickler(), VectorValue.Parse(entry.Description))))).ToList();
        WrittenVector.AssertCommitted(WrittenFile, "Pickles of protocol 4 that SocketGym writes.", written);
    }

    [Fact]
    public void What_is_written_is_read_back_without_loss()
    {
        var pickler = new Pickler();
        var unpickler = new Unpickler();
        foreach (var (name, description) in Values())
        {
            var value = VectorValue.Parse(description);
            var read = unpickler.Read(new ReadOnlySequence<byte>(Write(pickler, value)));
            Assert.True(value == read, $"{name}: {value} was written, and {read} read.");
        }
    }

    [Fact]
    public void Large_data_goes_into_a_frame_by_reference()
    {
        var array = new NDArray(DType.UInt8, 200, 400);
        array.Bytes[5] = 9;
        var frame = new FrameBuffer();
        new Pickler().Write(frame, Value.List(array, Value.FromBytes(new byte[40_000])));
        var pieces = new List<ReadOnlyMemory<byte>>();
        frame.Complete(pieces);
        Assert.Contains(pieces, piece => piece.Equals((ReadOnlyMemory<byte>)array.Data));
        byte[] payload = [.. pieces.SelectMany(piece => piece.ToArray()).Skip(FrameBuffer.HeaderBytes)];
        Assert.Equal(Value.FromArray(array), new Unpickler().Read(new ReadOnlySequence<byte>(payload)).AsItems()[0]);
    }

    [Fact]
    public void An_opaque_value_is_written_as_its_repr_or_as_the_trusted_global()
    {
        var opaque = Value.FromOpaque(new Opaque("a.B", "<a.B>"));
        Assert.Equal(Value.FromString("<a.B>"), new Unpickler().Read(new ReadOnlySequence<byte>(Write(new Pickler(), opaque))));
        var global = new PickleGlobal("socketgym_worker.values", "Opaque");
        Assert.Equal(opaque, new Unpickler(opaque: global).Read(new ReadOnlySequence<byte>(Write(new Pickler(opaque: global), opaque))));
    }

    [Fact]
    public void A_value_beyond_a_limit_is_refused()
    {
        var deep = Value.None;
        for (var depth = 0; depth < 65; depth++)
            deep = Value.List(deep);
        Assert.Equal(ErrorCode.NestingTooDeep, Assert.Throws<SocketGymException>(() => Write(new Pickler(), deep)).Code);
        Assert.Equal(deep.AsItems()[0], new Unpickler().Read(new ReadOnlySequence<byte>(Write(new Pickler(), deep.AsItems()[0]))));
        var small = new Pickler(new MessageLimits(MaxValues: 3));
        Assert.Equal(ErrorCode.TooManyValues, Assert.Throws<SocketGymException>(() => Write(small, Value.List(1, 2, 3))).Code);
        Assert.NotEmpty(Write(small, Value.List(1, 2)));
    }

    [Fact]
    public void A_value_that_shares_its_parts_counts_each_of_them()
    {
        var bomb = Value.List(1, 2);
        for (var level = 0; level < 40; level++)
            bomb = Value.List(bomb, bomb);
        Assert.Equal(ErrorCode.TooManyValues, Assert.Throws<SocketGymException>(() => Write(new Pickler(), bomb)).Code);
    }

    [Fact]
    public void A_message_of_a_shape_seen_before_allocates_nothing()
    {
        var info = new ValueDictionary { ["TimeLimit.truncated"] = false, ["distance"] = Value.Scalar(1.5), ["mask"] = NDArray.Of<sbyte>([1, 0]), ["when"] = Value.FromScalar(DType.Parse("<M8[25s]"), new byte[8]) };
        Value message = new ValueDictionary { ["observation"] = NDArray.Of<float>([1, 2, 3, 4]), ["reward"] = 1.0, ["steps"] = 70_000, ["info"] = info };
        var pickler = new Pickler();
        var frame = new FrameBuffer();
        for (var run = 0; run < 50; run++)
            Run();
        Assert.Equal(0, Allocation.Least(RunMany));

        void RunMany()
        {
            for (var run = 0; run < 100; run++)
                Run();
        }

        void Run()
        {
            frame.Clear();
            pickler.Write(frame, message);
        }
    }

    private static IEnumerable<(string Name, JsonElement Description)> Values() => VectorFile.Open("pickle/numpy1.json").GetProperty("cases").EnumerateArray()
        .Select(vector => (vector.GetProperty("name").GetString()!, vector.GetProperty("value")));

    private static byte[] Write(Pickler pickler, Value value)
    {
        var output = new ArrayBufferWriter<byte>();
        pickler.Write(output, value);
        return output.WrittenSpan.ToArray();
    }
}
