using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Environments.ClassicControl;

namespace SocketGym.Environments.Tests;

public sealed class VectorThreadTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    [Theory]
    [InlineData("CartPole-v1")]
    [InlineData("Pendulum-v1")]
    [InlineData("Blackjack-v1")]
    [InlineData("Taxi-v4")]
    public void What_comes_out_does_not_depend_on_the_number_of_threads(string id)
    {
        foreach (var mode in Enum.GetValues<AutoresetMode>())
        {
            foreach (var (count, threads) in ((int, int?)[])[(2, 2), (3, 8), (64, 2), (200, 3), (200, null)])
            {
                using var one = Make(id, count, mode, 1);
                using var several = Make(id, count, mode, threads);
                VectorPlay.Compare(one, several, steps: 120, seed: count);
            }
        }
    }

    [Fact]
    public void Two_threads_step_at_the_same_time_and_end_with_the_vector()
    {
        using var both = new Barrier(2);
        MeetingPlace[] environments = [new(both), new(both)];
        var vector = new VectorEnvironment(environments, threads: 2);
        vector.Reset(1);
        vector.Step(NDArray.Of<long>([0, 0]));
        vector.Dispose();
        Assert.Single(environments, environment => environment.Thread == Thread.CurrentThread);
        Assert.Single(environments, environment => environment.Thread is { IsAlive: false });
    }

    [Fact]
    public void The_first_environment_that_fails_is_told()
    {
        using var vector = new VectorEnvironment(Enumerable.Range(0, 32).Select(index => new Failing(index)), threads: 3);
        var actions = new NDArray(DType.Int64, 32);
        for (var round = 0; round < 200; round++)
        {
            vector.Reset(1);
            Assert.Equal("environment 7", Assert.Throws<InvalidOperationException>(() => vector.Step(actions)).Message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void There_is_at_least_one_thread(int threads) => Assert.Throws<ArgumentOutOfRangeException>(() => Make("CartPole-v1", 2, AutoresetMode.NextStep, threads));

    [Fact]
    public void Only_environments_that_are_registered_as_parallel_are_split()
    {
        var registry = NativeEnvironments.CreateRegistry()
            .Add("Alone-v0", () => new CartPole())
            .Add("Parallel-v0", () => new CartPole(), parallel: true)
            .Add("Keywords-v0", _ => new CartPole(), kwargs: ["length"]);
        foreach (var (id, threads) in ((string, int)[])[("Alone-v0", 1), ("Keywords-v0", 1), ("Parallel-v0", Math.Min(3, Environment.ProcessorCount)), ("Taxi-v4", Math.Min(3, Environment.ProcessorCount))])
        {
            using var vector = Assert.IsType<VectorEnvironment>(registry.MakeVector(id, [], new(8, Workers: 3)));
            Assert.Equal(threads, vector.Threads);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => registry.MakeVector("Parallel-v0", [], new(8, Workers: 0)));
    }

    [Fact]
    public void A_step_on_two_threads_allocates_nothing()
    {
        using var environments = Make("CartPole-v1", 100, AutoresetMode.NextStep, 2);
        environments.Reset(3);
        var actions = environments.ActionSpace.Sample();
        for (var step = 0; step < 100; step++)
            environments.Step(actions);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var step = 0; step < 1_000; step++)
                environments.Step(actions);
        }));
    }

    private static VectorEnvironment Make(string id, int count, AutoresetMode mode, int? threads) =>
        new(Enumerable.Range(0, count).Select(_ => Registry.Make(id, [])), mode, threads);

    private sealed class MeetingPlace(Barrier others) : DiscreteActionEnvironment<float>(new Box(0, 1, [1]), new Discrete(2))
    {
        public Thread? Thread { get; private set; }

        protected override void Reset(Span<float> observation, ValueDictionary options)
        {
        }

        protected override Outcome Step(int action, Span<float> observation)
        {
            Thread = Thread.CurrentThread;
            Assert.True(others.SignalAndWait(TimeSpan.FromSeconds(30)));
            return 0;
        }
    }

    private sealed class Failing(int index) : DiscreteActionEnvironment<float>(new Box(0, 1, [1]), new Discrete(2))
    {
        protected override void Reset(Span<float> observation, ValueDictionary options)
        {
        }

        protected override Outcome Step(int action, Span<float> observation) => index >= 7 ? throw new InvalidOperationException($"environment {index}") : 0;
    }
}
