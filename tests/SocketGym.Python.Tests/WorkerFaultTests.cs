using System.Globalization;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;
using static SocketGym.Python.Tests.PythonForTests;

namespace SocketGym.Python.Tests;

/// <summary>What holds however a worker is started; a class for each way derives from this one.</summary>
public abstract class WorkerFaultTests
{
    private protected abstract PythonInterpreter Interpreter { get; }

    // Short for a hang, long enough for an interpreter on a busy machine to start.
    private static readonly WorkerLimits ShortLimits = new(StepMs: 300, CloseMs: 300);

    [Fact]
    public void An_exception_has_its_type_and_traceback_and_the_environment_lives()
    {
        using var environment = MakeFault("raise");

        var error = Fails(ErrorCode.EnvironmentFault, () => environment.Step(0));

        Assert.Equal("ValueError: the gripper is stuck", error.Message);
        Assert.Equal("ValueError", error.RemoteType);
        Assert.Contains("faults.py", error.RemoteTraceback, StringComparison.Ordinal);
        Assert.DoesNotContain("socketgym_worker", error.RemoteTraceback, StringComparison.Ordinal);
        Assert.Equal(2, environment.Reset(0).Observation.AsArray().Count);
    }

    [Fact]
    public void A_refused_action_names_action_and_space()
    {
        using var environment = Make("CartPole-v1");
        environment.Reset(0);

        var error = Fails(ErrorCode.InvalidAction, () => environment.Step(Value.Scalar(5)));

        Assert.Contains("action 5 of type numpy.int32 is not in Discrete(2)", error.Message, StringComparison.Ordinal);
        Assert.Equal("AssertionError", error.RemoteType);
    }

    [Fact]
    public void A_step_before_the_first_reset_needs_a_reset()
    {
        using var environment = Make("CartPole-v1");

        Fails(ErrorCode.ResetNeeded, () => environment.Step(0));
    }

    [Theory]
    [InlineData("CartPol-v1", "CartPole-v1")]
    [InlineData("CartPole-v7", "CartPole-v1")]
    [InlineData("os:CartPole-v1", "names a module")]
    public void An_unknown_id_is_told_with_close_matches(string id, string hint) =>
        Assert.Contains(hint, Fails(ErrorCode.UnknownEnvironment, () => Make(id)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("CartPole-v1", "gravity_", ErrorCode.InvalidArgument)]
    [InlineData("CartPole-v1", "id", ErrorCode.InvalidArgument)]
    [InlineData("SocketGymTest/CustomSpace-v0", null, ErrorCode.UnsupportedSpace)]
    [InlineData("SocketGymTest/RequiredArgument-v0", null, ErrorCode.InvalidArgument)]
    [InlineData("LunarLander-v3", null, ErrorCode.EnvironmentFault)]
    public void What_cannot_be_made_says_why(string id, string? argument, ErrorCode code) =>
        Fails(code, () => argument is null ? Make(id) : Make(id, (argument, 1)));

    [Theory]
    [InlineData("human")]
    [InlineData("hologram")]
    public void A_render_mode_that_is_not_offered_is_refused(string mode) =>
        Fails(ErrorCode.UnsupportedRenderMode, () => Make("CartPole-v1", ("render_mode", mode)));

    [Fact]
    public void An_observation_that_cannot_travel_is_an_error_that_names_the_place()
    {
        using var environment = MakeFault("function observation");

        Assert.Contains("['a'][1]", Fails(ErrorCode.UnsupportedValue, () => environment.Step(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_info_that_only_the_worker_can_hold_is_an_error_and_all_else_goes_on()
    {
        var provider = new PythonEnvironmentProvider(Interpreter, messages: MessageLimits.Default with { MaxValues = 1_000 });
        using var environment = PythonForTests.Make(provider, "SocketGymTest/LongInfos-v0");
        environment.Reset();

        Fails(ErrorCode.UnsupportedValue, () => environment.Step(5_000));

        Assert.Equal(NDArray.Of<long>([0, 0]), environment.Reset().Observation.AsArray());
        Assert.Equal(NDArray.Of<long>([1, 1]), environment.Step(0).Observation.AsArray());
        Assert.Equal(NDArray.Of<long>([2, 2]), environment.Step(0).Observation.AsArray());
        Fails(ErrorCode.UnsupportedValue, () => environment.Step(5_000));
        Assert.Equal(NDArray.Of<long>([0, 0]), environment.Reset().Observation.AsArray());
    }

    [Theory]
    [InlineData("exit", "exit code 3")]
    [InlineData("segfault", "SIGSEGV")]
    [InlineData("abort", "SIGABRT")]
    [InlineData("kill", "SIGKILL")]
    [InlineData("explain and exit", "diagnostic line 99")]
    [InlineData("leave child and exit", "exit code 5")]
    [InlineData("leave fork and exit", "exit code 6")]
    public void A_process_that_ends_is_told_with_how_it_ended(string fault, string words)
    {
        using var environment = MakeFault(fault);

        var error = Fails(ErrorCode.WorkerDied, () => environment.Step(0));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("'step'", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, Fails(ErrorCode.WorkerDied, () => environment.Reset()).Message, StringComparison.Ordinal);
        environment.Close();
    }

    [Fact]
    public void Standard_error_is_kept_only_at_its_end()
    {
        using var environment = MakeFault("explain and exit");

        var message = Fails(ErrorCode.WorkerDied, () => environment.Step(0)).Message;

        Assert.Equal(20, message.Split("diagnostic line").Length - 1);
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("raise")]
    public void A_constructor_that_fails_leaves_no_process(string fault)
    {
        var code = fault == "exit" ? ErrorCode.WorkerDied : ErrorCode.EnvironmentFault;

        Fails(code, () => Make("SocketGymTest/Fault-v0", ("fault", fault), ("when", "make")));
    }

    [Fact]
    public void A_step_that_hangs_is_ended_at_its_limit()
    {
        using var environment = MakeFault("hang", limits: ShortLimits);

        var error = Fails(ErrorCode.EnvironmentTimeout, () => environment.Step(0));

        Assert.Contains("'step' within 300 ms", error.Message, StringComparison.Ordinal);
        Fails(ErrorCode.WorkerDied, () => environment.Step(0));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("exit")]
    [InlineData("raise")]
    public void A_close_that_fails_or_hangs_ends_the_process_and_does_not_throw(string fault)
    {
        var environment = MakeFault(fault, when: "close", ShortLimits);

        environment.Close();

        Fails(ErrorCode.WorkerDied, () => environment.Step(0));
    }

    [Fact]
    public void What_the_environment_prints_disturbs_nothing()
    {
        using var environment = MakeFault("flood");

        Assert.Equal(Value.FromFloat(1.0), environment.Step(0).Reward);
        Assert.Equal(Value.FromFloat(1.0), environment.Step(1).Reward);
    }

    [Fact]
    public void No_process_is_left_after_close()
    {
        var environment = MakeFault("leave child");
        environment.Step(0);
        var child = (int)environment.Step(0).Info.AsDict()["child"].AsInt64();
        Assert.True(IsAlive(child));

        environment.Close();

        // The signal is sent by then; the kernel may take a moment.
        Assert.True(SpinWait.SpinUntil(() => !IsAlive(child), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task An_interruption_ends_a_call_in_progress()
    {
        using var environment = (WorkerEnvironment)MakeFault("hang");
        var step = Task.Factory.StartNew(() => environment.Step(0), TaskCreationOptions.LongRunning);

        environment.Interrupt();

        Assert.Equal(ErrorCode.WorkerDied, (await Assert.ThrowsAsync<SocketGymException>(() => step)).Code);
    }

    [Fact]
    public void Environments_are_made_and_stepped_side_by_side()
    {
        var environments = new IEnvironment[4];
        Parallel.For(0, environments.Length, index => environments[index] = Make("CartPole-v1"));

        var observations = environments.Select((environment, index) => environment.Reset(index).Observation).ToList();

        Assert.Equal(environments.Length, observations.Distinct().Count());
        Array.ForEach(environments, environment => environment.Dispose());
    }

    // A process that was killed but not yet reaped by its new parent counts as dead.
    private static bool IsAlive(int process)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat");
        try
        {
            var text = File.ReadAllText(status);
            return text[text.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private IEnvironment Make(string id, params (string Name, Value Value)[] kwargs) =>
        PythonForTests.Make(new PythonEnvironmentProvider(Interpreter), id, kwargs);

    private IEnvironment MakeFault(string fault, string when = "step", WorkerLimits? limits = null) =>
        PythonForTests.MakeFault(Interpreter, fault, when, limits);
}
