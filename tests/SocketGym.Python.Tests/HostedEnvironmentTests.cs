using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;
using static SocketGym.Python.Tests.PythonForTests;

namespace SocketGym.Python.Tests;

/// <summary>What holds wherever an environment's Python runs and however it is started; a class for each way derives from this one.</summary>
public abstract class HostedEnvironmentTests
{
    private protected abstract PythonInterpreter Interpreter { get; }

    private protected virtual IEnvironmentProvider Provider => new PythonEnvironmentProvider(Interpreter);

    private protected virtual ErrorCode AfterClose => ErrorCode.WorkerDied;

    [Fact]
    public void CartPole_has_its_spaces_metadata_and_spec()
    {
        using var environment = Make("CartPole-v1", ("render_mode", "rgb_array"), ("max_episode_steps", 7));

        var box = Assert.IsType<Box>(environment.ObservationSpace);
        Assert.Equal([4], box.Low.Shape.ToArray());
        Assert.Equal([true, false, true, false], box.BoundedAbove.ToArray());
        Assert.Equal(2, Assert.IsType<Discrete>(environment.ActionSpace).N);
        Assert.Equal(Value.List("human", "rgb_array"), environment.Metadata["render_modes"]);
        Assert.Equal("rgb_array", environment.RenderMode);
        Assert.Equal("CartPole-v1", environment.Spec!.Id);
        Assert.Equal(7, environment.Spec.MaxEpisodeSteps);
        Assert.Equal(475.0, environment.Spec.RewardThreshold);
        Assert.Equal("rgb_array", environment.Spec.Kwargs["render_mode"]);
    }

    [Fact]
    public void An_episode_of_CartPole_has_exact_types_and_ends()
    {
        using var environment = Make("CartPole-v1", ("max_episode_steps", 3));

        var (first, info) = environment.Reset(1);
        var last = default(StepResult);
        for (var step = 0; step < 3; step++)
            last = environment.Step(step % 2);

        // What Gymnasium's CartPole gives for seed 1.
        Assert.Equal("CAF29A3A8B82383D92C011BD4EC4373D", Convert.ToHexString(first.AsArray().Bytes));
        Assert.Equal(Value.Dict([]), info);
        Assert.Equal(DType.Float32, last.Observation.AsArray().DType);
        Assert.Equal(Value.FromFloat(1.0), last.Reward);
        Assert.Equal((Value.FromBool(false), Value.FromBool(true)), (last.Terminated, last.Truncated));
    }

    [Fact]
    public void Attributes_are_read_set_and_called()
    {
        using var environment = (PythonEnvironment)Make("SocketGymTest/Attributes-v0");

        Assert.Equal(3, environment.GetAttribute("count"));
        Assert.True(environment.SetAttribute("count", Value.Scalar(4L)));
        Assert.Equal(Value.Scalar(4L), environment.GetAttribute("count"));
        Assert.False(environment.SetAttribute("absent", 1, force: false));
        Assert.Equal(
            (AttributeKind.Value, AttributeKind.Method, AttributeKind.None),
            (environment.FindAttribute("count"), environment.FindAttribute("echo"), environment.FindAttribute("absent")));
        var kwargs = new ValueDictionary { ["k"] = "v" };
        Assert.Equal(Value.Tuple(Value.Tuple(1, 2.5), kwargs, Value.List("int", "float")), environment.Call("echo", [1, 2.5], kwargs));
        Assert.Equal(ErrorCode.UnknownAttribute, Assert.Throws<SocketGymException>(() => environment.GetAttribute("absent")).Code);
        Assert.Equal(ErrorCode.UnsupportedValue, Assert.Throws<SocketGymException>(() => environment.GetAttribute("module")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => environment.Call("count")).Code);
        Assert.Equal("KeyError", Assert.Throws<SocketGymException>(() => environment.Call("fail", ["x"])).RemoteType);
        var standIn = Value.FromOpaque(new Opaque("a.B", "<a.B>"));
        Assert.Equal(ErrorCode.UnsupportedValue, Assert.Throws<SocketGymException>(() => environment.Call("echo", [standIn])).Code);
        Assert.Equal(ErrorCode.UnsupportedValue, Assert.Throws<SocketGymException>(() => environment.SetAttribute("count", standIn)).Code);
        Assert.Equal(Value.Scalar(4L), environment.GetAttribute("count"));
    }

    [Fact]
    public void Rendering_gives_an_array_of_pixels()
    {
        using var environment = Make("CartPole-v1", ("render_mode", "rgb_array"));
        environment.Reset(0);

        var frame = environment.Render().AsArray();

        Assert.Equal([400, 600, 3], frame.Shape.ToArray());
        Assert.Equal(DType.UInt8, frame.DType);
        Assert.True(frame.Bytes.ContainsAnyExcept(frame.Bytes[0]));
    }

    [Fact]
    public void Rendering_without_a_mode_gives_None_as_Gymnasium_does()
    {
        using var environment = Make("FrozenLake-v1");
        environment.Reset(0);

        Assert.True(environment.Render().IsNone);
    }

    [Fact]
    public void Every_value_that_travels_arrives_in_an_info()
    {
        using var environment = Make("SocketGymTest/Infos-v0");
        environment.Reset(0);
        var values = new Dictionary<string, Value>();
        for (var isLast = false; !isLast;)
        {
            var result = environment.Step(0);
            values.Add(result.Info.AsDict()["case"].AsString(), result.Info.AsDict()["value"]);
            isLast = result.Terminated.AsBool();
        }

        Assert.Equal(Value.List(0, -1, 255, 1L << 31, long.MinValue, Value.FromInt(1UL << 63), Value.FromInt(ulong.MaxValue)), values["ints"]);
        Assert.Equal(Value.List(BitConverter.UInt64BitsToDouble(0x7FF8000000000001), BitConverter.UInt64BitsToDouble(0xFFF8DEADBEEF0001)), values["nan payloads"]);
        Assert.Equal(Value.List("\ud800", "a\udfffb"), values["surrogates"]);
        Assert.Equal(Value.Tuple(1, Value.Tuple(2, Value.Tuple(3)), Value.List(4, Value.Tuple(5))), values["tuples"]);
        Assert.Equal(Value.Scalar((sbyte)-5), values["scalars"].AsItems()[1]);
        Assert.Equal(">i4", values["big-endian"].AsItems()[0].AsArray().DType.Descriptor);
        Assert.Equal([0, 0, 0, 1, 255, 255, 255, 254], values["big-endian"].AsItems()[0].AsArray().Bytes.ToArray());
        Assert.Equal(NDArray.Of<short>([0, 1, 2, 3, 4, 5], 2, 3), values["fortran"].AsArray());
        Assert.Equal("<m8[25s]", values["dates"].AsItems()[1].AsArray().DType.Descriptor);
        Assert.Equal(["flag", "pair", "grid", "name"], values["records"].AsArray().DType.Fields.Select(field => field.Name).Where(name => name.Length > 0));
        Assert.Equal(Value.Tuple(1, "a"), values["object array"].AsObjectArray().Items[1]);
        Assert.Equal(Value.Scalar(0.5f), values["object array"].AsObjectArray().Items[2]);
        Assert.True(values["graph without edges"].AsGraph().Edges.IsNone);
        Assert.DoesNotContain(ValueKind.Opaque, values.Values.Select(value => value.Kind));
    }

    [Fact]
    public void What_cannot_travel_in_an_info_is_stood_for_and_the_step_succeeds()
    {
        using var environment = Make("SocketGymTest/OpaqueInfos-v0");
        environment.Reset(0);
        var values = new Dictionary<string, Value>();
        for (var isLast = false; !isLast;)
        {
            var result = environment.Step(0);
            values.Add(result.Info.AsDict()["case"].AsString(), result.Info.AsDict()["value"]);
            isLast = result.Terminated.AsBool();
        }

        Assert.Equal("function", values["function"].AsOpaque().TypeName);
        Assert.StartsWith("<function _function", values["function"].AsOpaque().Repr, StringComparison.Ordinal);
        Assert.Equal(new Opaque("socketgym_test_envs.infos.Point", "Point(x=1, y=2)"), values["named tuple"].AsItems()[0].AsOpaque());
        Assert.Equal(Value.Tuple(1, 2), values["named tuple"].AsItems()[1]);
        Assert.Equal("pathlib.PurePosixPath", values["path"].AsDict()[0].Key.AsOpaque().TypeName);
        Assert.Equal("numpy.ma.core.MaskedArray", values["masked array"].AsOpaque().TypeName);
        Assert.Equal("list", values["cycle"].AsItems()[1].AsDict()["self"].AsOpaque().TypeName);
    }

    [Theory]
    [InlineData("BoxFloat16")]
    [InlineData("BoxInt16Unbounded")]
    [InlineData("BoxEmpty")]
    [InlineData("Image")]
    [InlineData("DiscreteStart")]
    [InlineData("MultiDiscreteGrid")]
    [InlineData("MultiBinaryGrid")]
    [InlineData("TextUnicode")]
    [InlineData("DictNested")]
    [InlineData("DictKeys")]
    [InlineData("Sequence")]
    [InlineData("SequenceOfDictStacked")]
    [InlineData("Graph")]
    [InlineData("GraphWithoutEdges")]
    [InlineData("OneOf")]
    public void An_element_of_any_space_comes_back_as_it_was_sent(string name)
    {
        using var environment = Make($"SocketGymTest/{name}-v0");

        // The action space equals the observation space, and the environment returns its action in the info.
        var action = environment.Reset(4).Observation;
        var result = environment.Step(action);

        Assert.Equal(action, result.Info.AsDict()["action"]);
        Assert.Equal(environment.ObservationSpace.GetType(), environment.ActionSpace.GetType());
    }

    [Fact]
    public void The_order_of_a_Dict_space_is_kept()
    {
        using var environment = Make("SocketGymTest/DictNested-v0");

        var space = Assert.IsType<Dict>(environment.ObservationSpace);
        Assert.Equal([(Value)"zulu", "alpha", "mike"], space.Spaces.Select(entry => entry.Key));
        Assert.Equal([(Value)"zulu", "alpha", "mike"], environment.Reset(0).Observation.AsDict().Select(entry => entry.Key));
    }

    [Fact]
    public void Rewards_and_flags_keep_their_types()
    {
        using var environment = Make("SocketGymTest/Returns-v0");
        environment.Reset(0);

        Assert.Equal(Value.FromInt(1), environment.Step(0).Reward);
        Assert.Equal(Value.FromFloat(-2.5), environment.Step(0).Reward);
        var third = environment.Step(0);
        Assert.Equal((Value.Scalar(0.1f), Value.Scalar(false)), (third.Reward, third.Terminated));
        Assert.Equal(Value.Scalar(-0.0), environment.Step(0).Reward);
    }

    [Fact]
    public void A_large_action_and_a_large_observation_pass()
    {
        using var environment = Make("SocketGymTest/LargeImage-v0");
        var action = environment.Reset(4).Observation;

        var result = environment.Step(action);

        Assert.Equal(action, result.Info.AsDict()["action"]);
        Assert.Equal(720_000, result.Observation.AsArray().Bytes.Length);
    }

    [Fact]
    public void Seeds_of_any_size_and_options_reach_the_environment()
    {
        using var environment = Make("SocketGymTest/Discrete-v0");
        var options = new ValueDictionary { ["a"] = Value.Tuple(1, Value.Scalar(2.5f)) };

        var result = environment.Reset(System.Numerics.BigInteger.Pow(2, 70), options);

        Assert.Equal(Value.Dict(options), result.Info.AsDict()["options"]);
        Fails(ErrorCode.InvalidArgument, () => environment.Reset(-1));
    }

    [Fact]
    public void A_stand_in_cannot_be_an_action()
    {
        using var environment = Make("SocketGymTest/Discrete-v0");
        environment.Reset(0);

        Fails(ErrorCode.UnsupportedValue, () => environment.Step(Value.List(Value.FromOpaque(new Opaque("range", "range(3)")))));
    }

    [Fact]
    public void Ids_come_from_the_registry_and_can_be_made()
    {
        var ids = Provider.ListIds();

        Assert.Contains("Taxi-v4", ids);
        Assert.Contains("SocketGymTest/Graph-v0", ids);
        Assert.DoesNotContain("GymV21Environment-v0", ids);
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.True(Provider.CanMake("Anything-v0", []));
        Assert.Equal("1.3.0", Interpreter.Describe().GymnasiumVersion);
    }

    [Fact]
    public void Closing_twice_is_fine_and_using_it_afterwards_is_an_error()
    {
        var environment = Make("CartPole-v1");

        environment.Close();
        environment.Close();
        environment.Dispose();

        Fails(AfterClose, () => environment.Reset());
    }

    [Fact]
    public void Values_that_change_their_type_from_step_to_step_arrive_bit_for_bit()
    {
        using var environment = Make("SocketGymTest/Echo-v0", ("disable_env_checker", true));
        environment.Reset();
        var actions = EchoedActions();

        // Each twice, since the second time it is of the type of the one before; then all in turn again.
        foreach (var action in actions.SelectMany(action => new[] { action, action }).Concat(actions))
        {
            var result = environment.Step(action);

            Assert.Equal(action, result.Observation);
            Assert.Equal(action.Kind is ValueKind.Array or ValueKind.String or ValueKind.None ? Value.FromFloat(0.0) : action, result.Reward);
            Assert.Equal(Value.Dict([]), result.Info);
            Assert.Equal(action, environment.Reset().Observation);
        }
    }

    [Fact]
    public void An_info_comes_with_raw_values_and_goes_again()
    {
        using var environment = Make("SocketGymTest/Echo-v0", ("disable_env_checker", true));
        environment.Reset();
        var info = new ValueDictionary { ["text"] = "x", ["array"] = NDArray.Of<float>([1, 2, 3]) };
        var action = Value.FromArray(NDArray.Of<double>([1, 2, 3]));

        foreach (var expected in (Value[])[Value.Dict([]), info, info, Value.Dict([]), info])
        {
            var result = environment.Step(Value.Tuple(action, expected));

            Assert.Equal(action, result.Observation);
            Assert.Equal(expected, result.Info);
        }
    }

    [Fact]
    public void Values_larger_than_what_is_shared_pass_in_both_directions()
    {
        using var environment = Make("SocketGymTest/Echo-v0", ("disable_env_checker", true));
        environment.Reset();

        foreach (var megabytes in (int[])[1, 70, 1, 1])
        {
            var array = new NDArray(DType.UInt8, megabytes, 1024, 1024);
            Random.Shared.NextBytes(array.Bytes);

            Assert.Equal(Value.FromArray(array), environment.Step(array).Observation);
        }
    }

    [Fact]
    public void A_step_that_fails_leaves_the_next_ones_right()
    {
        using var environment = Make("CartPole-v1");
        var same = Make("CartPole-v1");
        environment.Reset(3);
        same.Reset(3);
        environment.Step(1);
        same.Step(1);
        environment.Step(0);
        same.Step(0);

        foreach (var refused in (Value[])[7, Value.Scalar(7L), 7, Value.FromFloat(0.5), "left"])
            Fails(ErrorCode.InvalidAction, () => environment.Step(refused));

        Assert.Equal(same.Step(1), environment.Step(1));
        Assert.Equal(same.Step(Value.Scalar(1L)), environment.Step(Value.Scalar(1L)));
        same.Close();
    }

    private static List<Value> EchoedActions()
    {
        List<Value> actions =
        [
            0, -1, long.MinValue, Value.FromInt(BigInteger.One << 70), 5, true, false, 0.5, -0.0,
            BitConverter.Int64BitsToDouble(0x7ff8_0000_dead_beef), double.NegativeInfinity, "text", Value.None, 3,
            Value.Scalar(true), Value.Scalar((sbyte)-3), Value.Scalar((ushort)9), Value.Scalar(ulong.MaxValue), Value.Scalar((Half)0.1), Value.Scalar(-0f),
        ];
        foreach (var descriptor in (string[])["|b1", "|i1", "<i2", ">i2", "<i4", "<u8", ">f4", "<f4", "<f8", "<f2", "<c8", "<c16", "<M8[s]", "|S3", "<U2"])
        {
            var dtype = DType.Parse(descriptor);
            foreach (var shape in (int[][])[[], [1], [2, 3], [0], [3, 0, 2]])
            {
                var array = new NDArray(dtype, shape);
                for (var index = 0; index < array.Bytes.Length; index += dtype.ItemSize)
                    array.Bytes[index] = (byte)(index % 2);
                actions.Add(array);
            }
        }
        return actions;
    }

    private IEnvironment Make(string id, params (string Name, Value Value)[] kwargs) =>
        PythonForTests.Make(Provider, id, kwargs);
}
