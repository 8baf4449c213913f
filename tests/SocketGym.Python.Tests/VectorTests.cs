using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Vectors;
using SocketGym.Python.Workers;
using static SocketGym.Python.Tests.PythonForTests;

namespace SocketGym.Python.Tests;

/// <summary>Vectors in several workers, however those are started and spoken to. What they give is compared with Gymnasium's own by tests/python.</summary>
public sealed class VectorTests
{
    private static readonly NDArray Actions = NDArray.Of<long>([0, 1, 0, 1, 0]);

    public static TheoryData<string> Ways => ["forked", "spawned", "piped"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_gives_the_same(string way)
    {
        using var vector = Make(InterpreterOf(way), "CartPole-v1", 5, workers: 2);
        using var other = VectorEnvironment.Make(() => PythonForTests.Make(new PythonEnvironmentProvider(Interpreter), "CartPole-v1"), new VectorOptions(5));
        Assert.Equal(way != "piped", vector.IsSharing);
        Assert.Equal(2, vector.Workers);
        Assert.Equal(other.Reset(3).Observations, vector.Reset(3).Observations);
        for (var step = 0; step < 60; step++)
        {
            var (expected, actual) = (other.Step(Actions), vector.Step(Actions));
            Assert.Equal(expected.Observations, actual.Observations);
            Assert.Equal(expected.Rewards, actual.Rewards);
            Assert.Equal(expected.Terminations, actual.Terminations);
            Assert.Equal(expected.Truncations, actual.Truncations);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_process_that_ends_ends_the_others_and_is_named(string way)
    {
        using var vector = Make(InterpreterOf(way), "SocketGymTest/PickedFault-v0", 5, workers: 2, ("fault", "kill"));
        vector.Reset();

        var error = Fails(ErrorCode.WorkerDied, () => vector.Step(NDArray.Of<long>([0, 1, 0, 0, 0])));

        Assert.Contains("environments 0 to 1 of 5", error.Message, StringComparison.Ordinal);
        Fails(ErrorCode.WorkerDied, () => vector.Step(Actions));
        Fails(ErrorCode.WorkerDied, () => vector.Reset());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_step_past_its_limit_ends_all(string way)
    {
        // Short for a hang, long enough for an interpreter on a busy machine to start.
        var limits = new WorkerLimits(StepMs: 300, CloseMs: 300);
        using var vector = Make(InterpreterOf(way), "SocketGymTest/PickedFault-v0", 3, workers: 2, limits, ("fault", "hang"));
        vector.Reset();

        var error = Fails(ErrorCode.EnvironmentTimeout, () => vector.Step(NDArray.Of<long>([0, 0, 1])));

        Assert.Contains("environments 1 to 2 of 3", error.Message, StringComparison.Ordinal);
        Fails(ErrorCode.WorkerDied, () => vector.Step(NDArray.Of<long>([0, 0, 0])));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_error_asks_for_a_reset_of_all(string way)
    {
        using var vector = Make(InterpreterOf(way), "SocketGymTest/PickedFault-v0", 5, workers: 3);
        vector.Reset();

        var error = Fails(ErrorCode.EnvironmentFault, () => vector.Step(NDArray.Of<long>([0, 0, 0, 1, 1])));

        Assert.StartsWith("environment 3: ValueError", error.Message, StringComparison.Ordinal);
        Fails(ErrorCode.ResetNeeded, () => vector.Step(NDArray.Of<long>([0, 0, 0, 0, 0])));
        vector.Reset();
        Assert.Equal(5, vector.Step(NDArray.Of<long>([0, 0, 0, 0, 0])).Rewards.AsSpan<double>().ToArray().Sum());
    }

    [Theory]
    [InlineData("CartPole-v1", "int64")]
    [InlineData("SocketGymTest/Frames-v0", "int64")]
    [InlineData("Pendulum-v1", "float32")]
    public void A_step_allocates_nothing(string id, string type)
    {
        const int Steps = 1_000;
        using var vector = Make(Interpreter, id, 5, workers: 2);
        Value actions = type == "int64" ? Actions : NDArray.Of<float>([0, 0, 0, 0, 0], 5, 1);
        vector.Reset(1);
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Run();

        // A single object a step would be 24 bytes times the steps.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Steps);

        void Run()
        {
            for (var step = 0; step < Steps; step++)
                vector.Step(actions);
        }
    }

    [Fact]
    public void Frames_lie_in_the_shared_memory()
    {
        using var vector = Make(Interpreter, "CartPole-v1", 3, workers: 2, ("render_mode", "rgb_array"));
        vector.Reset(1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var frames = vector.Render();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        foreach (var frame in frames.AsItems())
            Assert.Equal([400, 600, 3], frame.AsArray().Shape.ToArray());
    }

    [Fact]
    public void All_processes_close_their_environments_at_once()
    {
        const int Count = 4;
        var folder = Directory.CreateTempSubdirectory();
        var failures = new List<SocketGymException>();
        var vector = Make(Interpreter, "SocketGymTest/Gathering-v0", Count, workers: Count, new WorkerLimits(CloseMs: 60_000), ("folder", folder.FullName), ("count", Count));
        vector.ReportTo(_ => { }, failures.Add);

        vector.Close();

        Assert.Empty(failures);
        Assert.Equal(Count, folder.GetFiles().Length);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Closing_has_the_limit_of_one_environment_for_each()
    {
        var failures = new List<SocketGymException>();
        var vector = Make(Interpreter, "SocketGymTest/Fault-v0", 3, workers: 1, new WorkerLimits(CloseMs: 100), ("fault", "hang"), ("when", "close"));
        vector.ReportTo(_ => { }, failures.Add);

        vector.Close();

        Assert.Contains("'close' within 300 ms", Assert.Single(failures).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Observations_and_frames_that_no_message_can_hold_are_refused(string way)
    {
        var provider = new PythonEnvironmentProvider(InterpreterOf(way), messages: MessageLimits.Default with { MaxFrameBytes = 500_000 });
        var kwargs = new ValueDictionary { ["render_mode"] = "rgb_array" };

        var error = Fails(ErrorCode.InvalidArgument, () => provider.MakeVector("SocketGymTest/Frames-v0", [], new VectorOptions(30, Workers: 2)));
        using var fewer = provider.MakeVector("SocketGymTest/Frames-v0", [], new VectorOptions(20, Workers: 2));
        using var drawn = provider.Make("CartPole-v1", kwargs);
        drawn.Reset(0);

        Assert.Contains("take 635040 bytes, and a message may have 500000", error.Message, StringComparison.Ordinal);
        fewer.Reset();
        Assert.Contains("a message may have 500000", Fails(ErrorCode.UnsupportedValue, () => drawn.Render()).Message, StringComparison.Ordinal);
        Assert.Equal(4, drawn.Step(0).Observation.AsArray().Count);
    }

    [Fact]
    public void More_workers_than_environments_are_as_many()
    {
        using var vector = Make(Interpreter, "CartPole-v1", 2, workers: 7);

        Assert.Equal(2, vector.Workers);
    }

    [Fact]
    public void Environments_that_wait_have_workers_of_their_own()
    {
        var count = (2 * Environment.ProcessorCount) + 1;
        using var waiting = Make(Interpreter, "SocketGymTest/Busy-v0", count, workers: null, ("action", "sleep"));
        using var failing = Make(Interpreter, "SocketGymTest/Fault-v0", count, workers: null, ("when", "step"));

        Assert.InRange(waiting.Workers, Environment.ProcessorCount + 1, count);
        Assert.Equal(Environment.ProcessorCount, failing.Workers);
    }

    [Theory]
    [InlineData(0.0, 2, 64, 2)]
    [InlineData(0.49, 2, 64, 2)]
    [InlineData(0.5, 2, 64, 4)]
    [InlineData(0.9, 2, 8, 8)]
    [InlineData(1.0, 2, 1000, 64)]
    [InlineData(1.0, 96, 1000, 96)]
    [InlineData(double.NaN, 2, 8, 2)]
    public void Workers_keep_the_processors_busy(double waiting, int processors, int count, int expected) =>
        Assert.Equal(expected, WorkerCounts.CountFor(waiting, processors, count));

    [Fact]
    public void An_environment_is_measured_once_for_each_set_of_arguments()
    {
        var counts = new WorkerCounts(MessageLimits.Default);
        var measured = 0;
        foreach (var latency in new[] { 0.1, 0.2, 0.1 })
        {
            var kwargs = new ValueDictionary { ["config"] = new string('x', 1000), ["latency"] = latency };
            Assert.Equal(Environment.ProcessorCount, counts.Choose(1000, ["Some-v0", kwargs], Start, WorkerLimits.Default, CancellationToken.None));
        }

        Assert.Equal(2, measured);

        IWorker Start()
        {
            measured++;
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, "There is none.");
        }
    }

    [Fact]
    public void Infos_of_other_environments_are_refused()
    {
        var infos = new List<VectorInfo>();
        var info = new ValueDictionary { ["a"] = 1 };
        SparseInfos.Read(Value.List(Value.Tuple(2, info), Value.Tuple(2, info), Value.Tuple(3, info)), 2, 2, infos);
        Assert.Equal(3, infos.Count);
        foreach (var wrong in new[] { Value.None, Value.Tuple(2, info), Value.List(2), Value.List(Value.Tuple(1, info)), Value.List(Value.Tuple(4, info)), Value.List(Value.Tuple(3, info), Value.Tuple(2, info)), Value.List(Value.Tuple(2, 5)) })
            Assert.Throws<InvalidDataException>(() => SparseInfos.Read(wrong, 2, 2, infos));
    }

    private static PythonInterpreter InterpreterOf(string way) => way switch
    {
        "spawned" => SpawningInterpreter,
        "piped" => PipedInterpreter,
        _ => Interpreter,
    };

    private static WorkerVectorEnvironment Make(PythonInterpreter interpreter, string id, int count, int? workers, params (string Name, Value Value)[] kwargs) =>
        Make(interpreter, id, count, workers, limits: null, kwargs);

    private static WorkerVectorEnvironment Make(
        PythonInterpreter interpreter, string id, int count, int? workers, WorkerLimits? limits, params (string Name, Value Value)[] kwargs)
    {
        var entries = new ValueDictionary();
        foreach (var (name, value) in kwargs)
            entries[name] = value;
        var provider = new PythonEnvironmentProvider(interpreter, limits);
        return Assert.IsType<WorkerVectorEnvironment>(provider.MakeVector(id, entries, new VectorOptions(count, Workers: workers)));
    }
}
