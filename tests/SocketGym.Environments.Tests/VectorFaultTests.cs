using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Environments.Tests;

/// <summary>What a vector does where one of its environments throws.</summary>
public sealed class VectorFaultTests
{
    private static readonly Value Actions = NDArray.Of<long>([0, 0]);

    [Theory]
    [InlineData("the reset in a step", AutoresetMode.SameStep)]
    [InlineData("an observation that does not fit", AutoresetMode.NextStep)]
    public void A_first_environment_that_fails_after_its_step_leaves_the_vector_half_stepped(string fault, AutoresetMode mode)
    {
        Faulty[] environments = [new(), new()];
        using var vector = new VectorEnvironment(environments, mode);
        vector.Reset();
        environments[0].Fault = fault;
        Assert.ThrowsAny<Exception>(() => vector.Step(Actions));
        environments[0].Fault = null;

        Assert.Contains("reset them all", Assert.Throws<SocketGymException>(() => vector.Step(Actions)).Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (environments[0].Steps, environments[1].Steps));
        vector.Reset();
        vector.Step(Actions);
    }

    [Fact]
    public void A_first_environment_that_refuses_leaves_the_vector_whole()
    {
        Faulty[] environments = [new(), new()];
        using var vector = new VectorEnvironment(environments);
        vector.Reset();
        Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => vector.Step(NDArray.Of<long>([7, 0]))).Code);
        vector.Step(Actions);
    }

    [Fact]
    public void One_that_fails_to_end_keeps_no_other_from_it()
    {
        Faulty[] environments = [new() { Fault = "end" }, new(), new() { Fault = "end" }, new()];
        var vector = new VectorEnvironment(environments);
        foreach (var end in (Action[])[vector.Interrupt, vector.Close, vector.Dispose])
            Assert.Equal("end", Assert.Throws<InvalidOperationException>(end).Message);
        Assert.All(environments, environment => Assert.Equal((1, 2), (environment.Interruptions, environment.Closings)));
    }

    [Fact]
    public void What_ended_the_making_is_told_and_all_that_were_made_are_closed()
    {
        var made = new List<Faulty>();
        Assert.Throws<NotSupportedException>(() => VectorEnvironment.Make(
            () =>
            {
                if (made.Count == 3)
                    throw new NotSupportedException();
                made.Add(new Faulty { Fault = "end" });
                return made[^1];
            },
            new VectorOptions(8)));
        Assert.Equal(3, made.Count);
        Assert.All(made, environment => Assert.Equal(1, environment.Closings));
    }

    [Fact]
    public void The_making_of_many_ends_when_nobody_waits_for_them()
    {
        using var cancellation = new CancellationTokenSource();
        var made = new List<Faulty>();
        var registry = new EnvironmentRegistry().Add("Faulty-v0", Make, orderEnforce: false);
        Assert.Throws<OperationCanceledException>(() => registry.MakeVector("Faulty-v0", [], new(1_000), cancellation.Token));
        Assert.Equal(3, made.Count);
        Assert.All(made, environment => Assert.Equal(1, environment.Closings));

        Faulty Make()
        {
            made.Add(new Faulty());
            if (made.Count == 3)
                cancellation.Cancel();
            return made[^1];
        }
    }

    [Fact]
    public void Observations_that_fit_no_array_are_refused_after_the_first_environment()
    {
        var observations = new Dict(KeyValuePair.Create<Value, Space>("camera", new Box(0, 255, [210, 160, 3], DType.UInt8)));
        var made = new List<Faulty>();
        var refusal = Assert.Throws<SocketGymException>(() => VectorEnvironment.Make(
            () =>
            {
                Assert.Empty(made);
                made.Add(new Faulty(observations));
                return made[^1];
            },
            new VectorOptions(65_536)));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Contains("num_envs is 65536, and one observation has 100800 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(made).Closings);
    }

    [Fact]
    public void Actions_that_were_refused_are_refused_again()
    {
        const int count = 65_537;
        using var vector = new VectorEnvironment(Enumerable.Range(0, count).Select(_ => new Faulty()));
        vector.Reset();
        vector.Step(new NDArray(DType.Int64, count));
        for (var time = 0; time < 2; time++)
            Assert.Equal(ErrorCode.InvalidAction, Assert.Throws<SocketGymException>(() => vector.Step(new NDArray(DType.Int64, count, 0))).Code);
    }

    private sealed class Faulty(Space? observations = null) : ValueEnvironment(observations ?? new Box(0, 1, [1]), new Discrete(2)), IInterruptible
    {
        public string? Fault { get; set; }

        public int Steps { get; private set; }

        public int Interruptions { get; private set; }

        public int Closings { get; private set; }

        public void Interrupt()
        {
            Interruptions++;
            ThrowAtEnd();
        }

        public override void Close()
        {
            Closings++;
            ThrowAtEnd();
        }

        protected override Value Reset(ValueDictionary options) => Fault == "the reset in a step" ? throw new InvalidOperationException(Fault) : NDArray.Of<float>([0]);

        protected override Outcome Step(Value action, out Value observation)
        {
            Steps++;
            observation = NDArray.Of<float>(Fault == "an observation that does not fit" ? [0, 0] : [0]);
            return new Outcome(0, Terminated: Fault == "the reset in a step");
        }

        private void ThrowAtEnd()
        {
            if (Fault == "end")
                throw new InvalidOperationException(Fault);
        }
    }
}
