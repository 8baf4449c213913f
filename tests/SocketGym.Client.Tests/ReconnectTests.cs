using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Environments;
using SocketGym.Hosting;
using SocketGym.Protocol.Framing;

namespace SocketGym.Client.Tests;

/// <summary>What <see cref="SocketGymClientOptions.Reconnecting"/> makes of a lost connection.</summary>
public sealed class ReconnectTests
{
    private static readonly byte[] Observation = Pack.Array("<f4", [2], Pack.Floats(1, 2));
    private static readonly byte[] StepResult = Pack.List(Observation, Pack.Float(1), Pack.False, Pack.False, Pack.Map());
    private static readonly byte[] MakeOfX = Pack.Request(2, "make", Pack.Text("X-v0"), Pack.Map(Pack.Text("size"), Pack.Int(5), Pack.Text("render_mode"), Pack.Text("ansi")));

    private readonly List<(int Number, ErrorCode Cause)> _attempts = [];

    [Fact]
    public void The_environment_is_made_anew_with_the_same_arguments_and_must_be_reset()
    {
        using var server = FakeServer.OnTcp(MakeAndLoseAStep, peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.Expect(MakeOfX);
            peer.Reply(2, FakePeer.CartPoleMade);
            peer.Expect(Pack.Request(3, "reset", Pack.Int(7), Pack.Nil));
            peer.Reply(3, Pack.List(Observation, Pack.Map()));
            peer.Expect(Pack.Request(4, "step", Pack.Int(1)));
            peer.Reply(4, StepResult);
            peer.ReadPayload();
            peer.Reply(5, Pack.Nil);
        });
        using var client = Make(server, attempts: 1);
        var error = Assert.Throws<SocketGymException>(() => client.Step(0));
        Assert.Equal(ErrorCode.ResetNeeded, error.Code);
        Assert.Equal(ErrorCode.ConnectionLost, Assert.IsType<SocketGymException>(error.InnerException).Code);
        Assert.Equal([(1, ErrorCode.ConnectionLost)], _attempts);
        client.Reset(7);
        Assert.Equal([1f, 2f], client.Step(1).Observation.AsSpan<float>());
        Assert.Equal([1f, 2f], client.Observation<float>());
    }

    [Fact]
    public async Task Every_call_finds_out_the_asynchronous_ones_too()
    {
        Action<FakePeer> lose = MakeAndLoseAStep;
        using var server = FakeServer.OnTcp(lose, lose, lose, lose, lose, lose, peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Reply(3, Pack.Nil);
        });
        using var client = Make(server, attempts: 1);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => client.Reset()).Code);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => client.Render()).Code);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => client.GetAttribute("gravity")).Code);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => client.Ping()).Code);
        Assert.Equal(ErrorCode.ResetNeeded, (await Assert.ThrowsAsync<SocketGymException>(() => client.StepAsync(0))).Code);
        Assert.Equal(ErrorCode.ResetNeeded, (await Assert.ThrowsAsync<SocketGymException>(() => client.CallAsync("look"))).Code);
        Assert.Equal(6, _attempts.Count);
    }

    [Fact]
    public void A_server_that_is_full_is_asked_again_until_the_hook_gives_up()
    {
        Action<FakePeer> refuse = peer =>
        {
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Error(0, "ServerFull", "64 of 64 connections are in use")));
        };
        using var server = FakeServer.OnTcp(MakeAndLoseAStep, refuse, refuse);
        using var client = Make(server, attempts: 2);
        Assert.Equal(ErrorCode.ConnectionLost, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        Assert.Equal([(1, ErrorCode.ConnectionLost), (2, ErrorCode.ServerFull), (3, ErrorCode.ServerFull)], _attempts);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
    }

    [Fact]
    public void A_server_without_the_environment_ends_the_client()
    {
        using var server = FakeServer.OnTcp(MakeAndLoseAStep, peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.ReadPayload();
            peer.Send(Pack.Frame(Pack.Error(2, "UnknownEnvironment", "no X-v0 here")));
            peer.ExpectEnd();
        });
        using var client = Make(server, attempts: 9);
        Assert.Equal(ErrorCode.UnknownEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        Assert.Single(_attempts);
    }

    [Fact]
    public void An_environment_with_other_spaces_is_not_taken_for_the_same()
    {
        using var server = FakeServer.OnTcp(MakeAndLoseAStep, peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.ReadPayload();
            peer.Reply(2, FakePeer.Made(Pack.Nil, actions: 3));
            peer.ExpectEnd();
        });
        using var client = Make(server, attempts: 9);
        var error = Assert.Throws<SocketGymException>(() => client.Step(0));
        Assert.Equal(ErrorCode.ClosedEnvironment, error.Code);
        Assert.Contains("Discrete(3)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Waiting_for_the_server_can_be_cancelled_and_interrupted(bool cancel)
    {
        using var server = FakeServer.OnTcp(MakeAndLoseAStep);
        using var cancellation = new CancellationTokenSource();
        SocketGymClient? client = null;
        var options = server.Options with
        {
            Reconnecting = attempt =>
            {
                var ender = new Thread(cancel ? cancellation.Cancel : () => client!.Dispose());
                ender.Start();
                // As a hook waits that lets the server come back.
                Assert.True(attempt.CancellationToken.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
                ender.Join();
                return true;
            },
        };
        client = SocketGymClient.Make("X-v0", options);
        if (cancel)
            Assert.Equal(cancellation.Token, Assert.Throws<OperationCanceledException>(() => client.Step(0, cancellation.Token)).CancellationToken);
        else
            Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        client.Dispose();
    }

    [Fact]
    public void An_agent_goes_on_when_its_server_was_restarted()
    {
        var folder = Directory.CreateTempSubdirectory("socketgym");
        var address = $"unix:{Path.Combine(folder.FullName, "gym.sock")}";
        var server = Serve(address);
        try
        {
            var options = new SocketGymClientOptions
            {
                Address = ServerAddress.Parse(address),
                Reconnecting = attempt =>
                {
                    _attempts.Add((attempt.Number, attempt.Cause.Code));
                    if (attempt.Number == 2)
                        server = Serve(address);
                    return attempt.Number < 9;
                },
            };
            using var client = SocketGymClient.Make("CartPole-v1", options);
            client.Reset(1);
            server.Dispose();
            var error = Assert.Throws<SocketGymException>(() => client.Step(0));
            Assert.Equal(ErrorCode.ResetNeeded, error.Code);
            // Nothing of the old episode is left: the new environment wants a reset by itself.
            Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
            using var local = NativeEnvironments.CreateRegistry().Make("CartPole-v1", []);
            Assert.Equal(local.Reset(3), client.Reset(3));
            Assert.Equal(local.Step(1), client.Step(1));
            Assert.Equal([1, 2], _attempts.Select(attempt => attempt.Number));
            Assert.Equal(ErrorCode.ConnectionFailed, _attempts[1].Cause);
        }
        finally
        {
            server.Dispose();
            folder.Delete(recursive: true);
        }
    }

    private static SocketGymServer Serve(string address)
    {
        var server = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen(address).Build();
        server.Start();
        return server;
    }

    // Ends the connection where a reply is due.
    private static void MakeAndLoseAStep(FakePeer peer)
    {
        peer.Make();
        peer.ReadPayload();
    }

    private SocketGymClient Make(FakeServer server, int attempts)
    {
        var options = server.Options with
        {
            Reconnecting = attempt =>
            {
                _attempts.Add((attempt.Number, attempt.Cause.Code));
                return attempt.Number <= attempts;
            },
        };
        return SocketGymClient.Make("X-v0", options, "ansi", new ValueDictionary { ["size"] = 5 });
    }
}
