using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Environments.Tests.Wrappers;

public sealed class WrapperTests : IDisposable
{
    private readonly CountingEnvironment _inner = new();

    [Fact]
    public void A_time_limit_sets_truncated_from_its_step_on()
    {
        using var environment = new TimeLimit(_inner, 3);
        environment.Reset();
        Value untouched = Value.Scalar(false);
        Assert.Equal([untouched, untouched, true, true], Truncations(environment, 4));
        environment.Reset();
        Assert.Equal([untouched, untouched, true], Truncations(environment, 3));
    }

    [Fact]
    public void Frames_are_collected_until_they_are_rendered_or_the_next_reset()
    {
        using var environment = new RenderCollection(_inner);
        Assert.Equal("ansi_list", environment.RenderMode);
        environment.Reset();
        environment.Step(1);
        Assert.Equal(Value.List("0", "1"), environment.Render());
        Assert.Equal(Value.List(), environment.Render());
        environment.Step(1);
        environment.Reset();
        Assert.Equal(Value.List("0"), environment.Render());
    }

    [Fact]
    public void More_frames_than_the_limit_are_an_error_and_forgotten()
    {
        using var environment = new RenderCollection(_inner, maxBytes: 3 * sizeof(char));
        environment.Reset();
        environment.Step(1);
        environment.Step(1);
        Assert.Equal(ErrorCode.EnvironmentFault, Assert.Throws<SocketGymException>(() => environment.Step(1)).Code);
        environment.Step(1);
        Assert.Equal(Value.List("4"), environment.Render());
    }

    [Fact]
    public void A_time_limit_starts_again_even_where_the_reset_fails()
    {
        using var environment = new TimeLimit(_inner, 2);
        environment.Reset();
        environment.Step(0);
        Assert.Throws<ArgumentException>(() => environment.Reset(options: []));
        Assert.Equal([Value.Scalar(false), true], Truncations(environment, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_time_limit_must_be_positive(int limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TimeLimit(_inner, limit));

    [Fact]
    public void Step_and_render_need_a_reset_first()
    {
        using var environment = new OrderEnforcing(_inner);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => environment.Step(0)).Code);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => environment.Render()).Code);
        Assert.Empty(_inner.Calls);
        environment.Reset(7);
        Assert.Equal(1, environment.Step(0).Observation);
        Assert.Equal("1", environment.Render());
        Assert.Equal(["reset(7, None)", "step(0)", "render()"], _inner.Calls);
    }

    [Fact]
    public void Wrappers_pass_on_what_they_do_not_change_and_write_themselves_into_the_spec()
    {
        using var environment = new TimeLimit(new OrderEnforcing(_inner), 9);
        Assert.Equal(new EnvironmentSpec("Counting-v0") { OrderEnforce = true, MaxEpisodeSteps = 9 }, environment.Spec);
        Assert.Same(_inner.ObservationSpace, environment.ObservationSpace);
        Assert.Same(_inner.ActionSpace, environment.ActionSpace);
        Assert.Same(_inner.Metadata, environment.Metadata);
        Assert.Equal("ansi", environment.RenderMode);
        Assert.Same(_inner, environment.Unwrap());
        Assert.Null(new TimeLimit(new OrderEnforcing(new CountingEnvironment { Spec = null }), 9).Spec);
    }

    [Fact]
    public void Disposing_of_a_wrapper_closes_and_disposes_of_what_is_inside()
    {
        new TimeLimit(new OrderEnforcing(_inner), 9).Dispose();
        Assert.Equal("close()", _inner.Calls[0]);
        Assert.Equal("dispose()", _inner.Calls[^1]);
    }

    [Fact]
    public void An_environment_that_offers_no_attributes_has_none_but_its_wrappers_own()
    {
        var attributes = new TimeLimit(new OrderEnforcing(_inner), 9);
        Assert.Equal(false, attributes.GetAttribute("has_reset"));
        Assert.Equal(AttributeKind.None, attributes.FindAttribute("steps"));
        Assert.False(attributes.SetAttribute("steps", 1, force: false));
        foreach (var call in (Func<object>[])[() => attributes.GetAttribute("steps"), () => attributes.SetAttribute("steps", 1), () => attributes.Call("steps")])
            Assert.Equal(ErrorCode.UnknownAttribute, Assert.Throws<SocketGymException>(call).Code);
    }

    public void Dispose() => _inner.Dispose();

    private static Value[] Truncations(TimeLimit environment, int steps) =>
        [.. Enumerable.Range(0, steps).Select(_ => environment.Step(1).Truncated)];
}
