using SocketGym.Core.Errors;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;
using static SocketGym.Python.Tests.PythonForTests;

namespace SocketGym.Python.Tests;

public sealed class InterpreterTests
{
    [Theory]
    [InlineData("/no/such/python", "cannot be started")]
    [InlineData("false", "does not run as an interpreter")]
    [InlineData("echo hello", "does not run as an interpreter")]
    [InlineData("'unclosed", "not closed")]
    [InlineData("   ", "empty")]
    public void A_command_that_is_no_interpreter_is_told_with_what_was_tried(string command, string words)
    {
        var interpreter = new PythonInterpreter(new PythonInterpreterOptions { Command = command });
        var provider = new PythonEnvironmentProvider(interpreter);

        Assert.False(provider.CanMake("CartPole-v1", []));
        Assert.Empty(provider.ListIds());
        var error = Fails(ErrorCode.InterpreterUnavailable, () => provider.Make("CartPole-v1", []));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("the configuration names it", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Fails(ErrorCode.InterpreterUnavailable, interpreter.Describe).Message);
    }

    [Fact]
    public void An_interpreter_without_Gymnasium_says_so()
    {
        // -S leaves site-packages out, and with it NumPy and Gymnasium.
        var interpreter = new PythonInterpreter(new PythonInterpreterOptions { Command = $"'{Command}' -S" });

        var error = Fails(ErrorCode.InterpreterUnavailable, interpreter.Describe);

        Assert.Contains("no usable Gymnasium: ModuleNotFoundError", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_with_arguments_hosts_environments()
    {
        var options = Options with { Command = $"env WRAPPED=1 \"{Command}\" -X utf8" };
        var provider = new PythonEnvironmentProvider(new PythonInterpreter(options));

        using var environment = Make(provider, "CartPole-v1");

        Assert.Equal(4, environment.Reset(0).Observation.AsArray().Count);
    }

    [Fact]
    public void A_wrapper_that_stays_is_ended_with_its_worker()
    {
        // The shell is the process that was started, and Python its child.
        var options = Options with { Command = $"sh -c '\"$0\" \"$@\"; exit $?' {Command}" };
        var provider = new PythonEnvironmentProvider(new PythonInterpreter(options), new WorkerLimits(StepMs: 300));
        using var environment = Make(provider, "SocketGymTest/Fault-v0", ("fault", "hang"));
        environment.Reset(0);

        Fails(ErrorCode.EnvironmentTimeout, () => environment.Step(0));
    }

    [Fact]
    public void A_module_that_cannot_be_imported_is_told()
    {
        var interpreter = new PythonInterpreter(Options with { Imports = ["no_such_module"] });

        Assert.Contains("no_such_module", Assert.Single(interpreter.Describe().FailedImports), StringComparison.Ordinal);
        var error = Fails(ErrorCode.EnvironmentFault, () => new PythonEnvironmentProvider(interpreter).Make("CartPole-v1", []));
        Assert.Equal("ModuleNotFoundError", error.RemoteType);
    }

    [Fact]
    public void Quotes_keep_blanks_together()
    {
        var command = CommandLine.Parse("  '/my python/bin' run -n \"a b\" '' c\"d e\"f ");

        Assert.Equal("/my python/bin", command.Program);
        Assert.Equal(["run", "-n", "a b", "", "cd ef"], command.Arguments.ToArray());
    }
}
