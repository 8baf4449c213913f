using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests.Checking;
using SocketGym.Core.Tests.Environments;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Tests.Wrappers;

public sealed class WrapperTests
{
    private const int Steps = 200;

    [Fact]
    public void Functions_stand_between_the_caller_and_the_environment()
    {
        using var environment = new TransformReward(
            new TransformAction(
                new TransformObservation(new IntegerEcho(new Discrete(10)), observation => observation.AsInt64() * 100, new Discrete(1000)),
                action => action.AsInt64() + 1,
                new Discrete(9)),
            reward => reward.AsDouble() - 1.5);
        Assert.Equal(new Discrete(1000), environment.ObservationSpace);
        Assert.Equal(new Discrete(9), environment.ActionSpace);
        Assert.Equal(0, environment.Reset().Observation);
        var step = environment.Step(3);
        Assert.Equal((400, -1.5), (step.Observation, step.Reward));
        Assert.Equal(new Discrete(10), new TransformAction(new IntegerEcho(new Discrete(10)), action => action).ActionSpace);
    }

    [Fact]
    public void Statistics_are_remembered_for_the_last_episodes()
    {
        var ends = 0;
        using var environment = new RecordEpisodeStatistics(new Scripted { OnStep = (step, _) => step with { Reward = 1.5, Terminated = ++ends % 2 == 0 } }, bufferLength: 2);
        for (var episode = 0; episode < 3; episode++)
        {
            environment.Reset(1);
            environment.Step(0);
            environment.Step(0);
        }
        Assert.Equal(3, environment.EpisodeCount);
        Assert.Equal([3.0, 3.0], environment.Returns);
        Assert.Equal([2L, 2L], environment.Lengths);
        Assert.Equal(2, environment.Times.Count);
    }

    public static TheoryData<string, Func<IEnvironment, EnvironmentWrapper>> OfBoxes => new()
    {
        { nameof(ClipAction), inner => new ClipAction(inner) },
        { nameof(RescaleAction), inner => new RescaleAction(inner, -1, 1) },
        { nameof(RescaleObservation), inner => new RescaleObservation(inner, 0, 1) },
        { nameof(FrameStackObservation), inner => new FrameStackObservation(inner, 3) },
        { nameof(ClipReward), inner => new ClipReward(inner, 0) },
        { nameof(Autoreset), inner => new Autoreset(inner) },
        { nameof(RecordEpisodeStatistics), inner => new RecordEpisodeStatistics(inner) },
        { nameof(TransformObservation), inner => new TransformObservation(inner, observation => observation) },
        { nameof(TransformAction), inner => new TransformAction(inner, action => action) },
        { nameof(TransformReward), inner => new TransformReward(inner, reward => reward) },
    };

    [Theory]
    [MemberData(nameof(OfBoxes))]
    public void A_wrapper_allocates_nothing_per_step_and_goes_on_from_its_state(string name, Func<IEnvironment, EnvironmentWrapper> wrap)
    {
        using var environment = wrap(new Pusher());
        Value action = NDArray.Of([0.5f, -0.25f]);
        environment.Reset(1);
        for (var warmUp = 0; warmUp < Steps; warmUp++)
            environment.Step(action);
        var allocated = Allocation.Least(Run);
        Assert.True(allocated == 0, $"{name}: {allocated} bytes in {Steps} steps.");

        using var clone = (EnvironmentWrapper)environment.Clone();
        var state = environment.GetState();
        var expected = Play(environment, action);
        Assert.Equal(expected, Play(clone, action));
        environment.SetState(state);
        Assert.Equal(expected, Play(environment, action));

        void Run()
        {
            for (var count = 0; count < Steps; count++)
                environment.Step(action);
        }
    }

    [Fact]
    public void What_cannot_be_clipped_or_rescaled_is_refused()
    {
        Value[] others = [Value.None, "0", 0.5, NDArray.Of([0.5f]), Value.List(0.5, "x"), new NDArray(DType.Complex64, 2)];
        foreach (var environment in (EnvironmentWrapper[])[new ClipAction(new Pusher()), new RescaleAction(new Pusher(), 0, 1)])
        {
            environment.Reset();
            Assert.All(others, action => Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => environment.Step(action)).Code));
        }
    }

    [Fact]
    public void A_wrapper_refuses_what_it_cannot_wrap()
    {
        var discrete = new IntegerEcho(new Discrete(3));
        var half = new Scripted { Actions = () => new Box(double.NegativeInfinity, 1, [1]) };
        foreach (var make in (Func<object>[])
            [
                () => new ClipAction(discrete),
                () => new RescaleAction(discrete, 0, 1),
                () => new RescaleObservation(discrete, 0, 1),
                () => new FrameStackObservation(discrete, 2),
                () => new FrameStackObservation(new Pusher(), 0),
                () => new RescaleAction(new Pusher(), 1, 0),
                () => new RescaleAction(new Pusher(), [0], [1]),
                () => new RescaleAction(half, -1, 1),
                () => new ClipReward(discrete),
                () => new ClipReward(discrete, 1, 0),
                () => new RecordEpisodeStatistics(discrete, bufferLength: 0),
            ])
        {
            Assert.IsAssignableFrom<ArgumentException>(Record.Exception(make));
        }
        var taken = new RecordEpisodeStatistics(new Scripted { OnStep = (step, _) => step with { Terminated = true, Info = new ValueDictionary { ["episode"] = 1 } } });
        taken.Reset();
        Assert.Throws<InvalidOperationException>(() => taken.Step(0));
    }

    private static List<(Value, Value)> Play(EnvironmentWrapper environment, Value action) =>
        [.. Enumerable.Range(0, 5).Select(_ => environment.Step(action)).Select(step => ((Value)step.Observation.AsArray().Copy(), step.Reward))];

    private sealed class Pusher() : ArrayActionEnvironment<float, float>(new Box(-1000, 1000, [2]), new Box(-2, 2, [2]))
    {
        private float _x;

        protected override void Reset(Span<float> observation, ValueDictionary options) => observation[0] = _x = (float)Random.Uniform(-1, 1);

        protected override Outcome Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            observation[0] = _x += action[0] + (0.01f * (float)Random.Random());
            observation[1] = action[1];
            return _x;
        }

        protected override Value SaveState() => Value.Scalar(_x);

        protected override void RestoreState(Value state) => _x = state.AsScalar<float>();

        protected override GymEnvironment CreateAnother() => new Pusher();
    }
}
