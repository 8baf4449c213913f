using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Hosting;

namespace SocketGym.Client.Tests;

/// <summary>Errors of environments, sending and receiving apart, and groups, against the server of this repository.</summary>
public sealed class VectorErrorTests : IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);
    private readonly SocketGymServer[] _servers;

    public VectorErrorTests() => _servers = [Serve(), Serve()];

    public void Dispose()
    {
        _gate.Release(100);
        foreach (var server in _servers)
            server.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public void An_environment_s_error_names_its_server_and_all_want_a_reset()
    {
        using var local = Gym.MakeVec("CartPole-v1", 4);
        using var remote = Make("CartPole-v1", 4);
        remote.Reset(1);
        var error = Assert.Throws<SocketGymException>(() => remote.Step(Value.List(0, 1, 1, 7)));
        Assert.Equal(ErrorCode.InvalidAction, error.Code);
        Assert.Contains($"{_servers[1].Addresses[0]} (environments 2 to 3 of 4)", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => remote.Step(Value.List(0, 1, 1, 0))).Code);
        var mask = new ValueDictionary { ["reset_mask"] = NDArray.Of<bool>([true, true, true, false]) };
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => remote.Reset(options: mask)).Code);
        Assert.Equal(local.Reset(3).Observations, remote.Reset(3).Observations);
        Assert.Equal(local.Step(Value.List(0, 1, 1, 0)).Observations, remote.Step(Value.List(0, 1, 1, 0)).Observations);
    }

    [Fact]
    public void A_question_that_is_refused_leaves_the_episodes_as_they_are()
    {
        using var local = Gym.MakeVec("CartPole-v1", 4);
        using var remote = Make("CartPole-v1", 4);
        local.Reset(1);
        remote.Reset(1);
        Assert.Equal(ErrorCode.UnknownAttribute, Assert.Throws<SocketGymException>(() => remote.GetAttribute("absent")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.GetAttribute("_absent")).Code);
        Assert.Throws<SocketGymException>(() => remote.Call("absent"));
        Assert.Equal(local.Step(Value.List(0, 1, 1, 0)).Observations, remote.Step(Value.List(0, 1, 1, 0)).Observations);
    }

    [Fact]
    public void A_step_before_the_first_reset_breaks_nothing()
    {
        using var local = Gym.MakeVec("CartPole-v1", 4);
        using var remote = Make("CartPole-v1", 4);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => remote.Step(Value.List(0, 1, 1, 0))).Code);
        Assert.Equal(local.Reset(3).Observations, remote.Reset(3).Observations);
    }

    [Fact]
    public void A_reset_that_fails_on_one_server_has_to_be_taken_by_all()
    {
        using var remote = Make("CartPole-v1", 4);
        remote.Reset(1);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.Reset((BigInteger?[])[1, 2, 3, -4])).Code);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => remote.Step(Value.List(0, 1, 1, 0))).Code);
        remote.Reset(1);
        remote.Step(Value.List(0, 1, 1, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Seeds_and_masks_must_fit(int servers)
    {
        using var remote = Make("CartPole-v1", 3, servers, AutoresetMode.Disabled);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.Reset((BigInteger?[])[1, 2])).Code);
        remote.Reset((BigInteger?[])[1, null, 3]);
        foreach (var mask in (Value[])[true, NDArray.Of<bool>([true]), NDArray.Of<long>([1, 1, 1]), NDArray.Of<bool>([false, false, false])])
            Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.Reset(options: new ValueDictionary { ["reset_mask"] = mask })).Code);
        remote.Step(Value.List(0, 1, 0));
    }

    [Fact]
    public void No_server_steps_while_an_episode_on_another_is_over()
    {
        using var local = Gym.MakeVec("FrozenLake-v1", 4, AutoresetMode.Disabled, kwargs: new ValueDictionary { ["is_slippery"] = false });
        using var remote = SocketGymVectorClient.Make("FrozenLake-v1", 4, Addresses(2), AutoresetMode.Disabled, kwargs: new ValueDictionary { ["is_slippery"] = false });
        local.Reset(1);
        remote.Reset(1);
        // Right, then down into the hole: the last environment's episode alone is over.
        foreach (var actions in (Value[])[Value.List(0, 0, 0, 2), Value.List(0, 0, 0, 1)])
            Assert.Equal(local.Step(actions).Terminations, remote.Step(actions).Terminations);
        var error = Assert.Throws<SocketGymException>(() => remote.Step(Value.List(2, 2, 2, 2)));
        Assert.Equal((ErrorCode.ResetNeeded, "AssertionError"), (error.Code, error.RemoteType));
        Assert.Contains("environment 3", error.Message, StringComparison.Ordinal);
        var mask = new ValueDictionary { ["reset_mask"] = NDArray.Of<bool>([false, false, false, true]) };
        Assert.Equal(local.Reset(options: mask).Observations, remote.Reset(options: mask).Observations);
        Assert.Equal(local.Step(Value.List(2, 2, 2, 2)).Observations, remote.Step(Value.List(2, 2, 2, 2)).Observations);
    }

    [Fact]
    public void Sending_and_receiving_come_in_turn()
    {
        using var local = Gym.MakeVec("CartPole-v1", 4);
        using var remote = Make("CartPole-v1", 4);
        local.Reset(1);
        remote.Reset(1);
        Assert.Contains("Send", Assert.Throws<InvalidOperationException>(() => remote.Receive()).Message, StringComparison.Ordinal);
        remote.Send<long>([0, 1, 0, 1]);
        foreach (var call in (Action[])[() => remote.Send<long>([0, 1, 0, 1]), () => remote.Step<long>([0, 1, 0, 1]), () => remote.Reset(1), () => remote.GetAttribute("tau")])
            Assert.Contains("Receive", Assert.Throws<InvalidOperationException>(call).Message, StringComparison.Ordinal);
        Assert.Equal(local.Step(NDArray.Of<long>([0, 1, 0, 1])).Observations, remote.Receive().Observations);
        Assert.Throws<InvalidOperationException>(() => remote.Receive());
        remote.Send(Value.List(0, 1, 0, 9));
        Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => remote.Receive()).Code);
        remote.Reset(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_group_that_is_ready_first_is_received_first(bool shared)
    {
        using var groups = SocketGymVectorGroups.Make(2, "Gate-v0", new VectorOptions(2), Options(2, shared));
        Assert.Equal(2, groups.Count);
        groups[0].Reset(1);
        groups[1].Reset(1);
        Assert.Throws<InvalidOperationException>(() => groups.Receive());
        // The second server's environment of group 0 waits at the gate.
        groups.Send(0, NDArray.Of<long>([0, 1]));
        groups.Send(1, NDArray.Of<long>([0, 0]));
        Assert.Throws<InvalidOperationException>(() => groups.Send(1, NDArray.Of<long>([0, 0])));
        Assert.Equal(1, groups.Receive().Group);
        groups.Send(1, NDArray.Of<long>([0, 0]));
        Assert.Equal(1, groups.Receive().Group);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => groups.Receive(cancellation.Token));
        _gate.Release();
        var (group, result) = groups.Receive();
        Assert.Equal((0, 0), (group, groups.Last));
        Assert.Equal([0.0, 1.0], result.Rewards.AsSpan<double>().ToArray());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Groups_are_vectors_of_their_own(int servers, bool shared)
    {
        using var groups = SocketGymVectorGroups.Make(3, "CartPole-v1", new VectorOptions(2), Options(servers, shared));
        var locals = Enumerable.Range(0, 3).Select(_ => Gym.MakeVec("CartPole-v1", 2)).ToArray();
        var actions = NDArray.Of<long>([0, 1]);
        for (var group = 0; group < 3; group++)
        {
            Assert.Equal(locals[group].Reset(group).Observations, groups[group].Reset(group).Observations);
            groups.Send(group, actions);
        }
        var steps = new int[3];
        while (steps.Sum() < 300)
        {
            var (group, result) = groups.Receive();
            Assert.Equal(locals[group].Step(actions).Observations, result.Observations);
            if (++steps[group] < 100)
                groups.Send(group, actions);
        }
        Assert.Equal([100, 100, 100], steps);
        foreach (var local in locals)
            local.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_group_that_is_lost_leaves_the_others(bool shared)
    {
        // A step that waits, so that the reply is not there before the connection is lost.
        using var groups = SocketGymVectorGroups.Make(2, "Gate-v0", new VectorOptions(2), Options(1, shared));
        groups[0].Reset(1);
        groups[1].Reset(1);
        groups.Send(1, NDArray.Of<long>([0, 1]));
        groups[1].Interrupt();
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => groups.Receive()).Code);
        Assert.Equal(1, groups.Last);
        _gate.Release(4);
        groups.Send(0, NDArray.Of<long>([0, 1]));
        Assert.Equal(0, groups.Receive().Group);
        Assert.Throws<ArgumentOutOfRangeException>(() => SocketGymVectorGroups.Make(0, "CartPole-v1", 2));
        Assert.Equal(ErrorCode.UnknownEnvironment, Assert.Throws<SocketGymException>(() => SocketGymVectorGroups.Make(2, "CartPole-v7", 2, Addresses(1)[0])).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Groups_that_are_closed_while_they_are_waited_for_end_the_wait(bool shared)
    {
        var groups = SocketGymVectorGroups.Make(2, "Gate-v0", new VectorOptions(2), Options(1, shared));
        for (var group = 0; group < 2; group++)
        {
            groups[group].Reset(1);
            groups.Send(group, NDArray.Of<long>([0, 1]));
        }
        var wait = Task.Run(() => Assert.Throws<SocketGymException>(() => groups.Receive()));
        groups.Dispose();
        Assert.Equal(ErrorCode.ClosedEnvironment, (await wait).Code);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => groups.Receive()).Code);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => groups[1].Receive()).Code);
    }

    [Fact]
    public void A_group_that_does_not_answer_in_time_is_lost_however_often_another_does()
    {
        var options = Options(1)[0] with { Timeout = TimeSpan.FromSeconds(1) };
        using var groups = SocketGymVectorGroups.Make(2, "Gate-v0", new VectorOptions(2), [options]);
        groups[0].Reset(1);
        groups[1].Reset(1);
        groups.Send(0, NDArray.Of<long>([0, 1]));
        groups.Send(1, NDArray.Of<long>([0, 0]));
        var error = Assert.Throws<SocketGymException>(() =>
        {
            // Far more than there is time for, and an end where the time has none.
            for (var step = 0; step < 1_000_000; step++)
                groups.Send(groups.Receive().Group, NDArray.Of<long>([0, 0]));
        });
        Assert.Equal((ErrorCode.RequestTimeout, 0), (error.Code, groups.Last));
    }

    [Fact]
    public void A_server_that_stops_is_named()
    {
        using var remote = Make("CartPole-v1", 4);
        remote.Reset(1);
        _servers[1].Stop();
        var error = Assert.Throws<SocketGymException>(() => remote.Step(Value.List(0, 1, 0, 1)));
        Assert.True(error.Code is ErrorCode.ServerDraining or ErrorCode.ConnectionLost, error.Code.ToString());
        Assert.Contains($"{_servers[1].Addresses[0]}", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => remote.Reset(1)).Code);
    }

    private SocketGymClientOptions[] Options(int count, bool? shared = null) =>
        [.. _servers.Take(count).Select(server => new SocketGymClientOptions { Address = server.Addresses[0], SharedMemory = shared })];

    private SocketGymVectorClient Make(string id, int count, int servers = 2, AutoresetMode mode = AutoresetMode.NextStep) =>
        SocketGymVectorClient.Make(id, count, Addresses(servers), mode);

    private string[] Addresses(int count) => [.. _servers.Take(count).Select(server => server.Addresses[0].ToString())];

    private SocketGymServer Serve()
    {
        var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0");
        builder.Environments.Add("Gate-v0", () => new Gate(_gate));
        var server = builder.Build();
        server.Start();
        return server;
    }

    /// <summary>Action 1 waits until the test opens the gate.</summary>
    private sealed class Gate(SemaphoreSlim gate) : DiscreteActionEnvironment<float>(new Box(0, 1, [1], Core.Values.DType.Float32), new Discrete(2))
    {
        protected override void Reset(Span<float> observation, ValueDictionary options) => observation[0] = 0;

        protected override Outcome Step(int action, Span<float> observation)
        {
            if (action == 1)
                gate.Wait(TimeSpan.FromMinutes(1));
            return action;
        }
    }
}
