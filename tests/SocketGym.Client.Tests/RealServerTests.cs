using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;
using SocketGym.Environments;
using SocketGym.Hosting;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Tests;

/// <summary>The client against the server of this repository: a remote environment is the local one.</summary>
public sealed class RealServerTests : IDisposable
{
    // Collections that other tests bring about count what is left of this thread's part of the heap; a client that allocates does so at every step.
    private const int MostCollections = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socketgym");
    private readonly SocketGymServer _server;

    public RealServerTests()
    {
        _server = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0").Listen($"unix:{Path.Combine(_folder.FullName, "gym.sock")}").Build();
        _server.Start();
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void CartPole_is_the_local_one_bit_for_bit(int address, bool shared)
    {
        using var remote = SocketGymClient.Make("CartPole-v1", new SocketGymClientOptions { Address = _server.Addresses[address], SharedMemory = shared }, "rgb_array");
        using var local = NativeEnvironments.CreateRegistry().Make("CartPole-v1", new ValueDictionary { ["render_mode"] = "rgb_array" });
        Assert.Equal(SpaceDescription.ToValue(local.ObservationSpace), SpaceDescription.ToValue(remote.ObservationSpace));
        Assert.Equal(SpaceDescription.ToValue(local.ActionSpace), SpaceDescription.ToValue(remote.ActionSpace));
        Assert.Equal(local.Metadata, remote.Metadata);
        Assert.Equal(local.RenderMode, remote.RenderMode);
        Assert.Equal(local.Spec, remote.Spec);

        for (var seed = 0; seed < 5; seed++)
        {
            Assert.Equal(local.Reset(seed), remote.Reset(seed));
            for (var done = false; !done;)
            {
                var action = seed % 2;
                var expected = local.Step(action);
                Assert.Equal(expected, remote.Step(action));
                done = expected.Terminated.IsTrue || expected.Truncated.IsTrue;
            }
            Assert.Equal(local.Render(), remote.Render());
        }
    }

    [Fact]
    public void Errors_leave_the_client_usable()
    {
        using var client = SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString());
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
        client.Reset(1);
        Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => client.Step(2)).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => client.Reset(-1)).Code);
        Assert.Equal(1.0, client.Step(1).Reward.ToDouble());
    }

    [Fact]
    public void An_unknown_id_is_refused_with_close_matches()
    {
        var error = Assert.Throws<SocketGymException>(() => SocketGymClient.Make("CartPole-v7", _server.Addresses[0].ToString()));
        Assert.Equal(ErrorCode.UnknownEnvironment, error.Code);
        Assert.Contains("CartPole-v1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_has_what_is_built_in()
    {
        var address = _server.Addresses[0];
        Assert.Contains(new EnvironmentListing("CartPole-v1", "native"), SocketGymClient.List(address.ToString()));
        Assert.Equal(SocketGymClient.List(address.ToString()), await SocketGymClient.ListAsync(new SocketGymClientOptions { Address = address }));
    }

    [Fact]
    public async Task A_server_says_who_it_is_and_answers_a_ping()
    {
        var address = _server.Addresses[0];
        var info = SocketGymClient.GetServerInfo(address.ToString());
        Assert.Equal($"socketgym/{SocketGymServer.Version}", info.Name);
        Assert.Equal(1, info.Protocol);
        Assert.Contains("msgpack", info.Codecs);
        Assert.Equal(256 * 1024 * 1024, info.MaxFrameBytes);
        Assert.Equal(info.Name, (await SocketGymClient.GetServerInfoAsync(new SocketGymClientOptions { Address = address })).Name);
        using var client = SocketGymClient.Make("CartPole-v1", address.ToString());
        Assert.Equal(info.Name, client.Server.Name);
        client.Reset(1);
        client.Ping();
        await client.PingAsync();
        Assert.Throws<InvalidOperationException>(() => client.Observation<float>());
        client.Step(1);
    }

    [Fact]
    public void Local_wrappers_go_around_a_remote_environment()
    {
        using var env = new TimeLimit(SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString()), 3);
        env.Reset(1);
        env.Step(0);
        env.Step(1);
        var (observation, reward, terminated, truncated, info) = env.Step(0);
        Assert.Equal(4, observation.AsSpan<float>().Length);
        Assert.Equal((1.0, false, true), (reward.ToDouble(), terminated.IsTrue, truncated.IsTrue));
        Assert.Empty(info.AsDict());
        Assert.Equal(9.8, env.GetAttribute("gravity"));
    }

    [Fact]
    public async Task A_frame_comes_into_the_caller_s_memory_without_an_allocation()
    {
        using var client = SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString(), "rgb_array");
        client.Reset(1);
        var frame = new byte[(400 * 600 * 3) + 1];
        frame[^1] = 77;
        var allocating = 0;
        for (var step = 0; step < 40; step++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var written = client.Render(frame);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(400 * 600 * 3, written);
            allocating += step >= 20 && allocated != 0 ? 1 : 0;
            if (step < 8)
                client.Step(1);
        }
        Assert.InRange(allocating, 0, MostCollections);
        Assert.Equal(77, frame[^1]);
        var image = client.Render().AsArray();
        Assert.Equal([400, 600, 3], image.Shape.ToArray());
        Assert.True(image.Bytes.SequenceEqual(frame.AsSpan(0, frame.Length - 1)));
        Assert.Contains("720000", Assert.Throws<ArgumentException>(() => client.Render(new byte[719_999])).Message, StringComparison.Ordinal);
        var again = new byte[720_000];
        Assert.Equal(720_000, await client.RenderAsync(again.AsMemory()));
        Assert.Equal(frame[..^1], again);
    }

    [Fact]
    public void Many_frames_and_steps_in_turn_are_those_of_the_local_environment()
    {
        using var remote = SocketGymClient.Make("CartPole-v1", _server.Addresses[1].ToString(), "rgb_array");
        using var local = NativeEnvironments.CreateRegistry().Make("CartPole-v1", new ValueDictionary { ["render_mode"] = "rgb_array" });
        Assert.Equal(local.Reset(5), remote.Reset(5));
        for (var step = 0; step < 8; step++)
        {
            Assert.Equal(local.Step(step % 2), remote.Step(step % 2));
            Assert.Equal(local.Render(), remote.Render());
        }
    }

    [Fact]
    public void Rendering_nothing_into_memory_is_refused()
    {
        using var client = SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString());
        client.Reset(1);
        Assert.Throws<InvalidOperationException>(() => client.Render(new byte[10]));
        client.Step(1);
    }

    [Fact]
    public async Task Many_clients_step_at_once()
    {
        async Task<double> RunAsync(int seed)
        {
            await using var client = await SocketGymClient.MakeAsync("CartPole-v1", _server.Addresses[0].ToString());
            await client.ResetAsync(seed);
            var total = 0.0;
            for (var done = false; !done;)
            {
                var step = await client.StepAsync(1);
                total += step.Reward.ToDouble();
                done = step.Terminated.IsTrue;
            }
            return total;
        }

        double LocalReturn(int seed)
        {
            using var local = NativeEnvironments.CreateRegistry().Make("CartPole-v1", []);
            local.Reset(seed);
            var total = 0.0;
            for (var done = false; !done;)
            {
                var step = local.Step(1);
                total += step.Reward.ToDouble();
                done = step.Terminated.IsTrue;
            }
            return total;
        }

        var seeds = Enumerable.Range(0, 16).ToArray();
        Assert.Equal(seeds.Select(LocalReturn), await Task.WhenAll(seeds.Select(RunAsync)));
    }

    [Fact]
    public async Task Attributes_are_those_of_the_remote_environment()
    {
        using var remote = SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString());
        using var local = NativeEnvironments.CreateRegistry().Make("CartPole-v1", []);
        var attributes = EnvironmentAttributes.Of(local);
        Assert.Equal(9.8, remote.GetAttribute("gravity"));
        Assert.True(remote.SetAttribute("gravity", 1.62));
        Assert.True(attributes.SetAttribute("gravity", 1.62));
        Assert.False(await remote.SetAttributeAsync("absent", 1, force: false));
        Assert.Equal(local.Reset(3), remote.Reset(3));
        for (var step = 0; step < 30; step++)
            Assert.Equal(local.Step(step % 2), remote.Step(step % 2));
        Assert.Equal(attributes.GetAttribute("state"), await remote.GetAttributeAsync("state"));
        Assert.Throws<InvalidOperationException>(() => remote.Observation<float>());
        Assert.Equal((AttributeKind.Value, AttributeKind.None), (remote.FindAttribute("tau"), await remote.FindAttributeAsync("absent")));
        Assert.Equal(ErrorCode.UnknownAttribute, Assert.Throws<SocketGymException>(() => remote.GetAttribute("absent")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.GetAttribute("_random")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => remote.Call("gravity")).Code);
        Assert.Equal(ErrorCode.UnknownAttribute, (await Assert.ThrowsAsync<SocketGymException>(() => remote.CallAsync("absent", [1], new ValueDictionary { ["k"] = 2 }))).Code);
    }

    [Fact]
    public async Task A_call_for_an_attribute_whose_token_is_cancelled_already_sends_nothing()
    {
        using var client = SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString());
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => client.GetAttribute("tau", cancelled));
        Assert.Throws<OperationCanceledException>(() => client.SetAttribute("tau", 1.0, force: true, cancelled));
        Assert.Throws<OperationCanceledException>(() => client.FindAttribute("tau", cancelled));
        Assert.Throws<OperationCanceledException>(() => client.Call("tau", null, null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAttributeAsync("tau", cancelled));
        Assert.Equal(0.02, client.GetAttribute("tau"));
    }

    [Fact]
    public void A_server_that_stops_says_so_or_is_lost()
    {
        using var client = SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString());
        client.Reset(1);
        _server.Stop();
        var error = Assert.Throws<SocketGymException>(() => client.Step(0));
        Assert.True(error.Code is ErrorCode.ServerDraining or ErrorCode.ConnectionLost, error.Code.ToString());
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
    }

    [Fact]
    public void A_step_allocates_nothing_in_the_client()
    {
        using var client = SocketGymClient.Make("CartPole-v1", _server.Addresses[0].ToString());
        var allocating = 0;
        for (var step = 0; step < 400; step++)
        {
            if (step % 8 == 0)
                client.Reset(step);
            var before = GC.GetAllocatedBytesForCurrentThread();
            client.Step(step / 4 % 2);
            allocating += step > 100 && GC.GetAllocatedBytesForCurrentThread() != before ? 1 : 0;
        }
        Assert.InRange(allocating, 0, MostCollections);
    }
}
