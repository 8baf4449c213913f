using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Hosting;

namespace SocketGym.Client.Tests;

/// <summary>A vector through memory shared with its servers is the one through their sockets, and whatever ends it is a typed error.</summary>
public sealed class VectorSharedMemoryTests : IDisposable
{
    private static readonly Value Actions = NDArray.Of<long>([0, 1]);

    private readonly SocketGymServer[] _servers = [Serve(64 * 1024 * 1024), Serve(64 * 1024 * 1024), Serve(0), Serve(4096)];

    public void Dispose()
    {
        foreach (var server in _servers)
            server.Dispose();
    }

    [Theory]
    [InlineData("CartPole-v1", AutoresetMode.NextStep, 1)]
    [InlineData("CartPole-v1", AutoresetMode.SameStep, 2)]
    [InlineData("Museum-v0", AutoresetMode.NextStep, 1)]
    [InlineData("Museum-v0", AutoresetMode.SameStep, 2)]
    [InlineData("Pendulum-v1", AutoresetMode.Disabled, 2)]
    public void Every_result_is_that_of_the_socket(string id, AutoresetMode mode, int servers)
    {
        using var socket = SocketGymVectorClient.Make(id, new VectorOptions(5, mode), Options(0, servers, shared: false));
        using var shared = SocketGymVectorClient.Make(id, new VectorOptions(5, mode), Options(0, servers));
        Assert.Equal((false, true), (socket.SharesMemory, shared.SharesMemory));
        shared.ActionSpace.Seed(3);
        AssertEqual(socket.Reset(7), shared.Reset(7));
        for (var step = 0; step < 60; step++)
        {
            var actions = shared.ActionSpace.Sample();
            AssertEqual(socket.Step(actions), shared.Step(actions));
        }
        AssertEqual(socket.Reset(8), shared.Reset(8));
    }

    [Fact]
    public void It_is_had_only_where_it_is_offered_and_asked_for()
    {
        using var refused = SocketGymVectorClient.Make("CartPole-v1", new VectorOptions(2), Options(2, 1, shared: true));
        using var mixed = SocketGymVectorClient.Make("CartPole-v1", new VectorOptions(4), [.. Options(1, 2), .. Options(0, 1, shared: false)]);
        Assert.Equal((false, false), (refused.SharesMemory, mixed.SharesMemory));
        using var local = Gym.MakeVec("CartPole-v1", 4);
        Assert.Equal(local.Reset(1).Observations, mixed.Reset(1).Observations);
        Assert.Equal(local.Step(Value.List(0, 1, 0, 1)).Observations, mixed.Step(Value.List(0, 1, 0, 1)).Observations);
        refused.Reset(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Groups_take_turns_with_and_without_room_for_their_replies(int spinMicroseconds)
    {
        // Replies of 300 environments find no room in 4096 bytes, and come by the socket.
        var options = Options(3, 1)[0] with { Spin = TimeSpan.FromMicroseconds(spinMicroseconds) };
        foreach (var count in (int[])[2, 300])
        {
            using var groups = SocketGymVectorGroups.Make(2, "CartPole-v1", new VectorOptions(count), [options]);
            using var local = Gym.MakeVec("CartPole-v1", count);
            Assert.True(groups[0].SharesMemory);
            var actions = NDArray.Of<long>(new long[count]);
            var expected = new List<Value> { local.Reset(5).Observations.Copy() };
            for (var group = 0; group < 2; group++)
            {
                Assert.Equal(expected[0], groups[group].Reset(5).Observations);
                groups.Send(group, actions);
            }
            var steps = new int[2];
            while (steps.Min() < 50)
            {
                var (group, result) = groups.Receive();
                if (++steps[group] == expected.Count)
                    expected.Add(local.Step(actions).Observations.Copy());
                Assert.Equal(expected[steps[group]], result.Observations);
                if (steps[group] < 50)
                    groups.Send(group, actions);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_is_gone_while_a_step_is_waited_for_is_named(bool inGroups)
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            using var shared = MakeTwo(peer);
            shared.ReadPayload();
            shared.AwaitWaiting();
        });
        using var groups = Groups(server);
        groups.Send(0, Actions);
        var error = Assert.Throws<SocketGymException>(() => inGroups ? groups.Receive().Result : groups[0].Receive());
        Assert.Equal(ErrorCode.ConnectionLost, error.Code);
        Assert.Contains(server.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => groups[0].Step(Actions)).Code);
    }

    [Fact]
    public void Rings_without_a_reply_are_none_and_a_reply_rings()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            using var shared = MakeTwo(peer);
            for (var id = 4u; id < 24; id++)
            {
                shared.ReadPayload();
                shared.AwaitWaiting();
                shared.Ring();
                shared.Ring();
                shared.AwaitWaiting();
                shared.Ring();
                shared.Reply(id, FakeVector.Step);
            }
            peer.ExpectEnd();
        });
        using var groups = Groups(server);
        for (var step = 0; step < 20; step++)
        {
            groups.Send(0, Actions);
            Assert.Equal([1, 2], groups.Receive().Result.Rewards.AsSpan<double>().ToArray());
        }
        groups[0].Interrupt();
    }

    [Fact]
    public void A_frame_that_the_memory_does_not_announce_ends_the_vector()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            using var shared = MakeTwo(peer);
            shared.ReadPayload();
            shared.AwaitWaiting();
            peer.Reply(4, FakeVector.Step);
            peer.ExpectEnd();
        });
        using var groups = Groups(server);
        groups.Send(0, Actions);
        Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => groups.Receive()).Code);
    }

    [Theory]
    [InlineData("closed while a step is due")]
    [InlineData("lost while another server's reply is due")]
    public void The_memory_is_given_back(string how)
    {
        var identity = "";
        using var isChecked = new ManualResetEventSlim();
        using var server = FakeServer.OnTcp(peer =>
        {
            using var shared = MakeTwo(peer, name => identity = name);
            shared.ReadPayload();
            peer.ExpectEnd();
            Assert.True(isChecked.Wait(TimeSpan.FromMinutes(1)));
        });
        using var lost = FakeServer.OnTcp(peer =>
        {
            FakeVector.MakeTwo(peer);
            peer.ReadPayload();
        });
        using var vector = SocketGymVectorClient.Make("X-v0", new VectorOptions(4), [lost.Options, server.Options]);
        Assert.Equal(2, SharedPeer.CountMappings(identity));
        var actions = NDArray.Of<long>([0, 1, 0, 1]);
        if (how.StartsWith("lost", StringComparison.Ordinal))
        {
            Assert.Throws<SocketGymException>(() => vector.Step(actions));
        }
        else
        {
            vector.Send(actions);
            vector.Close();
        }
        var left = SharedPeer.CountMappings(identity);
        isChecked.Set();
        Assert.Equal(1, left);
    }

    [Fact]
    public void A_client_that_was_interrupted_gives_its_memory_back_when_it_is_disposed_of()
    {
        var identity = "";
        using var isChecked = new ManualResetEventSlim();
        using var server = FakeServer.OnTcp(peer =>
        {
            using var shared = peer.Share(name => identity = name);
            shared.ReadPayload();
            shared.Reply(3, FakePeer.CartPoleMade);
            peer.ExpectEnd();
            Assert.True(isChecked.Wait(TimeSpan.FromMinutes(1)));
        });
        var client = SocketGymClient.Make("X-v0", server.Options);
        client.Interrupt();
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        Assert.Equal(2, SharedPeer.CountMappings(identity));
        client.Dispose();
        var left = SharedPeer.CountMappings(identity);
        isChecked.Set();
        Assert.Equal(1, left);
    }

    private static SharedPeer MakeTwo(FakePeer peer, Action<string>? tellIdentity = null)
    {
        var shared = peer.Share(tellIdentity);
        shared.ReadPayload();
        shared.Reply(3, FakeVector.Made(2));
        return shared;
    }

    // Without a spin, so that the client waits on the socket for each reply.
    private static SocketGymVectorGroups Groups(FakeServer server) =>
        SocketGymVectorGroups.Make(1, "X-v0", new VectorOptions(2), [server.Options with { Spin = TimeSpan.Zero }]);

    private static void AssertEqual(VectorStepResult expected, VectorStepResult actual)
    {
        Assert.Equal(expected.Observations, actual.Observations);
        Assert.Equal((expected.Rewards, expected.Terminations, expected.Truncations), (actual.Rewards, actual.Terminations, actual.Truncations));
        Assert.Equal(expected.Infos, actual.Infos);
    }

    private static void AssertEqual(VectorResetResult expected, VectorResetResult actual)
    {
        Assert.Equal(expected.Observations, actual.Observations);
        Assert.Equal(expected.Infos, actual.Infos);
    }

    private static SocketGymServer Serve(int sharedBytes)
    {
        var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0");
        builder.Environments.Add("Museum-v0", () => new Museum());
        builder.Limits = builder.Limits with { MaxSharedMemoryBytes = sharedBytes };
        var server = builder.Build();
        server.Start();
        return server;
    }

    private SocketGymClientOptions[] Options(int first, int count, bool? shared = null) =>
        [.. _servers.Skip(first).Take(count).Select(server => new SocketGymClientOptions { Address = server.Addresses[0], SharedMemory = shared })];
}
