using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Supervisors;
using SocketGym.Python.Workers;
using static SocketGym.Python.Tests.PythonForTests;

namespace SocketGym.Python.Tests;

// What becomes of processes that are killed is tested against a live server: tests/python/conformance/test_workers.py.
public sealed class SupervisorTests
{
    private const int StartMs = 60_000;
    private const int CloseMs = 5_000;
    private const int SignalStop = 19;
    private const int SignalContinue = 18;

    [Fact]
    public void An_interpreter_forks_where_it_can()
    {
        Assert.Null(Interpreter.Describe().SpawnReason);
        Assert.Equal("forking is turned off", SpawningInterpreter.Describe().SpawnReason);
        Assert.Equal(Interpreter.Describe().Ids.ToArray(), SpawningInterpreter.Describe().Ids.ToArray());
    }

    [Theory]
    [InlineData("thread_always", "2 threads")]
    [InlineData("pygame_initialised", "initialises pygame")]
    public void Modules_that_make_forking_unsafe_turn_it_off(string module, string words)
    {
        using var interpreter = new PythonInterpreter(WithModule(module));

        Assert.Contains(words, interpreter.Describe().SpawnReason, StringComparison.Ordinal);
        using var environment = Make(new PythonEnvironmentProvider(interpreter), "CartPole-v1");
        Assert.Equal(4, environment.Reset(0).Observation.AsArray().Count);
    }

    [Fact]
    public void A_library_that_is_asked_for_one_thread_and_obeys_does_not_prevent_forking()
    {
        using var interpreter = new PythonInterpreter(WithModule("thread_unless_told"));

        Assert.Null(interpreter.Describe().SpawnReason);
    }

    [Fact]
    public void A_module_that_fails_to_import_is_told_and_does_not_prevent_forking()
    {
        using var interpreter = new PythonInterpreter(Options with { Imports = ["no_such_module"] });

        Assert.Null(interpreter.Describe().SpawnReason);
        Assert.Single(interpreter.Describe().FailedImports);
    }

    [Fact]
    public void A_supervisor_that_is_disposed_of_ends_its_workers()
    {
        var supervisor = StartSupervisor();
        using var worker = supervisor.TryFork(MessageLimits.Default, StartMs, CloseMs)!;
        worker.Call(Value.Tuple("make", "CartPole-v1", Value.Dict([]), Value.List()), StartMs);

        supervisor.Dispose();

        Assert.False(supervisor.IsAlive);
        Assert.Null(supervisor.TryFork(MessageLimits.Default, StartMs, CloseMs));
        // Abort reports the end of a process that has no supervisor any more, too.
        worker.Abort();
        Fails(ErrorCode.WorkerDied, () => worker.Call(Value.Tuple("reset", 0, Value.None), StartMs));
    }

    [Fact]
    public void An_interpreter_that_was_disposed_of_starts_nothing()
    {
        var interpreter = new PythonInterpreter(Options);
        var provider = new PythonEnvironmentProvider(interpreter);
        var environment = Make(provider, "CartPole-v1");
        environment.Close();

        interpreter.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Make(provider, "CartPole-v1"));
    }

    [Fact]
    public void Many_workers_are_forked_and_ended_at_once()
    {
        using var supervisor = StartSupervisor();

        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, index =>
        {
            using var worker = supervisor.TryFork(MessageLimits.Default, StartMs, CloseMs)!;
            worker.Call(Value.Tuple("make", "CartPole-v1", Value.Dict([]), Value.List()), StartMs);
            if (index % 3 == 0)
                worker.Abort();
            else
                worker.Call(Value.Tuple("reset", index, Value.None), StartMs);
        });

        Assert.True(supervisor.IsAlive);
    }

    [Fact]
    public void A_fork_that_comes_too_late_is_given_up_alone()
    {
        using var supervisor = StartSupervisor();
        using var other = supervisor.TryFork(MessageLimits.Default, StartMs, CloseMs)!;
        other.Call(Value.Tuple("make", "CartPole-v1", Value.Dict([]), Value.List()), StartMs);

        LibC.Kill(supervisor.Id, SignalStop);
        var error = Fails(ErrorCode.InterpreterUnavailable, () => supervisor.TryFork(MessageLimits.Default, 20, CloseMs));
        LibC.Kill(supervisor.Id, SignalContinue);

        Assert.Contains("within 20 ms", error.Message, StringComparison.Ordinal);
        Assert.True(supervisor.IsAlive);
        using var next = supervisor.TryFork(MessageLimits.Default, StartMs, CloseMs)!;
        Assert.NotNull(next);
        other.Call(Value.Tuple("reset", 0, Value.None), StartMs);
    }

    [Fact]
    public void A_supervisor_that_says_nothing_any_more_is_ended()
    {
        using var supervisor = Supervisor.Start(CommandLine.Parse(Command), Options.EnvironmentVariables, Options.Imports, StartMs, silenceMs: 10);
        LibC.Kill(supervisor.Id, SignalStop);

        Assert.Null(supervisor.TryFork(MessageLimits.Default, 20, CloseMs));

        Assert.False(supervisor.IsAlive);
    }

    private static Supervisor StartSupervisor() =>
        Supervisor.Start(CommandLine.Parse(Command), Options.EnvironmentVariables, Options.Imports, StartMs);

    private static PythonInterpreterOptions WithModule(string module) => Options with { Imports = ["socketgym_test_envs", "unforkable." + module] };
}
