using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Client.Tests;

/// <summary>What the client sends, and what it makes of each reply.</summary>
public sealed class TranscriptTests
{
    private static byte[] CartPoleStep(float first, float second, double reward = 1) => Pack.List(
        Pack.Array("<f4", [2], Pack.Floats(first, second)), Pack.Float(reward), Pack.False, Pack.True, Pack.Map());

    [Fact]
    public void A_whole_session_has_these_bytes()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Expect(Pack.Request(1, "hello", Pack.Map(Pack.Text("protocol"), Pack.Int(1), Pack.Text("client"), Pack.Text(SocketGymClient.Name), Pack.Text("shared_memory"), Pack.True)));
            peer.Reply(1, FakePeer.Hello(65536));
            peer.Expect(Pack.Request(2, "make", Pack.Text("CartPole-v1"), Pack.Map(Pack.Text("sutton_barto_reward"), Pack.True, Pack.Text("render_mode"), Pack.Text("rgb_array"))));
            peer.Reply(2, FakePeer.CartPoleMade);
            peer.Expect(Pack.Request(3, "reset", Pack.Int(42), Pack.Map(Pack.Text("low"), Pack.Float(-0.1))));
            peer.Reply(3, Pack.List(Pack.Array("<f4", [2], Pack.Floats(0.5f, -0.5f)), Pack.Map(Pack.Text("lives"), Pack.Int(3))));
            peer.Expect(Pack.Request(4, "step", Pack.List(Pack.Int(1))));
            peer.Reply(4, CartPoleStep(1, 2));
            peer.Expect(Pack.Request(5, "render"));
            peer.Reply(5, Pack.Array("|u1", [1, 1, 3], [10, 20, 30]));
            peer.Expect(Pack.Request(6, "close"));
            peer.Reply(6, Pack.Nil);
            peer.ExpectEnd();
        });

        var kwargs = new ValueDictionary { ["sutton_barto_reward"] = true };
        var client = SocketGymClient.Make("CartPole-v1", server.Address.ToString(), "rgb_array", kwargs);
        Assert.Single(kwargs);
        Assert.Equal(2, Assert.IsType<Discrete>(client.ActionSpace).N);
        Assert.Equal([-1f, -2f], Assert.IsType<Box>(client.ObservationSpace).Low.AsSpan<float>());
        Assert.Equal("rgb_array", client.RenderMode);
        Assert.Equal(50, client.Metadata["render_fps"].AsInt64());
        Assert.Null(client.Spec);

        var first = client.Reset(42, new ValueDictionary { ["low"] = -0.1 });
        Assert.Equal([0.5f, -0.5f], first.Observation.AsArray().AsSpan<float>());
        Assert.Equal(3, first.Info.AsDict()["lives"].AsInt64());

        var step = client.Step(Value.List(1));
        Assert.Equal([1f, 2f], client.Observation<float>());
        Assert.Equal(1.0, step.Reward.AsDouble());
        Assert.False(step.Terminated.AsBool());
        Assert.True(step.Truncated.AsBool());
        Assert.Empty(step.Info.AsDict());

        var image = client.Render().AsArray();
        Assert.Equal([1, 1, 3], image.Shape.ToArray());
        Assert.Equal([10, 20, 30], image.Bytes.ToArray());

        client.Close();
        client.Close();
        client.Dispose();
        Assert.Equal(ErrorCode.ClosedEnvironment, Assert.Throws<SocketGymException>(() => client.Step(0)).Code);
    }

    [Fact]
    public void Defaults_are_left_out_or_nil()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.Expect(Pack.Request(2, "make", Pack.Text("X-v0"), Pack.Map()));
            peer.Reply(2, FakePeer.CartPoleMade);
            peer.Expect(Pack.Request(3, "reset", Pack.Nil, Pack.Nil));
            peer.Reply(3, Pack.List(Pack.Array("<f4", [2], Pack.Floats(0, 0)), Pack.Map()));
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        client.Reset();
    }

    [Fact]
    public void A_span_of_numbers_is_sent_as_an_array_with_their_own_dtype_and_the_box_s_shape()
    {
        var made = Pack.Map(
            Pack.Text("observation_space"),
            Discrete(2),
            Pack.Text("action_space"),
            BoxOfShape(1, 2),
            Pack.Text("metadata"),
            Pack.Map(),
            Pack.Text("render_mode"),
            Pack.Nil,
            Pack.Text("spec"),
            Pack.Nil);
        var result = Pack.List(Pack.Int(1), Pack.Int(0), Pack.False, Pack.False, Pack.Map());
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.ReadPayload();
            peer.Reply(2, made);
            peer.Expect(Pack.Request(3, "step", Pack.Array("<f4", [1, 2], Pack.Floats(0.25f, -4))));
            peer.Reply(3, result);
            peer.Expect(Pack.Request(4, "step", Pack.Array("<f8", [1, 2], [.. BitConverter.GetBytes(0.25), .. BitConverter.GetBytes(-4.0)])));
            peer.Reply(4, result);
            peer.Expect(Pack.Request(5, "step", Pack.Array("<f4", [3], Pack.Floats(1, 2, 3))));
            peer.Reply(5, result);
            peer.ReadPayload();
            peer.Reply(6, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        Assert.Equal(1, client.Step([0.25f, -4f]).Observation.AsInt64());
        client.Step([0.25, -4.0]);
        // A count that does not fit the space is the environment's to judge.
        client.Step([1f, 2f, 3f]);
        Assert.Throws<InvalidOperationException>(() => client.Observation<float>().Length);
    }

    [Fact]
    public async Task Actions_of_every_C_sharp_type_are_sent_as_their_Python_counterpart()
    {
        var result = Pack.List(Pack.Int(1), Pack.Int(0), Pack.False, Pack.False, Pack.Map());
        byte[][] expected =
        [
            Pack.Int(1),
            Pack.Int(2),
            Pack.Float(0.5),
            Pack.Float(0.25),
            Pack.True,
            Pack.Text("go"),
            Pack.Array("<f4", [2], Pack.Floats(1, 2)),
            Pack.Array("<f8", [2], [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(2.0)]),
            Pack.Array("<i8", [2], [.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(2L)]),
            Pack.Array("|b1", [2], [1, 0]),
            Pack.Tuple(Pack.Int(1), Pack.Float(0.5)),
            Pack.Map(Pack.Text("steer"), Pack.Float(-0.5), Pack.Text("gear"), Pack.Int(3)),
            Pack.Array("<f4", [2], Pack.Floats(3, 4)),
        ];
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            for (var index = 0; index < expected.Length; index++)
            {
                peer.Expect(Pack.Request(3 + (uint)index, "step", expected[index]));
                peer.Reply(3 + (uint)index, result);
            }
            peer.ReadPayload();
            peer.Reply(3 + (uint)expected.Length, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        client.Step(1);
        client.Step(2L);
        client.Step(0.5);
        client.Step(0.25f);
        client.Step(true);
        client.Step("go");
        client.Step([1f, 2f]);
        client.Step((double[])[1, 2]);
        client.Step<long>(stackalloc long[] { 1, 2 });
        client.Step((ReadOnlySpan<bool>)[true, false]);
        client.Step(Value.Tuple(1, 0.5));
        client.Step(new ValueDictionary { ["steer"] = -0.5, ["gear"] = 3 });
        await client.StepAsync<float>(new[] { 3f, 4f });
    }

    [Fact]
    public void Dict_and_tuple_observations_are_read_by_key_and_by_position()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.ReadPayload();
            peer.Reply(3, Pack.List(
                Pack.Map(Pack.Text("position"), Pack.Array("<f4", [2], Pack.Floats(1, 2)), Pack.Text("cards"), Pack.Tuple(Pack.Int(14), Pack.Array("|u1", [1], [9]))),
                Pack.Float(1),
                Pack.False,
                Pack.False,
                Pack.Map(Pack.Text("lives"), Pack.Int(3))));
            peer.ReadPayload();
            peer.Reply(4, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        var (observation, _, _, _, info) = client.Step(0);
        Assert.Equal([1f, 2f], observation["position"].AsSpan<float>());
        Assert.Equal(14, observation["cards"][0].AsInt64());
        Assert.Equal((byte[])[9], observation["cards"][1].AsSpan<byte>());
        Assert.Equal(3, info["lives"].AsInt64());
    }

    [Fact]
    public void A_spec_comes_whole()
    {
        var made = FakePeer.Made(Pack.Map(
            Pack.Text("id"),
            Pack.Text("X-v0"),
            Pack.Text("entry_point"),
            Pack.Text("module:Class"),
            Pack.Text("reward_threshold"),
            Pack.Float(475),
            Pack.Text("nondeterministic"),
            Pack.True,
            Pack.Text("max_episode_steps"),
            Pack.Int(100),
            Pack.Text("order_enforce"),
            Pack.False,
            Pack.Text("disable_env_checker"),
            Pack.True,
            Pack.Text("kwargs"),
            Pack.Map(Pack.Text("size"), Pack.Int(5))));
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.ReadPayload();
            peer.Reply(2, made);
            peer.ReadPayload();
            peer.Reply(3, Pack.Nil);
        });
        using var client = SocketGymClient.Make("X-v0", server.Options);
        Assert.Equal("X-v0", client.Spec!.Id);
        Assert.Equal("module:Class", client.Spec.EntryPoint);
        Assert.Equal(475, client.Spec.RewardThreshold);
        Assert.True(client.Spec.Nondeterministic);
        Assert.Equal(100, client.Spec.MaxEpisodeSteps);
        Assert.False(client.Spec.OrderEnforce);
        Assert.True(client.Spec.DisableEnvChecker);
        Assert.Equal(5, client.Spec.Kwargs["size"].AsInt64());
    }

    [Fact]
    public void A_list_names_ids_and_hosts()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.ReadPayload();
            peer.Reply(1, FakePeer.Hello(65536));
            peer.Expect(Pack.Request(2, "list"));
            peer.Reply(2, Pack.List(
                Pack.Map(Pack.Text("id"), Pack.Text("A-v0"), Pack.Text("host"), Pack.Text("native")),
                Pack.Map(Pack.Text("id"), Pack.Text("B-v0"), Pack.Text("host"), Pack.Text("python"))));
            peer.ExpectEnd();
        });
        Assert.Equal([new EnvironmentListing("A-v0", "native"), new EnvironmentListing("B-v0", "python")], SocketGymClient.List(server.Options));
    }

    [Fact]
    public void A_unix_socket_serves_as_well()
    {
        var folder = Directory.CreateTempSubdirectory("socketgym");
        try
        {
            using var server = FakeServer.OnUnix(Path.Combine(folder.FullName, "gym.sock"), peer =>
            {
                peer.Make();
                peer.ReadPayload();
                peer.Reply(3, CartPoleStep(1, 2));
                peer.ReadPayload();
                peer.Reply(4, Pack.Nil);
            });
            using var client = SocketGymClient.Make("X-v0", server.Options);
            client.Step(0);
            Assert.Equal([1f, 2f], client.Observation<float>());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_asynchronous_forms_send_the_same_bytes()
    {
        using var server = FakeServer.OnTcp(peer =>
        {
            peer.Make();
            peer.Expect(Pack.Request(3, "reset", Pack.Int(7), Pack.Nil));
            peer.Reply(3, Pack.List(Pack.Array("<f4", [2], Pack.Floats(0, 0)), Pack.Map()));
            peer.Expect(Pack.Request(4, "step", Pack.Int(1)));
            peer.Reply(4, CartPoleStep(3, 4));
            peer.Expect(Pack.Request(5, "render"));
            peer.Reply(5, Pack.Text("+---+"));
            peer.Expect(Pack.Request(6, "close"));
            peer.Reply(6, Pack.Nil);
            peer.ExpectEnd();
        });
        await using var client = await SocketGymClient.MakeAsync("X-v0", server.Options);
        await client.ResetAsync(7);
        var step = await client.StepAsync(1);
        Assert.Equal([3f, 4f], step.Observation.AsArray().AsSpan<float>().ToArray());
        Assert.Equal("+---+", (await client.RenderAsync()).AsString());
        await client.CloseAsync();
    }

    private static byte[] Discrete(byte n) => Pack.Map(
        Pack.Text("type"), Pack.Text("Discrete"), Pack.Text("n"), Pack.Int(n), Pack.Text("start"), Pack.Int(0), Pack.Text("dtype"), Pack.Text("<i8"));

    private static byte[] BoxOfShape(params byte[] shape)
    {
        var count = shape.Aggregate(1, (product, dimension) => product * dimension);
        var bounds = Pack.Array("<f4", shape, new byte[4 * count]);
        var bounded = Pack.Array("|b1", shape, new byte[count]);
        return Pack.Map(
            Pack.Text("type"), Pack.Text("Box"), Pack.Text("low"), bounds, Pack.Text("high"), bounds, Pack.Text("bounded_below"), bounded, Pack.Text("bounded_above"), bounded);
    }
}
