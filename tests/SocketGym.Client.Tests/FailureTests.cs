using System.Net;
using System.Net.Sockets;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Tests;

/// <summary>What the client makes of everything that goes wrong, and what it leaves behind.</summary>
public sealed class FailureTests
{
    private static readonly byte[] StepResult = Pack.List(Pack.Array("<f4", [2], Pack.Floats(1, 2)), Pack.Float(1), Pack.False, Pack.False, Pack.Map());

    [Fact]
    public void An_environment_s_exception_is_thrown_with_its_type_and_traceback_and_the_client_lives_on()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Error(3, "EnvironmentFault", "the joint broke", "sim.JointError", "Traceback (most recent call last): ...")));
            peer.ReadPayload();
            peer.Reply(4, StepResult);
            peer.ReadPayload();
            peer.Reply(5, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        var error = Assert.Throws<SocketGymException>(() => client.Step(0));
        Assert.Equal(ErrorCode.EnvironmentFault, error.Code);
        Assert.Equal("the joint broke", error.Message);
        Assert.Equal("sim.JointError", error.RemoteType);
        Assert.Equal("Traceback (most recent call last): ...", error.RemoteTraceback);
        Assert.Throws<InvalidOperationException>(() => client.Observation<float>().Length);
        Assert.Equal(1.0, client.Step(0).Reward.ToDouble());
    }

    [Theory]
    [InlineData("ServerDraining", ErrorCode.ServerDraining)]
    [InlineData("MalformedMessage", ErrorCode.MalformedMessage)]
    public void An_error_after_which_the_server_closes_ends_the_client_too(string code, ErrorCode expected)
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Error(3, code, "bye")));
            peer.ExpectEnd();
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        AssertEndsClient(client, expected);
    }

    [Fact]
    public void An_error_with_id_0_answers_the_request_too()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Error(0, "ServerFull", "64 of 64 connections are in use")));
            peer.ExpectEnd();
        });
        var error = Assert.Throws<SocketGymException>(() => SocketGymClient.Make("X-v0", server.Options));
        Assert.Equal(ErrorCode.ServerFull, error.Code);
    }

    public static TheoryData<string, byte[], ErrorCode> BrokenReplies
    {
        get
        {
            var whole = Pack.Frame(Pack.Reply(3, StepResult));
            return new()
            {
                { "nothing", [], ErrorCode.ConnectionLost },
                { "half a length", whole[..2], ErrorCode.TruncatedFrame },
                { "only a length", whole[..4], ErrorCode.TruncatedFrame },
                { "half a payload", whole[..^1], ErrorCode.TruncatedFrame },
                { "a length of 0", [0, 0, 0, 0], ErrorCode.EmptyFrame },
                { "a length beyond the limit", [0, 1, 0, 1], ErrorCode.FrameTooLarge },
                { "a length of 2^32 - 1", [255, 255, 255, 255], ErrorCode.FrameTooLarge },
                { "another id", Pack.Frame(Pack.Reply(2, StepResult)), ErrorCode.MalformedMessage },
                { "id 0 without an error", Pack.Frame(Pack.Reply(0, StepResult)), ErrorCode.MalformedMessage },
                { "a request", Pack.Frame(Pack.Request(3, "step")), ErrorCode.MalformedMessage },
                { "no MessagePack", Pack.Frame([0xC1]), ErrorCode.MalformedMessage },
                { "a payload that ends early", Pack.Frame(Pack.Reply(3, StepResult)[..^1]), ErrorCode.MalformedMessage },
                { "bytes after the message", Pack.Frame([.. Pack.Reply(3, StepResult), 0]), ErrorCode.MalformedMessage },
                { "two replies", [.. whole, .. whole], ErrorCode.MalformedMessage },
                { "four parts of five", Pack.Frame(Pack.Reply(3, Pack.List(Pack.Int(1), Pack.Int(0), Pack.False, Pack.False))), ErrorCode.MalformedMessage },
                { "no info", Pack.Frame(Pack.Reply(3, Pack.List(Pack.Int(1), Pack.Int(0), Pack.False, Pack.False, Pack.Nil))), ErrorCode.MalformedMessage },
                { "an array shorter than its shape", Pack.Frame(Pack.Reply(3, Pack.List(Pack.Array("<f4", [3], Pack.Floats(1, 2)), Pack.Int(0), Pack.False, Pack.False, Pack.Map()))), ErrorCode.ShapeMismatch },
                { "both error and result", Pack.Frame([.. Pack.Error(3, "InvalidAction", "no")[..^1], 1]), ErrorCode.MalformedMessage },
            };
        }
    }

    [Theory]
    [MemberData(nameof(BrokenReplies))]
    public void A_broken_reply_is_named_and_ends_the_client(string what, byte[] bytes, ErrorCode expected)
    {
        Assert.NotEmpty(what);
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Send(bytes);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options with { Limits = new MessageLimits(MaxFrameBytes: 65536) });
        AssertEndsClient(client, expected);
    }

    [Fact]
    public void A_reset_inside_a_reply_is_a_lost_connection()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Reply(3, StepResult))[..20]);
            peer.Reset();
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        AssertEndsClient(client, ErrorCode.ConnectionLost);
    }

    [Fact]
    public void A_server_that_never_answers_is_a_time_out_that_ends_the_client()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.ExpectEnd();
        });
        using var client = SocketGymClient.Make("X-v0", server.Options with { Timeout = TimeSpan.FromSeconds(1) });
        AssertEndsClient(client, ErrorCode.RequestTimeout);
    }

    [Fact]
    public void A_server_that_never_reads_is_a_time_out_too()
    {
        using var done = new ManualResetEventSlim();
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make(maxFrameBytes: uint.MaxValue);
            done.Wait();
        });
        using var client = SocketGymClient.Make("X-v0", server.Options with { Timeout = TimeSpan.FromSeconds(1) });
        try
        {
            // More than the system's buffers hold between two sockets.
            AssertEndsClient(client, ErrorCode.RequestTimeout, Value.FromBytes(new byte[64 * 1024 * 1024]));
        }
        finally
        {
            done.Set();
        }
    }

    [Fact]
    public void A_request_longer_than_the_server_takes_is_refused_before_a_byte_is_sent()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make(maxFrameBytes: 1000);
            peer.Expect(Pack.Request(3, "step", Pack.Int(1)));
            peer.Reply(3, StepResult);
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => client.Step(Value.FromBytes(new byte[1000]))).Code);
        client.Step(1);
    }

    [Fact]
    public void A_cancelled_call_throws_so_and_ends_the_client()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            cancellation.Cancel();
            peer.ExpectEnd();
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        var error = Assert.ThrowsAny<OperationCanceledException>(() => client.Step(0, cancellation.Token));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        var later = Assert.Throws<SocketGymException>(() => client.Step(0));
        Assert.Equal(ErrorCode.ClosedEnvironment, later.Code);
        Assert.Same(error, later.InnerException);
    }

    [Fact]
    public async Task A_cancelled_task_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            cancellation.Cancel();
            peer.ExpectEnd();
        });
        await using var client = await SocketGymClient.MakeAsync("X-v0", server.Options);
        var step = client.StepAsync(0, cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step);
        Assert.True(step.IsCanceled);
    }

    [Fact]
    public void Making_an_environment_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            cancellation.Cancel();
            peer.ExpectEnd();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => SocketGymClient.Make("X-v0", server.Options, cancellationToken: cancellation.Token));
    }

    [Fact]
    public void A_token_cancelled_before_sends_nothing_and_leaves_the_client_usable()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.Expect(Pack.Request(3, "step", Pack.Int(1)));
            peer.Reply(3, StepResult);
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        Assert.ThrowsAny<OperationCanceledException>(() => client.Step(0, new CancellationToken(canceled: true)));
        client.Step(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupt_or_disposal_from_another_thread_ends_the_call(bool dispose)
    {
        SocketGymClient? client = null;
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            if (dispose)
                client!.Dispose();
            else
                client!.Interrupt();
            peer.ExpectEnd();
        });
        client = SocketGymClient.Make("X-v0", server.Options);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        client.Close();
    }

    [Fact]
    public void A_second_call_at_the_same_time_is_refused()
    {
        SocketGymClient? client = null;
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            Assert.Throws<InvalidOperationException>(() => client!.Render());
            Assert.Throws<InvalidOperationException>(() => client!.Close());
            peer.Reply(3, StepResult);
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        using (client = SocketGymClient.Make("X-v0", server.Options))
            Assert.Equal(1.0, client.Step(0).Reward.ToDouble());
    }

    [Fact]
    public void An_action_without_an_encoding_sends_nothing_and_leaves_the_client_usable()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.Expect(Pack.Request(3, "step", Pack.Int(1)));
            peer.Reply(3, StepResult);
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        var cyclic = new ValueDictionary();
        cyclic["self"] = cyclic;
        Assert.Equal(ErrorCode.NestingTooDeep, Assert.Throws<SocketGymException>(() => client.Step(cyclic)).Code);
        client.Step(1);
    }

    [Fact]
    public void An_error_of_the_environment_s_close_comes_from_Close_and_not_from_Dispose()
    {
        Action<FakePeer> script = peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Error(3, "EnvironmentFault", "the viewer is gone")));
            peer.ExpectEnd();
        };
        using (var server = FakeServer.OnTcp(script))
        {
            var client = SocketGymClient.Make("X-v0", server.Options);
            Assert.Equal(ErrorCode.EnvironmentFault, Assert.Throws<SocketGymException>(client.Close).Code);
            client.Close();
        }
        using (var server = FakeServer.OnTcp(script))
            SocketGymClient.Make("X-v0", server.Options).Dispose();
    }

    [Fact]
    public void Closing_a_lost_connection_is_no_error()
    {
        using var server = FakeServer.OnTcp(peer => peer.Make());
        var client = SocketGymClient.Make("X-v0", server.Options);
        client.Close();
    }

    [Fact]
    public void A_server_that_is_not_there_could_not_be_reached()
    {
        int port;
        using (var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        }
        var tcp = Assert.Throws<SocketGymException>(() => SocketGymClient.Make("X-v0", $"localhost:{port}"));
        Assert.Equal(ErrorCode.ConnectionFailed, tcp.Code);
        Assert.Contains($"tcp://localhost:{port}", tcp.Message, StringComparison.Ordinal);
        var unix = Assert.Throws<SocketGymException>(() => SocketGymClient.List("unix:/nowhere/gym.sock"));
        Assert.Equal(ErrorCode.ConnectionFailed, unix.Code);
    }

    [Fact]
    public void A_server_that_does_not_accept_is_given_up()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var options = new SocketGymClientOptions
        {
            Address = ServerAddress.Parse($"tcp://{listener.LocalEndPoint}"),
            ConnectTimeout = TimeSpan.FromMilliseconds(100),
            Timeout = TimeSpan.FromMilliseconds(100),
        };
        // The system completes some connections by itself before it makes them wait.
        var codes = Enumerable.Range(0, 4).Select(_ => Assert.Throws<SocketGymException>(() => SocketGymClient.Make("X-v0", options)).Code).ToList();
        Assert.All(codes, code => Assert.True(code is ErrorCode.ConnectionFailed or ErrorCode.RequestTimeout, code.ToString()));
    }

    [Fact]
    public void Connecting_can_be_cancelled()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var options = new SocketGymClientOptions
        {
            Address = ServerAddress.Parse($"tcp://{listener.LocalEndPoint}"),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        for (var attempt = 0; attempt < 4; attempt++)
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            var error = Assert.ThrowsAny<OperationCanceledException>(() => SocketGymClient.List(options, cancellation.Token));
            Assert.Equal(cancellation.Token, error.CancellationToken);
        }
    }

    private static void AssertEndsClient(SocketGymClient client, ErrorCode expected, Value action = default)
    {
        var first = Assert.Throws<SocketGymException>(() => client.Step(action));
        Assert.Equal(expected, first.Code);
        var later = Assert.Throws<SocketGymException>(() => client.Step(0));
        Assert.Equal(ErrorCode.ClosedEnvironment, later.Code);
        Assert.Same(first, later.InnerException);
        Assert.Contains(first.Message, later.Message, StringComparison.Ordinal);
        client.Close();
    }
}
