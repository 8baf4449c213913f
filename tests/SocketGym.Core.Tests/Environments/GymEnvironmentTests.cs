using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Tests.Environments;

public sealed class GymEnvironmentTests
{
    private const int Steps = 1000;

    [Fact]
    public void A_seed_starts_the_generator_again_and_none_goes_on_with_it()
    {
        var environment = new Thermostat();
        var expected = Seeding(7);
        Assert.Equal((float)expected.Uniform(10, 30), Temperature(environment.Reset(7)));
        Assert.Equal((float)expected.Uniform(10, 30), Temperature(environment.Reset()));
        Assert.Equal((float)Seeding(7).Uniform(10, 30), Temperature(environment.Reset(7)));
        Assert.NotEqual(Temperature(new Thermostat().Reset()), Temperature(new Thermostat().Reset()));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => environment.Reset(-1)).Code);
    }

    [Fact]
    public void Rewards_and_flags_have_the_types_of_a_Python_environment()
    {
        var environment = new Thermostat();
        environment.Reset(options: new() { ["start"] = 39.9 });
        var step = environment.Step(1);
        Assert.Equal((ValueKind.Float, true, false), (step.Reward.Kind, step.Terminated.AsBool(), step.Truncated.AsBool()));
        Assert.True(environment.ObservationSpace.Contains(step.Observation));
        Assert.Equal(DType.Float32, step.Observation.AsArray().DType);
    }

    [Fact]
    public void Info_is_what_the_call_put_there()
    {
        var environment = new Thermostat();
        Assert.Equal(new ValueDictionary { ["target"] = 20.0 }, environment.Reset().Info);
        Assert.Equal(ValueDictionary.Empty, environment.Step(0).Info);
        Assert.Equal(new ValueDictionary { ["target"] = 20.0 }, environment.Reset().Info);
    }

    [Fact]
    public void An_observation_that_is_not_written_is_zero()
    {
        var environment = new ArrayEcho<float>(new Box(-1, 1, [2]));
        environment.Reset();
        environment.Step(NDArray.Of([1f, 1f]));
        Assert.Equal(new NDArray(DType.Float32, 2), environment.Reset().Observation.AsArray());
    }

    [Fact]
    public void A_discrete_observation_is_an_int()
    {
        var environment = new IntegerEcho(new Discrete(5, 1));
        Assert.Equal(1, environment.Reset().Observation);
        Assert.Equal(4, environment.Step(4).Observation);
    }

    [Fact]
    public void Step_and_render_need_a_reset_first()
    {
        var environment = new Thermostat("ansi");
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => environment.Step(0)).Code);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => environment.Render()).Code);
        environment.Reset();
        environment.Step(0);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var thermostat = new Thermostat();
        thermostat.Reset(1);
        AssertAllocatesNothing(thermostat, 1);
        AssertAllocatesNothing(thermostat, Value.Scalar(1L));
        var box = new ArrayEcho<float>(new Box(-1, 1, [2]));
        box.Reset(1);
        AssertAllocatesNothing(box, NDArray.Of([0.5f, 0.5f]));
        var integers = new IntegerEcho(new Discrete(5));
        integers.Reset();
        AssertAllocatesNothing(integers, 3);
    }

    [Fact]
    public void What_can_be_drawn_is_declared_and_drawn()
    {
        Assert.Equal(Value.List("rgb_array", "ansi"), new Thermostat().Metadata["render_modes"]);
        Assert.Equal(4, new Thermostat().Metadata["render_fps"]);
        Assert.Equal(Value.List(), new IntegerEcho(new Discrete(2)).Metadata["render_modes"]);

        var frames = new Thermostat("rgb_array");
        frames.Reset();
        var frame = frames.Render().AsArray();
        Assert.Equal([2, 3, 3], frame.Shape.ToArray());
        Assert.Equal([255, 0, 0], frame.Bytes[..3].ToArray());
        Assert.Equal(DType.UInt8, frame.DType);

        var text = new Thermostat("ansi");
        text.Reset(options: new() { ["start"] = 21.5 });
        Assert.Equal("21.5 C", text.Render());
        Assert.Equal("ansi", text.RenderMode);

        var none = new Thermostat();
        none.Reset();
        Assert.True(none.Render().IsNone);
        Assert.Equal(ErrorCode.UnsupportedRenderMode, Assert.Throws<SocketGymException>(() => new Thermostat("human")).Code);
    }

    [Fact]
    public void Attributes_and_methods_are_published_by_name()
    {
        var environment = new Thermostat();
        environment.Reset(options: new() { ["start"] = 15.0 });
        Assert.Equal(20.0, environment.GetAttribute("target"));
        Assert.Equal(Value.None, environment.GetAttribute("render_mode"));
        Assert.True(environment.SetAttribute("target", 25));
        Assert.Equal(25.0, environment.GetAttribute("target"));
        Assert.Equal(3.0, environment.Call("distance_to", [18]));
        Assert.Equal(
            (AttributeKind.Value, AttributeKind.Method, AttributeKind.Method, AttributeKind.None),
            (environment.FindAttribute("temperature"), environment.FindAttribute("distance_to"), environment.FindAttribute("get_state"), environment.FindAttribute("other")));
        Assert.False(environment.SetAttribute("other", 1, force: false));
    }

    public static TheoryData<string, ErrorCode, Func<Thermostat, object>> Refusals => new()
    {
        { "unknown", ErrorCode.UnknownAttribute, environment => environment.GetAttribute("other") },
        { "method read", ErrorCode.UnsupportedValue, environment => environment.GetAttribute("distance_to") },
        { "unknown set", ErrorCode.UnknownAttribute, environment => environment.SetAttribute("other", 1) },
        { "read-only set", ErrorCode.UnknownAttribute, environment => environment.SetAttribute("temperature", 1) },
        { "value refused", ErrorCode.InvalidArgument, environment => environment.SetAttribute("target", -1) },
        { "value of another type", ErrorCode.InvalidArgument, environment => environment.SetAttribute("target", "warm") },
        { "unknown called", ErrorCode.UnknownAttribute, environment => environment.Call("other") },
        { "value called", ErrorCode.InvalidArgument, environment => environment.Call("target") },
        { "arguments refused", ErrorCode.InvalidArgument, environment => environment.Call("distance_to") },
        { "keyword argument", ErrorCode.InvalidArgument, environment => environment.Call("distance_to", [1], new() { ["to"] = 1 }) },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_not_published_or_not_taken_is_refused(string name, ErrorCode code, Func<Thermostat, object> call)
    {
        var refusal = Assert.Throws<SocketGymException>(() => call(new Thermostat()));
        Assert.True(refusal.Code == code, $"{name}: {refusal.Code}, {refusal.Message}");
    }

    private static Core.Seeding.Generator Seeding(int seed) => Core.Seeding.Generator.FromSeed(seed);

    private static float Temperature(ResetResult reset) => reset.Observation.AsArray().AsSpan<float>()[0];

    private static void AssertAllocatesNothing(GymEnvironment environment, Value action)
    {
        for (var warmUp = 0; warmUp < Steps; warmUp++)
            environment.Step(action);
        Assert.Equal(0, Allocation.Least(Run));

        void Run()
        {
            for (var count = 0; count < Steps; count++)
                environment.Step(action);
        }
    }
}
