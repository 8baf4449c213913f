using System.Net;
using System.Net.Sockets;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Client.Tests;

/// <summary>What a vector of two servers makes of everything that goes wrong with one of them, and what it leaves behind.</summary>
public sealed class VectorFailureTests
{
    private static readonly Value Actions = NDArray.Of<long>([0, 1, 0, 1]);

    public static TheoryData<string, byte[], ErrorCode> BrokenReplies => new()
    {
        { "nothing", [], ErrorCode.ConnectionLost },
        { "half a payload", Pack.Frame(Pack.Reply(3, FakeVector.Step))[..^1], ErrorCode.TruncatedFrame },
        { "an error that ends", Pack.Frame(Pack.Error(3, "ServerDraining", "bye")), ErrorCode.ServerDraining },
        { "a reply to another request", Pack.Frame(Pack.Reply(4, FakeVector.Step)), ErrorCode.MalformedMessage },
        { "four parts", Reply(FakeVector.Observations, FakeVector.Rewards, FakeVector.Flags, FakeVector.Flags), ErrorCode.MalformedMessage },
        { "no list", Pack.Frame(Pack.Reply(3, Pack.Int(5))), ErrorCode.MalformedMessage },
        { "bytes behind the result", Pack.Frame([.. Pack.Reply(3, FakeVector.Step), 0xC0]), ErrorCode.MalformedMessage },
        { "rewards of another dtype", Reply(FakeVector.Observations, Pack.Array("<f4", [2], Pack.Floats(1, 2)), FakeVector.Flags, FakeVector.Flags, Pack.List()), ErrorCode.MalformedMessage },
        { "flags for more", Reply(FakeVector.Observations, FakeVector.Rewards, Pack.Array("|b1", [3], [0, 0, 0]), FakeVector.Flags, Pack.List()), ErrorCode.MalformedMessage },
        { "observations for fewer", Reply(Pack.Array("<f4", [1, 2], Pack.Floats(1, 2)), FakeVector.Rewards, FakeVector.Flags, FakeVector.Flags, Pack.List()), ErrorCode.MalformedMessage },
        { "observations of another kind", Reply(Pack.Int(1), FakeVector.Rewards, FakeVector.Flags, FakeVector.Flags, Pack.List()), ErrorCode.MalformedMessage },
        { "infos that are no list", Reply(FakeVector.Observations, FakeVector.Rewards, FakeVector.Flags, FakeVector.Flags, Pack.Map()), ErrorCode.MalformedMessage },
        { "an info of nobody", Reply(FakeVector.Observations, FakeVector.Rewards, FakeVector.Flags, FakeVector.Flags, Pack.List(Pack.List(Pack.Int(2), Pack.Map()))), ErrorCode.MalformedMessage },
        { "an info that is none", Reply(FakeVector.Observations, FakeVector.Rewards, FakeVector.Flags, FakeVector.Flags, Pack.List(Pack.List(Pack.Int(1), Pack.Int(1)))), ErrorCode.MalformedMessage },
    };

    [Theory]
    [MemberData(nameof(BrokenReplies))]
    public void A_server_that_is_lost_is_named_and_the_vector_ends(string what, byte[] reply, ErrorCode expected)
    {
        using var good = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            peer.Reply(3, FakeVector.Step);
            peer.ExpectEnd();
        });
        using var bad = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            peer.Send(reply);
        });
        using var vector = Make(good, bad);
        AssertEnds(vector, bad, expected, what);
    }

    [Fact]
    public void A_server_that_does_not_answer_in_time_is_lost_too()
    {
        using var silent = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            peer.ExpectEnd();
        });
        using var other = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            peer.ExpectEnd();
        });
        var options = new SocketGymClientOptions { Address = silent.Address, Timeout = TimeSpan.FromSeconds(1) };
        using var vector = SocketGymVectorClient.Make("X-v0", new VectorOptions(4), [options, other.Options]);
        AssertEnds(vector, silent, ErrorCode.RequestTimeout, "environments 0 to 1 of 4");
    }

    [Fact]
    public void Every_server_is_asked_before_the_first_reply_is_waited_for()
    {
        using var asked = new CountdownEvent(2);
        Action<FakePeer> script = peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            asked.Signal();
            Assert.True(asked.Wait(TimeSpan.FromMinutes(1)));
            peer.Reply(3, FakeVector.Step);
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        };
        using var one = FakeServer.OnTcp(script);
        using var two = FakeServer.OnTcp(script);
        using var vector = Make(one, two);
        var result = vector.Step(Actions);
        Assert.Equal([1, 2, 1, 2], result.Rewards.AsSpan<double>().ToArray());
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4], result.Observations.AsSpan<float>().ToArray());
        Assert.Equal([3f, 4f], result.Observations.AsArray().Row<float>(3).ToArray());
    }

    [Fact]
    public void What_is_sent_is_as_the_protocol_has_it()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.Expect(Pack.Request(2, "make_vec", Pack.Text("X-v0"), Pack.Map(Pack.Text("size"), Pack.Int(5), Pack.Text("render_mode"), Pack.Text("ansi")), Pack.Int(2), Pack.Map(Pack.Text("autoreset_mode"), Pack.Text("Disabled"), Pack.Text("workers"), Pack.Int(3))));
            peer.Reply(2, FakeVector.Made(2, mode: "Disabled"));
            peer.Expect(Pack.Request(3, "reset", Pack.List(Pack.Int(7), Pack.Nil), Pack.Map(Pack.Text("reset_mask"), Pack.Array("|b1", [2], [1, 0]))));
            peer.Reply(3, Pack.List(FakeVector.Observations, Pack.List(Pack.List(Pack.Int(1), Pack.Map(Pack.Text("k"), Pack.Int(1))))));
            peer.Expect(Pack.Request(4, "step", Pack.List(Pack.Int(0), Pack.Int(1))));
            peer.Reply(4, FakeVector.Step);
            peer.Expect(Pack.Request(5, "close"));
            peer.Reply(5, Pack.Nil);
        });
        using var vector = SocketGymVectorClient.Make("X-v0", new VectorOptions(2, AutoresetMode.Disabled, Workers: 3), [server.Options], "ansi", new ValueDictionary { ["size"] = 5 });
        var (_, infos) = vector.Reset([7, null], new ValueDictionary { ["reset_mask"] = NDArray.Of<bool>([true, false]) });
        Assert.Equal([new VectorInfo(1, new ValueDictionary { ["k"] = 1 })], infos);
        Assert.Empty(vector.Step(Value.List(0, 1)).Infos);
    }

    [Fact]
    public void A_whole_vector_is_made_anew_where_the_hook_of_the_lost_server_says_so()
    {
        Action<FakePeer> playAgain = peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            peer.Reply(3, Pack.List(FakeVector.Observations, Pack.List()));
            peer.ReadPayload();
            peer.Reply(4, FakeVector.Step);
            peer.ReadPayload();
            peer.Reply(5, Pack.Nil);
        };
        Action<FakePeer> lose = peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
        };
        using var lost = FakeServer.OnTcp(lose, playAgain);
        using var other = FakeServer.OnTcp(lose, playAgain);
        var attempts = new List<(int, ErrorCode)>();
        var options = lost.Options with
        {
            Reconnecting = attempt =>
            {
                attempts.Add((attempt.Number, attempt.Cause.Code));
                return true;
            },
        };
        using var vector = SocketGymVectorClient.Make("X-v0", new VectorOptions(4), [options, other.Options]);
        var error = Assert.Throws<SocketGymException>(() => vector.Step(Actions));
        Assert.Equal(ErrorCode.ResetNeeded, error.Code);
        Assert.Contains(lost.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal([(1, ErrorCode.ConnectionLost)], attempts);
        vector.Reset(7);
        Assert.Equal([1, 2, 1, 2], vector.Step(Actions).Rewards.AsSpan<double>().ToArray());
    }

    [Fact]
    public void Servers_whose_environments_differ_make_no_vector()
    {
        using var one = FakeServer.OnTcp(peer => FakeVector.Make(peer, FakeVector.Made(2)));
        using var two = FakeServer.OnTcp(peer => FakeVector.Make(peer, FakeVector.Made(2, actions: 3)));
        var error = Assert.Throws<SocketGymException>(() => Make(one, two));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains("Discrete(3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_other_than_the_one_asked_for_is_refused()
    {
        foreach (var made in (byte[][])[FakeVector.Made(3), FakeVector.Made(2, mode: "Disabled"), FakePeer.CartPoleMade, Pack.Nil])
        {
            using var server = FakeServer.OnTcp(peer => FakeVector.Make(peer, made));
            Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => SocketGymVectorClient.Make("X-v0", 2, server.Address.ToString())).Code);
        }
    }

    [Fact]
    public void Numbers_that_make_no_vector_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SocketGymVectorClient.Make("X-v0", 0));
        Assert.Throws<ArgumentException>(() => SocketGymVectorClient.Make("X-v0", 1, Array.Empty<string>()));
        Assert.Throws<ArgumentException>(() => SocketGymVectorClient.Make("X-v0", 1, ["tcp://127.0.0.1:1", "tcp://127.0.0.1:2"]));
        Assert.Throws<FormatException>(() => SocketGymVectorClient.Make("X-v0", 1, "nowhere:at:all"));
    }

    [Fact]
    public void A_server_that_is_not_there_makes_no_vector_and_leaves_none_on_the_other()
    {
        int port;
        using (var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        }
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.ExpectEnd();
        });
        var error = Assert.Throws<SocketGymException>(() => SocketGymVectorClient.Make("X-v0", 2, [server.Address.ToString(), $"tcp://127.0.0.1:{port}"]));
        Assert.Equal(ErrorCode.ConnectionFailed, error.Code);
        Assert.Contains($"{port}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupt_or_disposal_from_another_thread_ends_the_call(bool dispose)
    {
        using var both = new ManualResetEventSlim();
        SocketGymVectorClient? vector = null;
        using var one = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            Assert.True(both.Wait(TimeSpan.FromMinutes(1)));
            Assert.Throws<InvalidOperationException>(() => vector!.Render());
            Assert.Throws<InvalidOperationException>(() => vector!.Close());
            if (dispose)
                vector!.Dispose();
            else
                vector!.Interrupt();
            peer.ExpectEnd();
        });
        using var two = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            both.Set();
            peer.ExpectEnd();
        });
        vector = Make(one, two);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => vector.Step(Actions)).Code);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => vector.Step(Actions)).Code);
        vector.Close();
    }

    [Fact]
    public void A_cancelled_call_ends_the_vector_and_one_cancelled_before_sends_nothing()
    {
        using var both = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        using var one = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            Assert.True(both.Wait(TimeSpan.FromMinutes(1)));
            cancellation.Cancel();
            peer.ExpectEnd();
        });
        using var two = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            both.Set();
            peer.ExpectEnd();
        });
        using var vector = Make(one, two);
        Assert.ThrowsAny<OperationCanceledException>(() => vector.Step(Actions, new CancellationToken(canceled: true)));
        var error = Assert.ThrowsAny<OperationCanceledException>(() => vector.Step(Actions, cancellation.Token));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.Same(error, Assert.Throws<SocketGymException>(() => vector.Step(Actions)).InnerException);
    }

    [Fact]
    public void Close_tells_of_an_environment_s_last_words_and_ends_what_was_sent()
    {
        Action<FakePeer> script = peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Error(3, "EnvironmentFault", "the viewer is gone")));
            peer.ExpectEnd();
        };
        using var one = FakeServer.OnTcp(script, script);
        using var two = FakeServer.OnTcp(script, script);
        var vector = Make(one, two);
        Assert.Equal(ErrorCode.EnvironmentFault, Assert.Throws<SocketGymException>(vector.Close).Code);
        vector.Close();
        var sent = Make(one, two);
        sent.Send(Actions);
        sent.Close();
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => sent.Step(Actions)).Code);
    }

    private static SocketGymVectorClient Make(FakeServer one, FakeServer two) => SocketGymVectorClient.Make("X-v0", 4, [one.Address.ToString(), two.Address.ToString()]);

    private static byte[] Reply(params byte[][] parts) => Pack.Frame(Pack.Reply(3, Pack.List(parts)));

    private static void AssertEnds(SocketGymVectorClient vector, FakeServer server, ErrorCode expected, string what)
    {
        var first = Assert.Throws<SocketGymException>(() => vector.Step(Actions));
        Assert.True(first.Code == expected, $"{what}: {first.Message}");
        Assert.Contains(server.Address.ToString(), first.Message, StringComparison.Ordinal);
        var later = Assert.Throws<SocketGymException>(() => vector.Step(Actions));
        Assert.Equal(ErrorCode.ClosedEnvironment, later.Code);
        Assert.Same(first, later.InnerException);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => vector.Reset(1)).Code);
        vector.Close();
    }
}
