using System.Buffers;
using SocketGym.Core.Values;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Tests.MessagePack;

public class ArrayLifetimeTests
{
    private static readonly NDArray First = NDArray.Of<float>([1, 2]);
    private static readonly NDArray Second = NDArray.Of<float>([3, 4]);

    private readonly ValueDecoder _decoder = new(MessageLimits.Default);

    [Fact]
    public void Owned_arrays_stay_as_they_are()
    {
        var array = Decode(First, ArrayLifetime.Owned);
        Decode(Second, ArrayLifetime.Owned);
        Decode(Second, ArrayLifetime.UntilNextMessage);

        Assert.Equal(First, array);
    }

    [Fact]
    public void Arrays_until_the_next_message_are_overwritten_by_one_like_them()
    {
        var array = Decode(First, ArrayLifetime.UntilNextMessage);
        var next = Decode(Second, ArrayLifetime.UntilNextMessage);

        Assert.Same(array, next);
        Assert.Equal(Second, array);
    }

    [Fact]
    public void Another_dtype_or_shape_gets_another_array()
    {
        var array = Decode(First, ArrayLifetime.UntilNextMessage);
        var doubles = NDArray.Of<double>([5]);
        var column = NDArray.Of<float>([6, 7], 2, 1);

        Assert.Equal(doubles, Decode(doubles, ArrayLifetime.UntilNextMessage));
        Assert.Equal(column, Decode(column, ArrayLifetime.UntilNextMessage));
        Assert.Equal(First, array);
    }

    [Fact]
    public void Two_arrays_of_one_message_are_two()
    {
        var bytes = Payload.Encode(Value.List(First, Second));
        for (var message = 0; message < 2; message++)
            Assert.Equal(Value.List(First, Second), DecodeValue(bytes, ArrayLifetime.UntilNextMessage));
    }

    [Fact]
    public void More_arrays_than_are_kept_are_right_too()
    {
        var value = Value.List([.. Enumerable.Range(0, 50).Select(index => (Value)NDArray.Of<int>([index]))]);
        var bytes = Payload.Encode(value);
        for (var message = 0; message < 2; message++)
            Assert.Equal(value, DecodeValue(bytes, ArrayLifetime.UntilNextMessage));
    }

    [Fact]
    public void Arrays_until_the_frame_is_released_lie_in_the_frame()
    {
        var bytes = Payload.Encode(First);

        var array = DecodeValue(bytes, ArrayLifetime.UntilFrameReleased).AsArray();

        Assert.Equal(First, array);
        Assert.True(array.Bytes.Overlaps(bytes));
        Assert.False(DecodeValue(bytes, ArrayLifetime.Owned).AsArray().Bytes.Overlaps(bytes));
    }

    private NDArray Decode(NDArray array, ArrayLifetime lifetime) => DecodeValue(Payload.Encode(array), lifetime).AsArray();

    private Value DecodeValue(byte[] bytes, ArrayLifetime lifetime)
    {
        _decoder.Begin(lifetime);
        var reader = new MessagePackReader(new ReadOnlySequence<byte>(bytes));
        return _decoder.Read(ref reader);
    }
}
