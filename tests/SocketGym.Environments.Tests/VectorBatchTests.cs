using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Environments.ClassicControl;

namespace SocketGym.Environments.Tests;

/// <summary>CartPoles that are stepped all at once against CartPoles that are stepped one by one.</summary>
public sealed class VectorBatchTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    [Theory]
    [InlineData(1, 2_000)]
    [InlineData(2, 1_000)]
    [InlineData(3, 1_000)]
    [InlineData(67, 600)]
    [InlineData(1_000, 100)]
    public void Steps_are_those_of_single_environments(int count, int steps)
    {
        foreach (var mode in Enum.GetValues<AutoresetMode>())
        {
            foreach (var kwargs in (ValueDictionary[])[[], new() { ["sutton_barto_reward"] = true, ["max_episode_steps"] = 20 }, new() { ["max_episode_steps"] = -1 }])
            {
                using var singles = Singles(count, mode, kwargs);
                using var batch = Batch(count, mode, kwargs);
                VectorPlay.Compare(singles, batch, steps, seed: count);
                Assert.True(batch.IsBatched);
                Assert.False(singles.IsBatched);
            }
        }
    }

    [Fact]
    public void Steps_on_several_threads_are_those_of_one()
    {
        foreach (var mode in Enum.GetValues<AutoresetMode>())
        {
            // The registry gives no more threads than there are processors.
            using var several = VectorEnvironment.Make(() => Registry.Make("CartPole-v1", []), new(500, mode), threads: 3, CartPoleBatch.Of);
            using var singles = Singles(500, mode);
            VectorPlay.Compare(singles, several, steps: 200, seed: 4);
            Assert.True(several.IsBatched);
        }
    }

    [Fact]
    public void Actions_have_every_dtype_that_single_environments_take()
    {
        using var singles = Singles(5);
        using var batch = Batch(5);
        VectorPlay.Check(singles.Reset(1), batch.Reset(1), "reset");
        Value[] taken =
        [
            NDArray.Of<long>([0, 1, 1, 0, 1]), NDArray.Of<int>([0, 1, 1, 0, 1]), NDArray.Of<short>([0, 1, 1, 0, 1]), NDArray.Of<sbyte>([0, 1, 1, 0, 1]), NDArray.Of<byte>([0, 1, 1, 0, 1]),
            NDArray.Of<ushort>([0, 1, 1, 0, 1]), NDArray.Of<uint>([0, 1, 1, 0, 1]), new NDArray(DType.Parse(">i4"), [5], new byte[20]), Value.List(0, true, 1, 0, Value.Scalar((short)1)),
        ];
        foreach (var actions in taken)
        {
            VectorPlay.Step(singles, batch, actions, actions.ToString());
            Assert.Equal(actions.Kind == ValueKind.Array && actions.AsArray().DType.ByteOrder != '>', batch.IsBatched);
        }
    }

    [Fact]
    public void Actions_that_a_single_environment_refuses_are_refused_alike()
    {
        Value[] refused =
        [
            NDArray.Of<long>([0, 1, 2]), NDArray.Of<long>([-1, 1, 0]), NDArray.Of<sbyte>([0, 1, -1]), NDArray.Of<byte>([0, 255, 0]), NDArray.Of<ulong>([0, 1, 0]), NDArray.Of<double>([0, 1, 0]),
            NDArray.Of<bool>([false, true, true]), NDArray.Of<long>([0, 1]), NDArray.Of<long>([0, 1, 1], 3, 1), Value.List(0, 1, 7), Value.None, 1,
        ];
        using var singles = Singles(3);
        using var batch = Batch(3);
        foreach (var actions in refused)
        {
            VectorPlay.Check(singles.Reset(1), batch.Reset(1), "reset");
            VectorPlay.Step(singles, batch, NDArray.Of<long>([0, 1, 1]), "before");
            SameRefusal(() => singles.Step(actions), () => batch.Step(actions));
            // Refused for the first environment, nothing has happened; for another, all have to be reset.
            SameOutcome(() => singles.Step(NDArray.Of<long>([1, 1, 1])), () => batch.Step(NDArray.Of<long>([1, 1, 1])));
        }
    }

    [Fact]
    public void Calls_out_of_order_are_refused_alike()
    {
        using var singles = Singles(2, AutoresetMode.Disabled, new() { ["max_episode_steps"] = 2 });
        using var batch = Batch(2, AutoresetMode.Disabled, new() { ["max_episode_steps"] = 2 });
        var actions = NDArray.Of<long>([0, 1]);
        SameRefusal(() => singles.Step(actions), () => batch.Step(actions));
        SameRefusal(() => singles.Render(), () => batch.Render());
        VectorPlay.Check(singles.Reset(3), batch.Reset(3), "reset");
        for (var step = 0; step < 2; step++)
            Assert.Equal(singles.Step(actions).Truncations, batch.Step(actions).Truncations);
        SameRefusal(() => singles.Step(actions), () => batch.Step(actions));
        var second = new ValueDictionary { ["reset_mask"] = NDArray.Of<bool>([false, true]) };
        VectorPlay.Check(singles.Reset(options: second), batch.Reset(options: second), "second");
        SameRefusal(() => singles.Step(actions), () => batch.Step(actions));
        SameRefusal(() => singles.Reset(options: new() { ["low"] = 1, ["high"] = 0 }), () => batch.Reset(options: new() { ["low"] = 1, ["high"] = 0 }));
        SameRefusal(() => singles.Step(actions), () => batch.Step(actions));
        VectorPlay.Check(singles.Reset(), batch.Reset(), "all");
        VectorPlay.Step(singles, batch, actions, "after");
    }

    [Fact]
    public void Resets_take_seeds_options_and_masks()
    {
        using var singles = Singles(4);
        using var batch = Batch(4);
        VectorPlay.Check(singles.Reset(3), batch.Reset(3), "seeds");
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var options = new ValueDictionary();
            if (random.Next(2) == 0)
                options["reset_mask"] = NDArray.Of<bool>([random.Next(2) == 0, true, random.Next(2) == 0, false]);
            if (random.Next(3) == 0)
                options["low"] = -0.2;
            var seeds = random.Next(3) == 0 ? new System.Numerics.BigInteger?[] { round, null, 7, null } : null;
            VectorPlay.Check(singles.Reset(seeds, options), batch.Reset(seeds, options), $"round {round}");
            for (var step = 0; step < 10; step++)
                VectorPlay.Step(singles, batch, NDArray.Of<long>([random.Next(2), random.Next(2), 1, 0]), $"round {round}, step {step}");
            Assert.True(batch.IsBatched);
        }
    }

    [Fact]
    public void Attributes_methods_and_frames_are_those_of_the_moment()
    {
        var kwargs = new ValueDictionary { ["render_mode"] = "rgb_array", ["max_episode_steps"] = 30 };
        using var singles = Singles(3, AutoresetMode.SameStep, kwargs);
        using var batch = Batch(3, AutoresetMode.SameStep, kwargs);
        VectorPlay.Check(singles.Reset(3), batch.Reset(3), "reset");
        Value? state = null;
        for (var round = 0; round < 12; round++)
        {
            Play(singles, batch, 13, $"round {round}");
            Assert.True(batch.IsBatched);
            Assert.Equal(singles.GetAttribute("state"), batch.GetAttribute("state"));
            Assert.Equal(singles.GetAttribute("steps_beyond_terminated"), batch.GetAttribute("steps_beyond_terminated"));
            Assert.Equal(AttributeKind.Value, batch.FindAttribute("gravity"));
            Assert.Equal(singles.Render(), batch.Render());
            var saved = singles.Call("get_state");
            Assert.Equal(saved, batch.Call("get_state"));
            if (round == 5)
                state = saved;
            if (round == 8)
                Assert.Equal(singles.Call("set_state", [state!.Value[1]]), batch.Call("set_state", [state.Value[1]]));
            if (round is 3 or 9)
                Assert.Equal(Set(singles, "gravity", 9.8 - round), Set(batch, "gravity", 9.8 - round));
        }
    }

    [Fact]
    public void Poles_of_different_parameters_are_stepped_one_by_one()
    {
        using var singles = Singles(3);
        using var batch = Batch(3);
        VectorPlay.Check(singles.Reset(3), batch.Reset(3), "reset");
        var lengths = Value.List(0.5, 0.7, 1);
        Assert.Equal(singles.SetAttribute("length", lengths), batch.SetAttribute("length", lengths));
        Play(singles, batch, 100, "different");
        Assert.False(batch.IsBatched);
        Set(singles, "length", 0.6);
        Set(batch, "length", 0.6);
        Play(singles, batch, 100, "equal");
        Assert.True(batch.IsBatched);
        Set(singles, "kinematics_integrator", "semi-implicit");
        Set(batch, "kinematics_integrator", "semi-implicit");
        Play(singles, batch, 100, "semi-implicit");
        Assert.True(batch.IsBatched);
    }

    [Fact]
    public void Whoever_has_the_environments_may_step_them()
    {
        using var singles = Singles(2);
        using var batch = Batch(2);
        VectorPlay.Check(singles.Reset(3), batch.Reset(3), "reset");
        Play(singles, batch, 5, "before");
        Assert.Equal(singles.Environments[1].Step(1), batch.Environments[1].Step(1));
        Play(singles, batch, 5, "after");
        Assert.Equal(EnvironmentAttributes.Of(singles.Environments[0]).GetAttribute("state"), EnvironmentAttributes.Of(batch.Environments[0]).GetAttribute("state"));
        Assert.False(batch.IsBatched);
    }

    [Fact]
    public void Collected_frames_are_those_of_single_environments()
    {
        var kwargs = new ValueDictionary { ["render_mode"] = "rgb_array_list" };
        using var singles = Singles(2, kwargs: kwargs);
        using var batch = Batch(2, kwargs: kwargs);
        VectorPlay.Check(singles.Reset(3), batch.Reset(3), "reset");
        Play(singles, batch, 3, "steps");
        Assert.Equal(singles.Render(), batch.Render());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_and_a_reset_allocate_nothing(int threads)
    {
        using var environments = VectorEnvironment.Make(() => Registry.Make("CartPole-v1", []), new(200), threads, CartPoleBatch.Of);
        environments.Reset(3);
        var actions = environments.ActionSpace.Sample();
        Run();
        Assert.Equal(0, Allocation.Least(Run));
        Assert.True(environments.IsBatched);

        void Run()
        {
            for (var step = 0; step < 1_000; step++)
                environments.Step(actions);
            environments.Reset();
        }
    }

    private static VectorEnvironment Singles(int count, AutoresetMode mode = AutoresetMode.NextStep, ValueDictionary? kwargs = null) =>
        new(Enumerable.Range(0, count).Select(_ => Registry.Make("CartPole-v1", kwargs ?? [])), mode);

    private static VectorEnvironment Batch(int count, AutoresetMode mode = AutoresetMode.NextStep, ValueDictionary? kwargs = null) =>
        Assert.IsType<VectorEnvironment>(Registry.MakeVector("CartPole-v1", kwargs ?? [], new(count, mode)));

    private static void Play(VectorEnvironment singles, VectorEnvironment batch, int steps, string place)
    {
        for (var step = 0; step < steps; step++)
            VectorPlay.Step(singles, batch, singles.ActionSpace.Sample(), $"{place}, step {step}");
    }

    private static bool Set(VectorEnvironment vector, string name, Value value) =>
        vector.SetAttribute(name, Value.List([.. Enumerable.Repeat(value, vector.Count)]));

    private static void SameRefusal(Action expected, Action actual)
    {
        var (first, second) = (Assert.Throws<SocketGymException>(expected), Assert.Throws<SocketGymException>(actual));
        Assert.Equal((first.Code, first.Message, first.RemoteType), (second.Code, second.Message, second.RemoteType));
    }

    private static void SameOutcome(Func<VectorStepResult> expected, Func<VectorStepResult> actual)
    {
        Value observations = default;
        if (Record.Exception(() => observations = expected().Observations) is { } refusal)
            Assert.Equal(refusal.Message, Assert.Throws<SocketGymException>(() => actual()).Message);
        else
            Assert.Equal(observations, actual().Observations);
    }
}
