using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Core.Tests;

/// <summary>Batches divided among several vectors, and joined again.</summary>
public sealed class BatchSharingTests
{
    private static readonly Box Pair = new(-1, 1, [2], DType.Float32);

    [Fact]
    public void An_array_is_divided_by_rows_and_joined_again_without_an_allocation()
    {
        var divided = new DividedBatch(Pair, 1, 2);
        var joined = new JoinedBatch(Pair, 3);
        var batch = NDArray.Of<float>([1, 2, 3, 4, 5, 6], 3, 2);
        var pieces = divided.Divide(batch);
        Assert.Equal([NDArray.Of<float>([1, 2], 1, 2), NDArray.Of<float>([3, 4, 5, 6], 2, 2)], pieces.ToArray().Select(piece => piece.AsArray()));
        Assert.True(joined.TryPut(0, 1, pieces[0]) && joined.TryPut(1, 2, pieces[1]));
        Assert.Equal(batch, joined.Value.AsArray());
        Assert.Equal(0, Allocation.Least(Run));

        void Run()
        {
            for (var round = 0; round < 100; round++)
            {
                var again = divided.Divide(batch);
                joined.TryPut(0, 1, again[0]);
                joined.TryPut(1, 2, again[1]);
            }
        }
    }

    [Fact]
    public void Pieces_have_the_dtype_of_the_batch_at_hand()
    {
        var divided = new DividedBatch(new Discrete(4), 2, 1);
        Assert.Equal(NDArray.Of<long>([1, 2]), divided.Divide(NDArray.Of<long>([1, 2, 3]))[0].AsArray());
        Assert.Equal(NDArray.Of<byte>([3]), divided.Divide(NDArray.Of<byte>([1, 2, 3]))[1].AsArray());
        Assert.Equal(Value.Tuple(1, 2.0), divided.Divide(Value.List(1, 2.0, true))[0]);
        Assert.Equal(NDArray.Of<byte>([7]), divided.Divide(NDArray.Of<byte>([5, 6, 7]))[1].AsArray());
    }

    [Fact]
    public void What_cannot_be_divided_is_refused_with_the_space()
    {
        var divided = new DividedBatch(new Core.Spaces.Tuple(new Discrete(4), Pair), 2, 1);
        Value discrete = NDArray.Of<long>([1, 2, 3]);
        Value pairs = new NDArray(DType.Float32, 3, 2);
        Assert.Equal(2, divided.Divide(Value.Tuple(discrete, pairs)).Length);
        foreach (var batch in (Value[])[1, Value.Tuple(discrete), Value.Tuple(discrete, new NDArray(DType.Float32, 2, 2)), Value.Set(1, 2), Value.Tuple(discrete, new NDArray(DType.Float32))])
        {
            var error = Assert.Throws<SocketGymException>(() => divided.Divide(batch).Length);
            Assert.Equal(ErrorCode.InvalidAction, error.Code);
            Assert.Contains("MultiDiscrete([4 4 4])", error.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new DividedBatch(Pair, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DividedBatch(Pair));
    }

    [Fact]
    public void What_does_not_fit_is_not_joined()
    {
        var dict = new JoinedBatch(new Dict(KeyValuePair.Create<Value, Space>("a", Pair), KeyValuePair.Create<Value, Space>("b", new Text(3))), 2);
        Value fitting = new ValueDictionary { ["a"] = new NDArray(DType.Float32, 1, 2), ["b"] = Value.Tuple("x") };
        Assert.True(dict.TryPut(1, 1, fitting));
        foreach (var batch in (Value[])
        [
            1,
            Value.Tuple(fitting["a"], fitting["b"]),
            new ValueDictionary { ["a"] = fitting["a"] },
            new ValueDictionary { ["a"] = fitting["a"], ["c"] = fitting["b"] },
            new ValueDictionary { ["a"] = new NDArray(DType.Float64, 1, 2), ["b"] = fitting["b"] },
            new ValueDictionary { ["a"] = new NDArray(DType.Float32, 2, 2), ["b"] = fitting["b"] },
            new ValueDictionary { ["a"] = new NDArray(DType.Float32, 1, 3), ["b"] = fitting["b"] },
            new ValueDictionary { ["a"] = fitting["a"], ["b"] = "x" },
            new ValueDictionary { ["a"] = fitting["a"], ["b"] = Value.Tuple("x", "y") },
        ])
        {
            Assert.False(dict.TryPut(1, 1, batch));
        }
        Assert.Equal(Value.Tuple(Value.None, "x"), dict.Value["b"]);
        // The caller may do with it what it likes until the next one.
        dict.Value.AsDict().Clear();
        Assert.Equal(2, dict.Value.AsDict().Count);
    }

    [Fact]
    public void A_row_is_a_place_on_the_first_axis()
    {
        var array = NDArray.Of<int>([1, 2, 3, 4, 5, 6], 3, 1, 2);
        Assert.Equal([3, 4], array.Row<int>(1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Row<int>(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Row<int>(-1).Length);
        Assert.Throws<InvalidOperationException>(() => array.Row<long>(0).Length);
        Assert.Throws<InvalidOperationException>(() => new NDArray(DType.Int32).Row<int>(0).Length);
    }
}
