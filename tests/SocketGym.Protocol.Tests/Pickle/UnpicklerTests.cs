using System.Buffers;
using System.Text.Json;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Pickle;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Pickle;

public sealed class UnpicklerTests
{
    // Beyond that a pickle repeats itself, and each refusal costs an exception.
    private const int LongestChanged = 512;

    public static TheoryData<string> Worlds => ["numpy1", "numpy2", "python2"];

    public static TheoryData<string> RefusedNames => [.. Cases("refused").Select(vector => vector.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void What_CPython_and_NumPy_pickle_is_read_without_loss(string world)
    {
        var unpickler = new Unpickler();
        foreach (var vector in Cases(world))
        {
            var expected = VectorValue.Parse(vector.GetProperty("value"));
            foreach (var pickle in vector.GetProperty("pickles").EnumerateObject())
            {
                var payload = Convert.FromHexString(pickle.Value.GetString()!);
                foreach (var form in Payload.Forms(payload))
                    AssertSame(expected, unpickler.Read(form), $"{vector.GetProperty("name")}, protocol {pickle.Name}");
            }
        }
    }

    [Fact]
    public void A_pickle_cut_off_anywhere_is_malformed()
    {
        var unpickler = new Unpickler();
        foreach (var vector in Cases("numpy2"))
        {
            foreach (var pickle in vector.GetProperty("pickles").EnumerateObject())
            {
                var payload = Convert.FromHexString(pickle.Value.GetString()!);
                for (var length = 0; length < payload.Length && payload.Length < LongestChanged; length++)
                    Assert.Equal(ErrorCode.MalformedMessage, CodeOf(unpickler, new ReadOnlySequence<byte>(payload, 0, length)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void Hostile_pickles_are_refused_by_their_code_however_they_arrive(string name)
    {
        var vector = Cases("refused").Single(vector => vector.GetProperty("name").GetString() == name);
        var expected = Enum.Parse<ErrorCode>(vector.GetProperty("code").GetString()!);
        var unpickler = new Unpickler();
        foreach (var form in Payload.Forms(VectorFile.Bytes(vector)))
            Assert.Equal(expected, CodeOf(unpickler, form));
        // And the connection's unpickler is as good as new.
        Assert.Equal(Value.List(1), Read(unpickler, "80045d4b01612e"));
    }

    [Fact]
    public void A_pickle_with_any_byte_changed_is_read_or_refused_but_never_fails_otherwise()
    {
        var unpickler = new Unpickler(new MessageLimits(MaxFrameBytes: 1 << 20, MaxDepth: 64, MaxValues: 4096));
        foreach (var vector in Cases("numpy2"))
        {
            foreach (var pickle in vector.GetProperty("pickles").EnumerateObject())
            {
                var payload = Convert.FromHexString(pickle.Value.GetString()!);
                for (var index = 2; index < payload.Length && payload.Length < LongestChanged; index++)
                {
                    foreach (var change in (byte[])[0x01, 0x80])
                    {
                        payload[index] ^= change;
                        CodeOf(unpickler, new ReadOnlySequence<byte>(payload));
                        payload[index] ^= change;
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("80025503666f6f2e")]
    [InlineData("80025403000000666f6f2e")]
    public void A_string_of_Python_2_is_text_where_it_is_ASCII(string hex) => Assert.Equal(Value.FromString("foo"), Read(new Unpickler(), hex));

    [Fact]
    public void A_string_of_Python_2_is_bytes_where_it_is_not_ASCII() =>
        Assert.Equal(Value.FromBytes([0x66, 0xFF]), Read(new Unpickler(), "8002550266ff2e"));

    [Theory]
    [InlineData("(NN]N1N.")]
    [InlineData("N0N0N0N.")]
    public void Objects_that_are_dropped_again_do_not_count_as_values(string opcodes)
    {
        byte[] payload = [0x80, 4, .. System.Text.Encoding.ASCII.GetBytes(opcodes)];
        Assert.Equal(Value.None, new Unpickler(new MessageLimits(MaxValues: 1)).Read(new ReadOnlySequence<byte>(payload)));
    }

    [Fact]
    public void Objects_that_are_dropped_again_count_as_work()
    {
        var payload = new byte[200_000];
        payload.AsSpan().Fill((byte)'N');
        for (var index = 3; index < payload.Length; index += 2)
            payload[index] = (byte)'0';
        (payload[0], payload[1], payload[^1]) = (0x80, 4, (byte)'.');
        Assert.Equal(ErrorCode.TooManyValues, CodeOf(new Unpickler(new MessageLimits(MaxValues: 100)), new ReadOnlySequence<byte>(payload)));
    }

    [Fact]
    public void A_shared_value_counts_each_time_it_is_reached()
    {
        // [x, x, x] with x = [None]: one list, and three times two values.
        var three = Convert.FromHexString("8004" + "5d28" + "5d4e6194" + "6800" + "6800" + "65" + "2e");
        Assert.Equal(Value.List(Value.List(Value.None), Value.List(Value.None), Value.List(Value.None)),
            new Unpickler(new MessageLimits(MaxValues: 7)).Read(new ReadOnlySequence<byte>(three)));
        Assert.Equal(ErrorCode.TooManyValues, CodeOf(new Unpickler(new MessageLimits(MaxValues: 6)), new ReadOnlySequence<byte>(three)));
    }

    [Fact]
    public void Data_that_a_memo_repeats_is_bounded_by_the_longest_frame()
    {
        // A text of 1000 bytes, encoded to bytes a hundred times over.
        byte[] encode = [.. "c_codecs\nencode\n"u8, 0x94, (byte)'0'];
        byte[] text = [(byte)'X', 0xE8, 3, 0, 0, .. Enumerable.Repeat((byte)'a', 1000), 0x94, (byte)'0', 0x8C, 6, .. "latin1"u8, 0x94, (byte)'0'];
        byte[] call = [(byte)'h', 0, (byte)'h', 1, (byte)'h', 2, 0x86, (byte)'R'];
        byte[] payload = [0x80, 4, .. encode, .. text, (byte)']', (byte)'(', .. Enumerable.Repeat(call, 100).SelectMany(bytes => bytes), (byte)'e', (byte)'.'];
        Assert.Equal(100, new Unpickler().Read(new ReadOnlySequence<byte>(payload)).AsItems().Length);
        Assert.Equal(ErrorCode.TooManyValues, CodeOf(new Unpickler(new MessageLimits(MaxFrameBytes: 50_000)), new ReadOnlySequence<byte>(payload)));
    }

    [Fact]
    public void A_pickle_longer_than_a_frame_may_be_is_refused() =>
        Assert.Equal(ErrorCode.FrameTooLarge, CodeOf(new Unpickler(new MessageLimits(MaxFrameBytes: 3)), new ReadOnlySequence<byte>([0x80, 4, (byte)'N', (byte)'.'])));

    [Fact]
    public void A_limit_on_depth_beyond_the_stack_ends_in_an_error_and_not_in_the_process()
    {
        byte[] payload = [0x80, 4, (byte)')', .. Enumerable.Repeat((byte)0x85, 1_000_000), (byte)'.'];
        Assert.Equal(ErrorCode.NestingTooDeep, CodeOf(new Unpickler(new MessageLimits(MaxDepth: int.MaxValue, MaxValues: int.MaxValue)), new ReadOnlySequence<byte>(payload)));
    }

    [Fact]
    public void The_trusted_global_makes_an_opaque_value_and_nothing_else_may_name_it()
    {
        byte[] payload = [0x80, 4, .. "csocketgym_worker.values\nOpaque\n"u8, 0x8C, 3, .. "a.B"u8, 0x8C, 5, .. "<a.B>"u8, 0x86, (byte)'R', (byte)'.'];
        var trusting = new Unpickler(opaque: new PickleGlobal("socketgym_worker.values", "Opaque"));
        Assert.Equal(Value.FromOpaque(new Opaque("a.B", "<a.B>")), trusting.Read(new ReadOnlySequence<byte>(payload)));
        Assert.Equal(ErrorCode.ForbiddenGlobal, CodeOf(new Unpickler(), new ReadOnlySequence<byte>(payload)));
    }

    [Fact]
    public void The_fifth_argument_of_frombuffer_permutes_the_axes()
    {
        // What NumPy 2.3 writes for np.arange(6, dtype='u1').reshape(2, 3).transpose(1, 0) among higher dimensions.
        byte[] dtype = [.. "cnumpy\ndtype\n"u8, 0x8C, 2, .. "u1"u8, 0x89, 0x88, 0x87, (byte)'R'];
        byte[] payload = [
            0x80, 5, .. "cnumpy._core.numeric\n_frombuffer\n("u8, 0x96, 6, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, .. dtype,
            (byte)'K', 2, (byte)'K', 3, 0x86, 0x8C, 1, (byte)'K', (byte)'K', 1, (byte)'K', 0, 0x86, (byte)'t', (byte)'R', (byte)'.',
        ];
        Assert.Equal(Value.FromArray(NDArray.Of<byte>([0, 3, 1, 4, 2, 5], 3, 2)), new Unpickler().Read(new ReadOnlySequence<byte>(payload)));
    }

    private static JsonElement.ArrayEnumerator Cases(string file) => VectorFile.Open($"pickle/{file}.json").GetProperty("cases").EnumerateArray();

    private static Value Read(Unpickler unpickler, string hex) => unpickler.Read(new ReadOnlySequence<byte>(Convert.FromHexString(hex)));

    private static ErrorCode? CodeOf(Unpickler unpickler, ReadOnlySequence<byte> payload)
    {
        try
        {
            unpickler.Read(payload);
            return null;
        }
        catch (SocketGymException error)
        {
            return error.Code;
        }
    }

    private static void AssertSame(Value expected, Value actual, string name) => Assert.True(expected == actual, $"{name}: {expected} was expected, not {actual}.");
}
