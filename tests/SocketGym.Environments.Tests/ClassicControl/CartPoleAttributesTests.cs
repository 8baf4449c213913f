using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Environments.ClassicControl;

namespace SocketGym.Environments.Tests.ClassicControl;

/// <summary>That what is set is exact, tests/python/conformance/test_attributes.py shows against Gymnasium.</summary>
public sealed class CartPoleAttributesTests
{
    private readonly IEnvironment _environment = NativeEnvironments.CreateRegistry().Make("CartPole-v1", []);

    private IAttributes Attributes => EnvironmentAttributes.Of(_environment);

    [Fact]
    public void Parameters_have_Gymnasiums_names_and_values()
    {
        Assert.Equal(9.8, Attributes.GetAttribute("gravity"));
        Assert.Equal(1.1, Attributes.GetAttribute("total_mass"));
        Assert.Equal("euler", Attributes.GetAttribute("kinematics_integrator"));
        Assert.Equal(_environment.Metadata, Attributes.GetAttribute("metadata").AsDict());
        Assert.Equal(Value.None, Attributes.GetAttribute("state"));
        Assert.Equal(Value.None, Attributes.GetAttribute("render_mode"));
    }

    [Fact]
    public void The_wrappers_are_searched_and_passed()
    {
        Assert.Equal(false, Attributes.GetAttribute("has_reset"));
        _environment.Reset(1);
        Assert.Equal(true, Attributes.GetAttribute("has_reset"));
        Assert.Equal(AttributeKind.Value, Attributes.FindAttribute("has_reset"));
        Assert.Equal(AttributeKind.Value, Attributes.FindAttribute("tau"));
        Assert.Equal(AttributeKind.None, Attributes.FindAttribute("np_random"));
        Assert.Equal(ErrorCode.UnknownAttribute, CodeOf(() => Attributes.SetAttribute("has_reset", false)));
    }

    [Fact]
    public void A_parameter_that_is_set_keeps_its_type_and_moves_the_pole()
    {
        using var other = new CartPole();
        using var heavier = new CartPole();
        other.Reset(1);
        heavier.Reset(1);
        Assert.True(heavier.SetAttribute("gravity", 20));
        Assert.Equal(20, heavier.GetAttribute("gravity"));
        Assert.NotEqual(other.Step(1).Observation, heavier.Step(1).Observation);
        Assert.Equal(9.8, other.GetAttribute("gravity"));
    }

    [Fact]
    public void A_state_that_is_set_is_where_the_next_step_starts()
    {
        using var environment = new CartPole();
        var state = NDArray.Of<double>([2.39, 10, 0, 0]);
        Assert.True(environment.SetAttribute("state", state));
        state.AsSpan<double>().Clear();
        Assert.Equal(NDArray.Of<double>([2.39, 10, 0, 0]), environment.GetAttribute("state").AsArray());
        Assert.True(environment.Step(1).Terminated.IsTrue);
        Assert.Equal(0, environment.GetAttribute("steps_beyond_terminated"));
        environment.Step(1);
        Assert.Equal(1, environment.GetAttribute("steps_beyond_terminated"));
    }

    [Fact]
    public void What_could_not_be_exact_is_refused_and_changes_nothing()
    {
        Assert.Equal(ErrorCode.InvalidArgument, CodeOf(() => Attributes.SetAttribute("tau", double.NaN)));
        Assert.Equal(ErrorCode.InvalidArgument, CodeOf(() => Attributes.SetAttribute("force_mag", 0)));
        Assert.Equal(ErrorCode.InvalidArgument, CodeOf(() => Attributes.SetAttribute("state", NDArray.Of<float>([0, 0, 0, 0]))));
        Assert.Equal(0.02, Attributes.GetAttribute("tau"));
        Assert.True(Attributes.SetAttribute("length", 1000.0));
        using var drawn = new CartPole(renderMode: "rgb_array");
        Assert.Equal(ErrorCode.InvalidArgument, CodeOf(() => drawn.SetAttribute("length", 1000.0)));
        Assert.Equal(ErrorCode.UnknownAttribute, CodeOf(() => Attributes.SetAttribute("screen", 1)));
        Assert.False(Attributes.SetAttribute("screen", 1, force: false));
    }

    [Fact]
    public void There_is_nothing_to_call()
    {
        Assert.Equal(ErrorCode.InvalidArgument, CodeOf(() => Attributes.Call("gravity")));
        Assert.Equal(ErrorCode.UnknownAttribute, CodeOf(() => Attributes.Call("solve")));
        Assert.Equal(ErrorCode.UnknownAttribute, CodeOf(() => Attributes.GetAttribute("solve")));
    }

    private static ErrorCode CodeOf(Func<object> call) => Assert.Throws<SocketGymException>(call).Code;
}
