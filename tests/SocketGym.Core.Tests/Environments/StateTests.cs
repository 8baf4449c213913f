using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Tests.Environments;

public sealed class StateTests
{
    private static readonly int[] Before = [1, 1, 0];
    private static readonly int[] After = [0, 1, 1, 0, 1];

    [Fact]
    public void What_follows_a_restored_state_is_what_followed_it_before()
    {
        using var environment = Wrapped();
        Play(environment, Before, seed: 5);
        var state = environment.GetState();
        var first = Play(environment, After);
        var second = (environment.Reset().Observation.AsArray().Copy(), Play(environment, After));
        Assert.NotEqual(first, second.Item2);

        environment.SetState(state);
        Assert.Equal(first, Play(environment, After));
        // The generator goes on as it did, too.
        Assert.Equal(second.Item1, environment.Reset().Observation.AsArray());
        Assert.Equal(second.Item2, Play(environment, After));
    }

    [Fact]
    public void The_time_limit_and_the_order_of_calls_are_part_of_the_state()
    {
        using var environment = Wrapped(limit: 4);
        var untouched = environment.GetState();
        Play(environment, Before, seed: 5);
        var state = environment.GetState();
        environment.Reset();
        environment.SetState(state);
        Assert.True(environment.Step(0).Truncated.AsBool());
        environment.SetState(untouched);
        Assert.Equal(ErrorCode.ResetNeeded, Assert.Throws<SocketGymException>(() => environment.Step(0)).Code);
    }

    [Fact]
    public void A_clone_goes_on_alone()
    {
        using var environment = Wrapped(limit: 4);
        Play(environment, Before, seed: 5);
        environment.SetAttribute("target", 25.0);
        using var clone = Assert.IsType<TimeLimit>(environment.Clone());
        Assert.Equal(environment.Spec, clone.Spec);
        Assert.Equal(25.0, clone.GetAttribute("target"));
        Assert.Equal(Play(environment, After), Play(clone, After));
        environment.Reset(9);
        Assert.True(clone.Step(0).Truncated.AsBool());
    }

    [Fact]
    public void Callers_elsewhere_reach_the_state_by_name()
    {
        using var environment = Wrapped();
        Play(environment, Before, seed: 5);
        Assert.Equal(AttributeKind.Method, environment.FindAttribute("get_state"));
        var state = environment.Call("get_state");
        var expected = Play(environment, After);
        Assert.True(environment.Call("set_state", [state]).IsNone);
        Assert.Equal(expected, Play(environment, After));
        Assert.True(environment.Call("set_state", null, new() { ["state"] = state }).IsNone);
        Assert.Equal(expected, Play(environment, After));
    }

    public static TheoryData<string, Value> OtherStates => new()
    {
        { "none", Value.None },
        { "number", 5 },
        { "empty", Value.Dict([]) },
        { "wrapper of another type", new TimeLimit(new Thermostat(), 9).GetState() },
        { "environment of another type", new OrderEnforcing(new Remembering()).GetState() },
        { "the wrapper's own", WithOwn("yes") },
        { "the wrapper's own is right", WithOwn(false, ("random", 3)) },
        { "generator", With("random", 3) },
        { "own", With("state", "cold") },
        { "own of too few parts", With("state", Value.Tuple()) },
    };

    [Theory]
    [MemberData(nameof(OtherStates))]
    public void Another_state_is_refused(string name, Value state)
    {
        var environment = new OrderEnforcing(new Thermostat());
        environment.Reset(3);
        var before = environment.GetState();
        var refusal = Record.Exception(() => environment.SetState(state));
        Assert.True(refusal is SocketGymException { Code: ErrorCode.InvalidArgument }, $"{name}: {refusal}");
        Assert.Equal(before, environment.GetState());
    }

    [Fact]
    public void An_environment_that_keeps_no_state_says_so()
    {
        var environment = new OrderEnforcing(new IntegerEcho(new Discrete(2)));
        Assert.False(environment.KeepsState);
        Assert.Equal(AttributeKind.None, environment.FindAttribute("get_state"));
        foreach (var call in (Func<object>[])[() => environment.GetState(), () => environment.Clone(), () => environment.Call("get_state"), () => new IntegerEcho(new Discrete(2)).GetState()])
            Assert.Equal(ErrorCode.UnknownAttribute, Assert.Throws<SocketGymException>(call).Code);
        Assert.Throws<NotSupportedException>(() => new Remembering().Clone());
    }

    [Fact]
    public void The_arguments_of_the_methods_are_checked()
    {
        using var environment = Wrapped();
        foreach (var call in (Func<object>[])
            [
                () => environment.Call("get_state", [1]),
                () => environment.Call("set_state"),
                () => environment.Call("set_state", [1, 2]),
                () => environment.Call("set_state", null, new() { ["other"] = 1 }),
            ])
        {
            Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(call).Code);
        }
    }

    [Fact]
    public void A_generator_goes_on_from_its_state()
    {
        var generator = Generator.FromSeed(11);
        generator.RandomSingle();
        var state = GeneratorState.Save(generator);
        // numpy.random.default_rng(11), after one random(dtype=np.float32).
        var entries = state.AsDict();
        Assert.Equal("PCG64", entries["bit_generator"]);
        Assert.Equal(1, entries["has_uint32"]);
        var expected = (generator.RandomSingle(), generator.Random());
        var restored = GeneratorState.Restore(state);
        Assert.Equal(expected, (restored.RandomSingle(), restored.Random()));
        Assert.Throws<ArgumentException>(() => GeneratorState.Restore(Value.None));
    }

    private static TimeLimit Wrapped(int limit = 100) => new(new OrderEnforcing(new Thermostat()), limit);

    private static List<(Value Observation, Value Reward)> Play(TimeLimit environment, int[] actions, int? seed = null)
    {
        if (seed is { } given)
            environment.Reset(given);
        return [.. actions.Select(action => environment.Step(action)).Select(step => ((Value)step.Observation.AsArray().Copy(), step.Reward))];
    }

    private static Value With(string key, Value part)
    {
        var state = new OrderEnforcing(new Thermostat()).GetState();
        state.AsDict()["inner"].AsDict()[key] = part;
        return state;
    }

    private static Value WithOwn(Value own, params ReadOnlySpan<(string Key, Value Part)> inner)
    {
        var state = new OrderEnforcing(new Thermostat()).GetState();
        state.AsDict()["own"] = own;
        foreach (var (key, part) in inner)
            state.AsDict()["inner"].AsDict()[key] = part;
        return state;
    }

    private sealed class Remembering() : DiscreteActionEnvironment<long>(new Discrete(2), new Discrete(2))
    {
        protected override void Reset(Span<long> observation, ValueDictionary options)
        {
        }

        protected override Outcome Step(int action, Span<long> observation) => 0;

        protected override Value SaveState() => 1;

        protected override void RestoreState(Value state)
        {
        }
    }
}
