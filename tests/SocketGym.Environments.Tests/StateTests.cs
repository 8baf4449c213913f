using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.ClassicControl;
using SocketGym.Environments.ToyText;

namespace SocketGym.Environments.Tests;

public sealed class StateTests
{
    private const int Rounds = 6;
    private const int Steps = 60;

    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    private static readonly (string Id, ValueDictionary Kwargs)[] Cases =
    [
        ("Acrobot-v1", new() { ["render_mode"] = "rgb_array" }),
        ("Blackjack-v1", []),
        ("Blackjack-v1", new() { ["sab"] = false, ["natural"] = true }),
        ("CartPole-v0", []),
        ("CartPole-v1", new() { ["render_mode"] = "rgb_array", ["sutton_barto_reward"] = true, ["max_episode_steps"] = 25 }),
        ("CliffWalking-v1", new() { ["render_mode"] = "ansi" }),
        ("CliffWalkingSlippery-v1", new() { ["render_mode"] = "rgb_array" }),
        ("FrozenLake-v1", new() { ["render_mode"] = "rgb_array_list" }),
        ("FrozenLake-v1", new() { ["render_mode"] = "ansi", ["is_slippery"] = false }),
        ("FrozenLake8x8-v1", new() { ["render_mode"] = "rgb_array", ["success_rate"] = 0.9 }),
        ("MountainCar-v0", new() { ["render_mode"] = "rgb_array", ["goal_velocity"] = 0.01 }),
        ("MountainCarContinuous-v0", new() { ["render_mode"] = "rgb_array" }),
        ("MountainCarContinuous-v0", new() { ["goal_velocity"] = 5000 }),
        ("Pendulum-v1", new() { ["render_mode"] = "rgb_array" }),
        ("Pendulum-v1", new() { ["g"] = 0 }),
        ("Taxi-v4", new() { ["render_mode"] = "rgb_array", ["is_rainy"] = true }),
        ("Taxi-v4", new() { ["render_mode"] = "ansi_list", ["fickle_passenger"] = true, ["fickle_probability"] = 1.0 }),
    ];

    private static readonly string[] Shown =
        ["state", "s", "lastaction", "steps_beyond_terminated", "dealer", "player", "dealer_top_card_suit", "dealer_top_card_value_str", "fickle_step", "taxi_orientation", "has_reset", "goal_velocity"];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Cases.Length)];

    [Fact]
    public void Every_native_environment_is_here() => Assert.Equal(Registry.ListIds().Order(), Cases.Select(item => item.Id).Distinct().Order());

    [Theory]
    [MemberData(nameof(Indices))]
    public void What_follows_a_state_is_bit_for_bit_what_followed_it_before(int index)
    {
        var (id, kwargs) = Cases[index];
        using var environment = Registry.Make(id, kwargs);
        using var another = Registry.Make(id, kwargs);
        var picker = Generator.FromSeed(index);
        var distinct = new HashSet<string>();
        for (var round = 0; round < Rounds; round++)
        {
            // First without a reset, then after one alone, then anywhere.
            if (round > 0)
                environment.Reset(index);
            if (round > 1)
                Play(environment, round, (int)picker.Integers(Steps));
            var state = GetState(environment);
            AssertPlain(state);
            using var clone = ((IStateful)environment).Clone();
            var expected = Play(environment, 100 + round, Steps, starts: round == 0);

            Assert.True(environment.Spec == clone.Spec, id);
            Assert.Equal(state, GetState(clone));
            Assert.Equal(expected, Play(clone, 100 + round, Steps, starts: round == 0));
            foreach (var target in (IEnvironment[])[environment, another])
            {
                ((IAttributes)target).Call("set_state", [state]);
                Assert.Equal(state, GetState(target));
                Assert.Equal(expected, Play(target, 100 + round, Steps, starts: round == 0));
            }
            distinct.Add(expected);
        }
        Assert.Equal(Rounds, distinct.Count);
    }

    [Theory]
    [InlineData("Acrobot-v1", "torque_noise_max", 0.5)]
    [InlineData("Acrobot-v1", "LINK_MASS_1", 2)]
    [InlineData("CartPole-v1", "gravity", 1.62)]
    [InlineData("MountainCar-v0", "force", 0.003)]
    [InlineData("MountainCar-v0", "goal_velocity", 0.01)]
    [InlineData("MountainCarContinuous-v0", "power", 0.003)]
    [InlineData("Pendulum-v1", "m", 0.5)]
    public void Attributes_that_were_set_are_part_of_the_state(string id, string name, double number)
    {
        using var environment = Registry.Make(id, new() { ["render_mode"] = "rgb_array" });
        using var another = Registry.Make(id, []);
        environment.Reset(1);
        var untouched = GetState(environment);
        var standard = ((IAttributes)environment).GetAttribute(name);
        var without = Play(environment, 2, Steps);
        ((IStateful)environment).SetState(untouched);
        ((IAttributes)environment).SetAttribute(name, number);
        var state = GetState(environment);
        var expected = Play(environment, 2, Steps);
        Assert.NotEqual(without, expected);

        ((IStateful)environment).SetState(untouched);
        Assert.Equal(standard, ((IAttributes)environment).GetAttribute(name));
        Assert.Equal(without, Play(environment, 2, Steps));
        ((IStateful)environment).SetState(state);
        Assert.Equal(expected, Play(environment, 2, Steps));
        using var clone = ((IStateful)environment).Clone();
        Assert.Equal(number, ((IAttributes)clone).GetAttribute(name));
        ((IStateful)another).SetState(state);
        Assert.Equal(number, ((IAttributes)another).GetAttribute(name));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void A_state_that_was_tampered_with_is_refused_and_changes_nothing(int index)
    {
        var (id, kwargs) = Cases[index];
        using var environment = Registry.Make(id, kwargs);
        environment.Reset(3);
        Play(environment, 4, 5);
        var before = GetState(environment);

        Refuse(Value.None, 5, Value.Dict([]), Innermost(before));
        foreach (var key in (string[])["environment", "random", "state"])
            Refuse(With(before, state => state[key] = "another"), With(before, state => state[key] = Value.Dict([])));
        foreach (var (key, _) in Innermost(before)["state"].AsDict())
        {
            Refuse(With(before, state => state["state"].AsDict()[key.AsString()] = Value.Dict([])));
            // Acrobot's equations are whatever text.
            if (key != "book_or_nips")
                Refuse(With(before, state => state["state"].AsDict()[key.AsString()] = "no such"));
        }

        void Refuse(params Value[] states)
        {
            foreach (var state in states)
            {
                var refusal = Record.Exception(() => ((IStateful)environment).SetState(state));
                Assert.True(refusal is SocketGymException { Code: ErrorCode.InvalidArgument }, $"{id}, {state}: {refusal}");
                Assert.Equal(before, GetState(environment));
            }
        }
    }

    public static TheoryData<string, NativeEnvironment, string, Value> Impossible => new()
    {
        { "state", new CartPole(), "state", NDArray.Of<float>([0, 0, 0, 0]) },
        { "count", new CartPole(), "steps_beyond_terminated", -1 },
        { "gravity", new CartPole(), "physics", Changed(new CartPole(), "gravity", double.NaN) },
        { "length", new CartPole(renderMode: "rgb_array"), "physics", Changed(new CartPole(), "length", 6.0) },
        { "length", new Acrobot("rgb_array"), "physics", Changed(new Acrobot(), "LINK_LENGTH_1", 6.0) },
        { "noise", new Acrobot(), "physics", Changed(new Acrobot(), "torque_noise_max", 1e301) },
        { "mass", new Pendulum(), "physics", Changed(new Pendulum(), "m", 0.0) },
        { "gravity of another", new Pendulum(0), "physics", Changed(new Pendulum(), "g", 2000) },
        { "ends", new MountainCar(renderMode: "rgb_array"), "physics", Changed(new MountainCar(), "max_position", -1.1) },
        { "pair", new MountainCar(), "state", Value.Tuple(0.5, 0) },
        { "too far", new CliffWalking(), "s", 48 },
        { "action", new FrozenLake(), "lastaction", 4 },
        { "map", new FrozenLake(), "desc", new FrozenLake(FrozenLakeMap.Large).GetAttribute("desc") },
        { "direction", new Taxi(), "taxi_orientation", 4 },
        { "card", new Blackjack(), "player", Value.List(1, 11) },
        { "hand", new Blackjack(), "dealer", Value.List(1) },
        { "suit", new Blackjack(), "dealer_top_card_suit", "X" },
        { "face", new Blackjack(), "dealer_top_card_value_str", "X" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_no_environment_can_be_in_is_refused(string what, NativeEnvironment environment, string key, Value value)
    {
        environment.Reset(3);
        var before = environment.GetState();
        var state = environment.GetState();
        state["state"].AsDict()[key] = value;
        var refusal = Record.Exception(() => environment.SetState(state));
        Assert.True(refusal is SocketGymException { Code: ErrorCode.InvalidArgument }, $"{what}: {refusal}");
        Assert.Equal(before, environment.GetState());
    }

    [Fact]
    public void Where_the_map_was_drawn_the_clone_has_the_same()
    {
        var kwargs = new ValueDictionary { ["map_name"] = Value.None };
        using var environment = Registry.Make("FrozenLake-v1", kwargs);
        environment.Reset(1);
        using var clone = ((IStateful)environment).Clone();
        Assert.Equal(((IAttributes)environment).GetAttribute("desc"), ((IAttributes)clone).GetAttribute("desc"));
        Assert.Equal(Play(environment, 1, Steps), Play(clone, 1, Steps));
    }

    private static Value GetState(IEnvironment environment)
    {
        Assert.Equal(AttributeKind.Method, ((IAttributes)environment).FindAttribute("get_state"));
        return ((IAttributes)environment).Call("get_state");
    }

    // The same calls for the same seed, with resets in between, steps beyond the end, and one frame or text of the end; a digest of all that they return.
    private static string Play(IEnvironment environment, int seed, int steps, bool starts = false)
    {
        using var digest = new ValueDigest();
        var picker = Generator.FromSeed(seed);
        var isOver = starts;
        for (var step = 0; step < steps; step++)
        {
            var choice = picker.Random();
            if (choice < 0.03 || (isOver && (choice < 0.6 || step == 0)))
            {
                var (observation, info) = environment.Reset(choice < 0.01 ? seed : null);
                digest.Feed(observation, info);
                isOver = false;
            }
            var result = environment.Step(Draw(environment.ActionSpace, picker));
            digest.Feed(result.Observation, result.Reward, result.Terminated, result.Truncated, result.Info);
            isOver = result.Terminated.IsTrue || result.Truncated.IsTrue;
        }
        Feed(environment.Render());
        foreach (var name in Shown)
        {
            if (((IAttributes)environment).FindAttribute(name) == AttributeKind.Value)
                Feed(((IAttributes)environment).GetAttribute(name));
        }
        return digest.Finish();

        void Feed(Value value)
        {
            if (value.Kind == ValueKind.List)
                digest.Feed(value.AsItems());
            else
                digest.Feed(value);
        }
    }

    private static Value Draw(Space space, Generator picker)
    {
        if (space is not Discrete discrete)
            return NDArray.Of<float>([(float)picker.Uniform(-2, 2)]);
        var action = picker.Integers((long)discrete.N);
        return picker.Random() < 0.3 ? Value.Scalar(action) : action;
    }

    // What every codec carries, and in memory of its own.
    private static void AssertPlain(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Dict:
                foreach (var (key, item) in value.AsDict())
                {
                    Assert.Equal(ValueKind.String, key.Kind);
                    AssertPlain(item);
                }
                break;
            case ValueKind.List or ValueKind.Tuple:
                foreach (var item in value.AsItems())
                    AssertPlain(item);
                break;
            default:
                Assert.Contains(value.Kind, (ValueKind[])[ValueKind.None, ValueKind.Bool, ValueKind.Int, ValueKind.Float, ValueKind.String, ValueKind.Scalar, ValueKind.Array]);
                break;
        }
    }

    private static Value Innermost(Value state)
    {
        while (state.AsDict().TryGetValue("inner", out var inner))
            state = inner;
        return state;
    }

    // A copy with a change in the environment's part.
    private static Value With(Value state, Action<ValueDictionary> change)
    {
        var copy = CopyOf(state);
        change(Innermost(copy).AsDict());
        return copy;

        static Value CopyOf(Value value)
        {
            if (value.Kind != ValueKind.Dict)
                return value;
            var entries = new ValueDictionary();
            foreach (var (key, item) in value.AsDict())
                entries.Add(key, CopyOf(item));
            return entries;
        }
    }

    private static Value Changed(NativeEnvironment environment, string name, Value value)
    {
        var physics = environment.GetState()["state"]["physics"];
        physics.AsDict()[name] = value;
        return physics;
    }
}
