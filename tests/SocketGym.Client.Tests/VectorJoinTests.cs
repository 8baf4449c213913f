using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Client.Tests;

/// <summary>Replies of a form that is known are received to where the whole vector's observations lie; every other reply is read as if none were known.</summary>
public sealed class VectorJoinTests
{
    private static readonly Value Actions = NDArray.Of<long>([0, 1, 0, 1]);

    public static TheoryData<string, byte[], ErrorCode> BrokenReplies => new()
    {
        { "a tail that is cut off", Pack.Frame(Pack.Reply(4, FakeVector.Step))[..^1], ErrorCode.TruncatedFrame },
        { "data that is cut off", Pack.Frame(Pack.Reply(4, FakeVector.Step))[..40], ErrorCode.TruncatedFrame },
        { "a start that is cut off", Pack.Frame(Pack.Reply(4, FakeVector.Step))[..12], ErrorCode.TruncatedFrame },
        { "nothing", [], ErrorCode.ConnectionLost },
        { "another dtype of the same length", Reply(Pack.Array("<i4", [2, 2], new byte[16]), FakeVector.Rewards, Pack.List()), ErrorCode.MalformedMessage },
        { "another shape of the same length", Reply(Pack.Array("<f4", [1, 4], new byte[16]), FakeVector.Rewards, Pack.List()), ErrorCode.MalformedMessage },
        { "rewards of another dtype", Reply(FakeVector.Observations, Pack.Array("<i8", [2], new byte[16]), Pack.List()), ErrorCode.MalformedMessage },
        { "infos that are none", Reply(FakeVector.Observations, FakeVector.Rewards, Pack.Nil), ErrorCode.MalformedMessage },
        { "a reply to another request", Pack.Frame(Pack.Reply(5, FakeVector.Step)), ErrorCode.MalformedMessage },
        { "an error that ends", Pack.Frame(Pack.Error(4, "ServerDraining", "bye")), ErrorCode.ServerDraining },
    };

    [Theory]
    [MemberData(nameof(BrokenReplies))]
    public void A_reply_that_is_broken_after_one_that_was_not_ends_the_vector(string what, byte[] reply, ErrorCode expected)
    {
        using var good = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            Answer(peer, 3, FakeVector.Step);
            Answer(peer, 4, FakeVector.Step);
            peer.ExpectEnd();
        });
        using var bad = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            Answer(peer, 3, FakeVector.Step);
            peer.ReadPayload();
            peer.Send(reply);
        });
        using var vector = Make(good, bad);
        vector.Step(Actions);
        var error = Assert.Throws<SocketGymException>(() => vector.Step(Actions));
        Assert.True(error.Code == expected, $"{what}: {error.Message}");
        Assert.Contains(bad.Address.ToString(), error.Message, StringComparison.Ordinal);
        // Only what is received straight into the whole's array knows of one.
        Assert.Equal(what.StartsWith("data", StringComparison.Ordinal) || what.StartsWith("a tail", StringComparison.Ordinal), error.Message.Contains("the end of an array", StringComparison.Ordinal));
    }

    [Fact]
    public void Replies_of_known_and_of_other_forms_take_turns()
    {
        byte[] Step(byte number, bool hasInfo) => Pack.List(
            Pack.Array("<f4", [2, 2], Pack.Floats(number, 2, 3, 4)),
            Pack.Array("<f8", [2], [.. BitConverter.GetBytes((double)number), .. BitConverter.GetBytes(2.0)]),
            Pack.Array("|b1", [2], [(byte)(number % 2), 0]),
            FakeVector.Flags,
            hasInfo ? Pack.List(Pack.List(Pack.Int(1), Pack.Map(Pack.Text("k"), Pack.Int(number)))) : Pack.List());

        Action<FakePeer> Script(byte server) => peer =>
        {
            FakeVector.MakeTwo(peer);
            for (byte step = 0; step < 12; step++)
            {
                peer.ReadPayload();
                foreach (var piece in Pack.Frame(Pack.Reply(3u + step, Step((byte)(step + server), step % 4 == 3))).Chunk(step % 2 == 0 ? 7 : 1000))
                    peer.Send(piece);
            }
            peer.ExpectEnd();
        };
        using var one = FakeServer.OnTcp(Script(0));
        using var two = FakeServer.OnTcp(Script(50));
        using var vector = Make(one, two);
        for (var step = 0; step < 12; step++)
        {
            var result = vector.Step(Actions);
            Assert.Equal([step, 2, 3, 4, step + 50, 2, 3, 4], result.Observations.AsSpan<float>().ToArray());
            Assert.Equal([step, 2, step + 50, 2], result.Rewards.AsSpan<double>().ToArray());
            Assert.Equal([step % 2 == 1, false, step % 2 == 1, false], result.Terminations.AsSpan<bool>().ToArray());
            Assert.Equal(step % 4 == 3 ? [1, 3] : Array.Empty<int>(), result.Infos.Select(info => info.Index).ToArray());
        }
        vector.Interrupt();
    }

    private static SocketGymVectorClient Make(FakeServer one, FakeServer two) => SocketGymVectorClient.Make("X-v0", new VectorOptions(4), [one.Options, two.Options]);

    private static void Answer(FakePeer peer, uint id, byte[] result)
    {
        peer.ReadPayload();
        peer.Reply(id, result);
    }

    private static byte[] Reply(byte[] observations, byte[] rewards, byte[] infos) =>
        Pack.Frame(Pack.Reply(4, Pack.List(observations, rewards, FakeVector.Flags, FakeVector.Flags, infos)));
}
