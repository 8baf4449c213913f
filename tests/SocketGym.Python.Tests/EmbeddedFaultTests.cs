using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Python.Embedded;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;
using static SocketGym.Python.Tests.PythonForTests;

namespace SocketGym.Python.Tests;

/// <summary>What goes wrong in environments of the tests' own process, and what does not on account of it.</summary>
public sealed class EmbeddedFaultTests
{
    private static EmbeddedEnvironmentProvider Provider { get; } = new(Interpreter);

    [Theory]
    [InlineData("raise", "ValueError: the gripper is stuck", "ValueError")]
    [InlineData("sys.exit", "SystemExit: enough", "SystemExit")]
    [InlineData("interrupt", "KeyboardInterrupt", "KeyboardInterrupt")]
    [InlineData("recurse", "RecursionError: maximum recursion depth exceeded", "RecursionError")]
    [InlineData("raise unprintable", "its message cannot be made", "socketgym_test_envs.faults._Unprintable")]
    public void An_exception_has_its_type_and_traceback_and_the_environment_lives(string fault, string message, string type)
    {
        using var environment = MakeFault(fault);

        for (var time = 0; time < 2; time++)
        {
            var error = Fails(ErrorCode.EnvironmentFault, () => environment.Step(0));

            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Equal(type, error.RemoteType);
            Assert.Contains("faults.py", error.RemoteTraceback, StringComparison.Ordinal);
            Assert.DoesNotContain("socketgym_worker", error.RemoteTraceback, StringComparison.Ordinal);
            Assert.Equal(2, environment.Reset(0).Observation.AsArray().Count);
        }
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("render")]
    [InlineData("make")]
    public void An_exception_of_another_method_is_told_too(string method)
    {
        Func<object?> act = method switch
        {
            "render" => () => MakeFault("raise", method, ("render_mode", "rgb_array")).Render(),
            _ => () => MakeFault("raise", method),
        };

        Assert.Equal("ValueError", Fails(ErrorCode.EnvironmentFault, act).RemoteType);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("short tuple")]
    [InlineData("list for a tuple")]
    public void A_result_that_is_no_step_is_a_fault(string fault)
    {
        using var environment = MakeFault(fault);

        Assert.Contains("step returned", Fails(ErrorCode.EnvironmentFault, () => environment.Step(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_observation_that_cannot_travel_is_an_error_that_names_the_place()
    {
        using var environment = MakeFault("function observation");

        Assert.Contains("['a'][1]", Fails(ErrorCode.UnsupportedValue, () => environment.Step(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_action_names_action_and_space()
    {
        using var environment = Make(Provider, "CartPole-v1");
        Fails(ErrorCode.ResetNeeded, () => environment.Step(0));
        environment.Reset(0);

        var error = Fails(ErrorCode.InvalidAction, () => environment.Step(Value.Scalar(5)));

        Assert.Contains("action 5 of type numpy.int32 is not in Discrete(2)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CartPol-v1", "CartPole-v1")]
    [InlineData("os:CartPole-v1", "names a module")]
    public void An_unknown_id_is_told_as_a_worker_tells_it(string id, string hint) =>
        Assert.Contains(hint, Fails(ErrorCode.UnknownEnvironment, () => Make(Provider, id)).Message, StringComparison.Ordinal);

    [Fact]
    public void Close_never_throws_and_reports_what_the_environment_raised()
    {
        var environment = (EmbeddedEnvironment)MakeFault("raise", "close");
        var failures = new List<SocketGymException>();
        environment.ReportTo(_ => { }, failures.Add);

        environment.Close();
        environment.Close();

        Assert.Equal("ValueError", Assert.Single(failures).RemoteType);
        Fails(ErrorCode.NoEnvironment, () => environment.Step(0));
    }

    [Fact]
    public void An_entry_point_and_wrappers_of_the_owner_leave_the_registry_as_it_was()
    {
        var options = new PythonMakeOptions
        {
            EntryPoint = "gymnasium.envs.classic_control:PendulumEnv",
            Wrappers = [new PythonWrapper("gymnasium.wrappers:RescaleAction", new ValueDictionary { ["min_action"] = -1.0, ["max_action"] = 1.0 })],
        };

        using var wrapped = new EmbeddedEnvironmentProvider(Interpreter, options: options).Make("CartPole-v1", []);
        using var usual = Make(Provider, "CartPole-v1");

        Assert.Equal(3, wrapped.Reset(0).Observation.AsArray().Count);
        Assert.Equal(4, usual.Reset(0).Observation.AsArray().Count);
    }

    [Fact]
    public void Sessions_run_beside_each_other_on_threads_of_their_own_and_on_changing_ones()
    {
        const int Sessions = 8;
        const int Steps = 200;
        var expected = Enumerable.Range(0, Sessions).Select(seed => Walk(Make(Provider, "CartPole-v1"), seed)).ToList();

        Assert.Equal(Sessions, expected.Distinct().Count());
        Assert.Equal(expected, OnThreads(seed => Walk(Make(Provider, "CartPole-v1"), seed)));
        var made = Enumerable.Range(0, Sessions).Select(_ => Make(Provider, "CartPole-v1")).ToList();
        Assert.Equal(expected, OnThreads(seed => Walk(made[seed], seed)));

        static string Walk(IEnvironment environment, int seed)
        {
            using var closed = environment;
            environment.Reset(seed);
            var last = default(StepResult);
            for (var step = 0; step < Steps; step++)
                last = environment.Step((step + seed) % 2);
            return Convert.ToHexString(last.Observation.AsArray().Bytes);
        }

        static List<string> OnThreads(Func<int, string> walk)
        {
            var results = new string[Sessions];
            var threads = Enumerable.Range(0, Sessions).Select(index => new Thread(() => results[index] = walk(index))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            return [.. results];
        }
    }

    [Theory]
    [InlineData("CartPole-v1", "int")]
    [InlineData("CartPole-v1", "int64")]
    [InlineData("MountainCarContinuous-v0", "array")]
    public void A_step_allocates_nothing(string id, string type)
    {
        const int Steps = 2_000;
        using var environment = Make(Provider, id);
        Value action = type switch { "int" => 1, "int64" => Value.Scalar(1L), _ => NDArray.Of<float>([0.5f]) };
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Run();

        // The first reset of each run is seeded, which is a message; a single object a step would be 24 bytes times the steps.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Steps);

        void Run()
        {
            environment.Reset(0);
            for (var step = 0; step < Steps; step++)
            {
                var result = environment.Step(action);
                if (result.Terminated.AsBool() || result.Truncated.AsBool())
                    environment.Reset();
            }
        }
    }

    [Theory]
    [InlineData("pygame")]
    [InlineData("faulthandler")]
    public void A_fault_of_managed_code_is_an_exception_whatever_Python_does_to_signals(string module)
    {
        using var environment = module == "pygame" ? Make(Provider, "CartPole-v1", ("render_mode", "rgb_array")) : MakeFault("enable faulthandler", "render");
        environment.Reset(0);
        environment.Render();

        // Where Python had its handler, the process would end here.
        Assert.Throws<NullReferenceException>(() => Fault(null));

        static int Fault(string? text) => text!.Length;
    }

    [Fact]
    public void A_second_interpreter_is_refused_and_the_first_goes_on()
    {
        using var environment = Make(Provider, "CartPole-v1");
        var folder = Directory.CreateTempSubdirectory("socketgym-test").FullName;
        var program = Path.GetFullPath(PythonForTests.Command);
        // Another virtual environment of the same library, as far as its path tells.
        Directory.CreateSymbolicLink(Path.Combine(folder, "venv"), Path.GetDirectoryName(Path.GetDirectoryName(program))!);
        try
        {
            using var other = new PythonInterpreter(Options with { Command = Path.Combine(folder, "venv", "bin", Path.GetFileName(program)) });

            var error = Fails(ErrorCode.InterpreterUnavailable, () => new EmbeddedEnvironmentProvider(other).Make("CartPole-v1", []));

            Assert.Contains("a process can have one", error.Message, StringComparison.Ordinal);
            Assert.Equal(4, environment.Reset(0).Observation.AsArray().Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_library_that_is_not_there_is_told()
    {
        using var interpreter = new PythonInterpreter(Options with { Library = "/no/such/libpython3.so" });

        var error = Fails(ErrorCode.InterpreterUnavailable, () => new EmbeddedEnvironmentProvider(interpreter).Make("CartPole-v1", []));

        Assert.Contains("/no/such/libpython3.so", error.Message, StringComparison.Ordinal);
    }

    private static IEnvironment MakeFault(string fault, string when = "step", params (string Name, Value Value)[] kwargs)
    {
        var environment = Make(Provider, "SocketGymTest/Fault-v0", [("fault", fault), ("when", when), .. kwargs]);
        environment.Reset(0);
        return environment;
    }
}
