using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Environments;
using SocketGym.Hosting;

namespace SocketGym.Client.Tests;

/// <summary>A vector on one or several servers is the local one, bit for bit.</summary>
public sealed class VectorClientTests : IDisposable
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry().Add("Museum-v0", () => new Museum());

    private readonly SocketGymServer[] _servers = [Serve(), Serve(), Serve()];

    public void Dispose()
    {
        foreach (var server in _servers)
            server.Dispose();
    }

    public static TheoryData<string, AutoresetMode, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, AutoresetMode, int>();
            foreach (var id in (string[])["CartPole-v1", "Pendulum-v1", "FrozenLake-v1", "Taxi-v4", "Blackjack-v1", "Museum-v0"])
            {
                foreach (var mode in Enum.GetValues<AutoresetMode>())
                {
                    cases.Add(id, mode, 1);
                    cases.Add(id, mode, 3);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_result_is_that_of_a_local_vector(string id, AutoresetMode mode, int servers)
    {
        var kwargs = id == "Museum-v0" ? null : new ValueDictionary { ["max_episode_steps"] = 9 };
        using var local = Local(id, 5, mode, kwargs);
        using var remote = SocketGymVectorClient.Make(id, 5, Addresses(servers), mode, kwargs: kwargs);
        Assert.Equal((local.Count, local.AutoresetMode, local.RenderMode), (remote.Count, remote.AutoresetMode, remote.RenderMode));
        Assert.Equal((local.Spec, local.Metadata), (remote.Spec, remote.Metadata));
        Assert.Equal((local.SingleObservationSpace, local.SingleActionSpace), (remote.SingleObservationSpace, remote.SingleActionSpace));
        Assert.Equal((local.ObservationSpace, local.ActionSpace), (remote.ObservationSpace, remote.ActionSpace));
        Assert.Equal(servers, remote.Servers.Count);

        local.ActionSpace.Seed(4);
        Same(local.Reset(10), remote.Reset(10));
        for (var step = 0; step < 40; step++)
        {
            var actions = local.ActionSpace.Sample();
            var result = local.Step(actions);
            Same(result, remote.Step(actions));
            if (mode == AutoresetMode.Disabled && MaskOf(result) is { } mask)
                Same(local.Reset(options: mask), remote.Reset(options: mask));
        }
        Same(local.Reset((BigInteger?[])[1, null, 3, 4, null]), remote.Reset((BigInteger?[])[1, null, 3, 4, null]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Actions_may_have_any_form_that_can_be_divided(int servers)
    {
        using var local = Local("FrozenLake-v1", 3);
        using var remote = SocketGymVectorClient.Make("FrozenLake-v1", 3, Addresses(servers));
        Same(local.Reset(2), remote.Reset(2));
        foreach (var actions in (Value[])[NDArray.Of<long>([1, 2, 3]), NDArray.Of<byte>([1, 2, 2]), Value.List(0, 1, 2), Value.Tuple(Value.Scalar(1L), 1.0, 2), NDArray.Of<double>([1, 1, 1])])
            Same(local.Step(actions), remote.Step(actions));
        Same(local.Step(NDArray.Of<long>([2, 1, 0])), remote.Step<long>([2, 1, 0]));
        Same(local.Step(NDArray.Of<int>([2, 1, 0])), remote.Step<int>([2, 1, 0]));
        foreach (var actions in (Value[])[1, Value.List(1), NDArray.Of<long>([0, 1, 1, 0]), NDArray.Of<long>([]), Value.None, new ValueDictionary { ["a"] = 1 }])
            Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => remote.Step(actions)).Code);
        Same(local.Step(Value.List(0, 1, 2)), remote.Step(Value.List(0, 1, 2)));
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused_before_any_server_is_asked()
    {
        using var local = Local("Museum-v0", 3);
        using var remote = SocketGymVectorClient.Make("Museum-v0", 3, Addresses(2));
        Same(local.Reset(2), remote.Reset(2));
        var actions = local.ActionSpace.Sample();
        var entries = actions.Copy().AsDict();
        entries["multi"] = NDArray.Of<long>([1, 1, 1, 1], 2, 2);
        Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => remote.Step(Value.Dict(entries))).Code);
        entries["multi"] = Value.List(new Value[3]);
        entries["tuple"] = Value.Set(1, 2, 3);
        Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => remote.Step(Value.Dict(entries))).Code);
        // It cannot be encoded, and the first server must not have stepped by then.
        entries = actions.Copy().AsDict();
        entries["text"] = Value.Tuple("a", "b", Value.FromInt(BigInteger.One << (8 * 70_000)));
        Assert.Equal(ErrorCode.UnsupportedValue, Assert.Throws<SocketGymException>(() => remote.Step(Value.Dict(entries))).Code);
        Same(local.Step(actions), remote.Step(actions));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Frames_attributes_and_methods_are_those_of_each(int servers)
    {
        using var local = Local("CartPole-v1", 3, kwargs: new ValueDictionary { ["render_mode"] = "rgb_array" });
        using var remote = SocketGymVectorClient.Make("CartPole-v1", 3, Addresses(servers), renderMode: "rgb_array");
        Same(local.Reset(5), remote.Reset(5));
        Assert.Equal(local.Render(), remote.Render());
        Assert.Equal(Value.Tuple(9.8, 9.8, 9.8), remote.GetAttribute("gravity"));
        Assert.True(remote.SetAttribute("gravity", Value.List(1.0, 2.0, 3.0)));
        Assert.True(local.SetAttribute("gravity", Value.List(1.0, 2.0, 3.0)));
        Same(local.Step(Value.List(0, 1, 0)), remote.Step(Value.List(0, 1, 0)));
        Same(local.Step(Value.List(0, 1, 0)), remote.Step(Value.List(0, 1, 0)));
        Assert.Equal(Value.Tuple(1.0, 2.0, 3.0), remote.Call("gravity"));
        Assert.Equal(local.Call("get_state"), remote.Call("get_state"));
        Assert.Equal((AttributeKind.Value, AttributeKind.Method, AttributeKind.None), (remote.FindAttribute("tau"), remote.FindAttribute("get_state"), remote.FindAttribute("absent")));
        Assert.False(remote.SetAttribute("absent", Value.List(1, 2, 3), force: false));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.SetAttribute("gravity", 1.0)).Code);
        Assert.Equal(ErrorCode.UnknownAttribute, Assert.Throws<SocketGymException>(() => remote.GetAttribute("absent")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.GetAttribute("_random")).Code);
        remote.Ping();
    }

    [Fact]
    public async Task Asynchronous_forms_do_the_same()
    {
        var options = new SocketGymClientOptions { Address = _servers[0].Addresses[0] };
        using var local = Local("CartPole-v1", 2);
        await using var remote = await SocketGymVectorClient.MakeAsync("CartPole-v1", new VectorOptions(2, Workers: 1), [options, options], kwargs: []);
        await using var other = await SocketGymVectorClient.MakeAsync("CartPole-v1", 2, _servers[0].Addresses[0].ToString(), renderMode: "rgb_array");
        Same(local.Reset(3), await remote.ResetAsync([3, 4]));
        Same(local.Step(Value.List(0, 1)), await remote.StepAsync(Value.List(0, 1)));
        remote.Send(Value.List(1, 1));
        Same(local.Step(Value.List(1, 1)), await remote.ReceiveAsync());
        Assert.True(await remote.SetAttributeAsync("gravity", Value.List(1.0, 2.0)));
        Assert.Equal(Value.Tuple(1.0, 2.0), await remote.GetAttributeAsync("gravity"));
        Assert.Equal(Value.Tuple(1.0, 2.0), await remote.CallAsync("gravity"));
        other.Reset(1);
        Assert.Equal(other.Render(), await other.RenderAsync());
    }

    [Theory]
    [InlineData("CartPole-v1", 1)]
    [InlineData("CartPole-v1", 2)]
    [InlineData("MountainCarContinuous-v0", 2)]
    public void A_step_allocates_nothing_in_the_client(string id, int servers)
    {
        using var remote = SocketGymVectorClient.Make(id, 8, Addresses(servers));
        remote.Reset(3);
        var actions = remote.ActionSpace.Sample();
        Run();
        Assert.Equal(0, Allocation.Least(Run));

        void Run()
        {
            for (var step = 0; step < 100; step++)
                remote.Step(actions);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wait_for_groups_allocates_nothing(bool shared)
    {
        // Without a spin, so that each wait is one on the sockets.
        var options = new SocketGymClientOptions { Address = _servers[0].Addresses[0], SharedMemory = shared, Spin = TimeSpan.Zero };
        using var groups = SocketGymVectorGroups.Make(2, "CartPole-v1", new VectorOptions(4, Workers: 1), [options]);
        var actions = NDArray.Of<long>([0, 1, 0, 1]);
        for (var group = 0; group < 2; group++)
        {
            groups[group].Reset(3);
            groups.Send(group, actions);
        }
        Run();
        Assert.Equal(0, Allocation.Least(Run));

        void Run()
        {
            for (var step = 0; step < 100; step++)
                groups.Send(groups.Receive().Group, actions);
        }
    }

    private static SocketGymServer Serve()
    {
        var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0");
        builder.Environments.Add("Museum-v0", () => new Museum());
        var server = builder.Build();
        server.Start();
        return server;
    }

    private static IVectorEnvironment Local(string id, int count, AutoresetMode mode = AutoresetMode.NextStep, ValueDictionary? kwargs = null) =>
        ((IEnvironmentProvider)Registry).MakeVector(id, kwargs ?? [], new VectorOptions(count, mode));

    private static ValueDictionary? MaskOf(VectorStepResult result)
    {
        var mask = new bool[result.Terminations.Bytes.Length];
        for (var index = 0; index < mask.Length; index++)
            mask[index] = result.Terminations.AsSpan<bool>()[index] || result.Truncations.AsSpan<bool>()[index];
        return mask.Contains(true) ? new ValueDictionary { ["reset_mask"] = NDArray.Of<bool>(mask), ["colour"] = "red" } : null;
    }

    private static void Same(VectorStepResult expected, VectorStepResult actual)
    {
        Assert.Equal(expected.Observations, actual.Observations);
        Assert.Equal((expected.Rewards, expected.Terminations, expected.Truncations), (actual.Rewards, actual.Terminations, actual.Truncations));
        Assert.Equal(expected.Infos, actual.Infos);
    }

    private static void Same(VectorResetResult expected, VectorResetResult actual)
    {
        Assert.Equal(expected.Observations, actual.Observations);
        Assert.Equal(expected.Infos, actual.Infos);
    }

    private string[] Addresses(int count) => [.. _servers.Take(count).Select(server => server.Addresses[0].ToString())];
}
