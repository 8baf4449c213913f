using SocketGym.Core.Values;

namespace SocketGym.Client.Tests;

/// <summary>How replies are received: in any pieces, into the same memory again and again, with nothing stale handed out.</summary>
public sealed class ReceiveTests
{
    [Fact]
    public void A_reply_may_come_in_pieces_of_two_bytes()
    {
        var image = new byte[20 * 20 * 3];
        new Random(1).NextBytes(image);
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            foreach (var piece in Pack.Frame(Pack.Reply(3, Step(Pack.Array("|u1", [20, 20, 3], image), Pack.Int(1), Pack.Map()))).Chunk(2))
                peer.Send(piece);
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        client.Step(0);
        Assert.Equal(image, client.Observation<byte>().ToArray());
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, 2 * 60 * 60 * 1000.0)]
    [InlineData(100, 9e14)]
    [InlineData(10_000, 60_000)]
    public void Any_spin_and_any_time_limit_will_do(int spinMicroseconds, double timeoutMilliseconds)
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            foreach (var part in Pack.Frame(Pack.Reply(3, Step(Pack.Int(5), Pack.Int(1), Pack.Map()))))
                peer.Send([part]);
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        var options = server.Options with
        {
            Spin = TimeSpan.FromMicroseconds(spinMicroseconds),
            Timeout = TimeSpan.FromMilliseconds(timeoutMilliseconds),
            ConnectTimeout = TimeSpan.FromMilliseconds(timeoutMilliseconds),
        };
        using var client = SocketGymClient.Make("X-v0", options);
        Assert.Equal(5, client.Step(0).Observation.AsInt64());
    }

    [Fact]
    public void Times_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SocketGymClientOptions { Timeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SocketGymClientOptions { ConnectTimeout = TimeSpan.FromSeconds(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SocketGymClientOptions { Spin = TimeSpan.FromMicroseconds(-1) });
    }

    [Fact]
    public void A_reply_larger_than_the_memory_so_far_grows_it()
    {
        var image = new byte[1_000_000];
        new Random(2).NextBytes(image);
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            for (var id = 3u; id < 6; id++)
            {
                peer.ReadPayload();
                peer.Reply(id, Step(id == 4 ? Pack.Array("|u1", [5], image[..5]) : Pack.Array("|u1", [100, 100, 100], image), Pack.Int(1), Pack.Map()));
            }
            peer.ReadPayload();
            peer.Reply(6, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        client.Step(0);
        Assert.True(client.Observation<byte>().SequenceEqual(image));
        client.Step(0);
        Assert.Equal(image[..5], client.Observation<byte>().ToArray());
        client.Step(0);
        Assert.True(client.Observation<byte>().SequenceEqual(image));
    }

    [Fact]
    public void What_one_step_leaves_never_shows_in_the_next()
    {
        byte[] Bools(bool flag) => flag ? Pack.True : Pack.False;
        (byte[] Observation, byte[] Reward, bool Terminated, byte[] Info, Value ExpectedObservation, Value ExpectedReward, ValueDictionary ExpectedInfo)[] steps =
        [
            (Pack.Array("<f4", [2], Pack.Floats(1, 2)), Pack.Float(1), false, Pack.Map(), NDArray.Of<float>([1, 2]), 1.0, []),
            (Pack.Array("<f4", [2], Pack.Floats(3, 4)), Pack.Float(2), true, Pack.Map(), NDArray.Of<float>([3, 4]), 2.0, []),
            (Pack.Array("<f4", [2, 1], Pack.Floats(3, 4)), Pack.Int(2), true, Pack.Map(), NDArray.Of<float>([3, 4], 2, 1), 2, []),
            (Pack.Array("<i4", [2], [1, 0, 0, 0, 2, 0, 0, 0]), Pack.Int(2), true, Pack.Map(), NDArray.Of<int>([1, 2]), 2, []),
            (Pack.Array("<i4", [2], [1, 0, 0, 0, 3, 0, 0, 0]), Pack.Scalar("<f8", BitConverter.GetBytes(-0.5)), false, Pack.Map(Pack.Text("k"), Pack.Float(1)), NDArray.Of<int>([1, 3]), Value.Scalar(-0.5), new() { ["k"] = 1.0 }),
            (Pack.Array("<i4", [2], [1, 0, 0, 0, 4, 0, 0, 0]), Pack.Scalar("<f8", BitConverter.GetBytes(-0.25)), false, Pack.Map(Pack.Text("k"), Pack.Float(2)), NDArray.Of<int>([1, 4]), Value.Scalar(-0.25), new() { ["k"] = 2.0 }),
            (Pack.Int(7), Pack.Int(0), false, Pack.Map(Pack.Text("mask"), Pack.Array("|i1", [2], [0, 1])), 7, 0, new() { ["mask"] = NDArray.Of<sbyte>([0, 1]) }),
            (Pack.Int(8), Pack.Int(0), false, Pack.Map(Pack.Text("mask"), Pack.Array("|i1", [2], [1, 1])), 8, 0, new() { ["mask"] = NDArray.Of<sbyte>([1, 1]) }),
(Pack.Text("longer"), Pack.Int(0), false, Pack.Map(Pack.Text("mask"), Pack.Array("|i1", [2], [0, 0])), "longer", 0, new() { ["mask"] = NDArray.Of<sbyte>([0, 0]) }),
                        (Pack.Tuple(Pack.Int(1), Pack.Array("|b1", [1], [1])), Pack.Int(0), false, Pack.Map(), Value.Tuple(1, NDArray.Of<bool>([true])), 0, []),
            (Pack.Tuple(Pack.Int(1), Pack.Array("|b1", [1], [0])), Pack.Int(0), false, Pack.Map(), Value.Tuple(1, NDArray.Of<bool>([false])), 0, []),
            (Pack.Tuple(Pack.Int(2), Pack.Array("|b1", [1], [0])), Pack.Int(0), false, Pack.Map(), Value.Tuple(2, NDArray.Of<bool>([false])), 0, []),
            (Pack.Map(Pack.Text("a"), Pack.Array("|u1", [0], []), Pack.Text("b"), Pack.Array("|u1", [1], [5])), Pack.Int(0), false, Pack.Map(), Value.Dict(new() { ["a"] = NDArray.Of<byte>([]), ["b"] = NDArray.Of<byte>([5]) }), 0, []),
            (Pack.Map(Pack.Text("a"), Pack.Array("|u1", [0], []), Pack.Text("b"), Pack.Array("|u1", [1], [6])), Pack.Int(0), false, Pack.Map(), Value.Dict(new() { ["a"] = NDArray.Of<byte>([]), ["b"] = NDArray.Of<byte>([6]) }), 0, []),
        ];
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            var id = 3u;
            foreach (var step in steps)
            {
                peer.ReadPayload();
                peer.Reply(id++, Pack.List(step.Observation, step.Reward, Bools(step.Terminated), Pack.False, step.Info));
                // A frame of another kind in between overwrites the memory that the step lay in, and one makes it move.
                peer.ReadPayload();
                var side = (byte)(id == 16 ? 100 : 4);
                peer.Reply(id++, Pack.Array("|u1", [side, side, 3], Enumerable.Repeat((byte)0xFF, side * side * 3).ToArray()));
            }
            peer.ReadPayload();
            peer.Reply(id, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        foreach (var step in steps)
        {
            var result = client.Step(0);
            Assert.Equal(step.ExpectedObservation, result.Observation);
            Assert.Equal(step.ExpectedReward, result.Reward);
            Assert.Equal(step.Terminated, result.Terminated.AsBool());
            Assert.False(result.Truncated.AsBool());
            Assert.Equal(step.ExpectedInfo, result.Info.AsDict());
            client.Render();
        }
    }

    [Fact]
    public void What_a_caller_writes_into_an_info_is_gone_in_the_next()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            for (var id = 3u; id < 7; id++)
            {
                peer.ReadPayload();
                peer.Reply(id, Step(Pack.Map(Pack.Text("a"), Pack.Int(1)), Pack.Int(1), id < 5 ? Pack.Map() : Pack.Map(Pack.Text("lives"), Pack.Int(3))));
            }
            peer.ReadPayload();
            peer.Reply(7, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        for (var index = 0; index < 4; index++)
        {
            var step = client.Step(0);
            Assert.Equal(new ValueDictionary { ["a"] = 1 }, step.Observation.AsDict());
            Assert.Equal(index < 2 ? [] : new ValueDictionary { ["lives"] = 3 }, step.Info.AsDict());
            step.Observation.AsDict()["a"] = 2;
            step.Info.AsDict()["lives"] = 4;
            step.Info.AsDict()["episode"] = "mine";
        }
    }

    public static TheoryData<string, byte[], byte[]> SteadySteps => new()
    {
        { "CartPole", Pack.Array("<f4", [4], Pack.Floats(1, 2, 3, 4)), Pack.Map() },
        { "an image", Pack.Array("|u1", [84, 84, 3], new byte[84 * 84 * 3]), Pack.Map() },
        { "a dict", Pack.Map(Pack.Text("achieved_goal"), Pack.Array("<f8", [1], new byte[8]), Pack.Text("observation"), Pack.Array("<f8", [2], new byte[16])), Pack.Map() },
        { "a tuple", Pack.Tuple(Pack.Int(14), Pack.Int(10), Pack.Int(0)), Pack.Map() },
        { "Taxi", Pack.Int(100), Pack.Map(Pack.Text("prob"), Pack.Float(1), Pack.Text("action_mask"), Pack.Array("|i1", [6], new byte[6])) },
    };

    [Theory]
    [MemberData(nameof(SteadySteps))]
    public void A_step_like_the_one_before_allocates_nothing(string what, byte[] observation, byte[] info)
    {
        const uint Steps = 300;
        Assert.NotEmpty(what);
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            for (var id = 3u; id < 3 + Steps; id++)
            {
                peer.ReadPayload();
                // A reward that changes, as np.float64 like Pendulum's, must not matter.
                peer.Reply(id, Step(observation, Pack.Scalar("<f8", BitConverter.GetBytes((double)id)), info));
            }
            peer.ReadPayload();
            peer.Reply(3 + Steps, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        float[] action = [0.5f];
        for (var id = 3u; id < 103; id++)
            client.Step(new ReadOnlySpan<float>(action));
        var (total, allocating) = (0.0, 0);
        for (var id = 103u; id < 3 + Steps; id++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            total += client.Step(new ReadOnlySpan<float>(action)).Reward.ToDouble();
            allocating += GC.GetAllocatedBytesForCurrentThread() != before ? 1 : 0;
        }
        // A collection that another test brings about counts what is left of this thread's part of the heap.
        Assert.InRange(allocating, 0, 3);
        Assert.Equal(Enumerable.Range(103, 200).Sum(), total);
    }

    private static byte[] Step(byte[] observation, byte[] reward, byte[] info) => Pack.List(observation, reward, Pack.False, Pack.False, info);
}
