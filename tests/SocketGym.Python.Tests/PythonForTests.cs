using System.Collections.Immutable;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Tests;

/// <summary>The interpreter of the tests: SOCKETGYM_PYTHON, else .venv at the repository's root (tests/setup-python makes it).</summary>
internal static class PythonForTests
{
    private static readonly string Root = FindRoot();

    public static string Command { get; } =
        Environment.GetEnvironmentVariable(PythonInterpreter.Variable) ?? Path.Combine(Root, ".venv", "bin", "python3");

    /// <summary>One interpreter for all tests, so that it is probed once.</summary>
    public static PythonInterpreter Interpreter { get; } = new(Options);

    /// <summary>The same, with workers that are never forked.</summary>
    public static PythonInterpreter SpawningInterpreter { get; } = new(Options with { Fork = false });

    /// <summary>The same, with workers that are spoken to through pipes alone.</summary>
    public static PythonInterpreter PipedInterpreter { get; } = new(Options with { ShareMemory = false });

    public static PythonInterpreterOptions Options => new()
    {
        Command = Command,
        Imports = ["socketgym_test_envs"],
        EnvironmentVariables = ImmutableDictionary<string, string?>.Empty
            .Add("PYTHONPATH", Path.Combine(Root, "tests", "python", "environments"))
            .Add("SDL_VIDEODRIVER", "dummy")
            .Add("SDL_AUDIODRIVER", "dummy"),
    };

    public static IEnvironment Make(IEnvironmentProvider provider, string id, params (string Name, Value Value)[] kwargs)
    {
        var entries = new ValueDictionary();
        foreach (var (name, value) in kwargs)
            entries[name] = value;
        return provider.Make(id, entries);
    }

    /// <summary>Makes the environment that goes wrong, and resets it.</summary>
    public static IEnvironment MakeFault(PythonInterpreter interpreter, string fault, string when = "step", WorkerLimits? limits = null)
    {
        var provider = new PythonEnvironmentProvider(interpreter, limits);
        var environment = Make(provider, "SocketGymTest/Fault-v0", ("fault", fault), ("when", when));
        environment.Reset(0);
        return environment;
    }

    public static SocketGymException Fails(ErrorCode code, Func<object?> act)
    {
        var error = Assert.Throws<SocketGymException>(act);
        Assert.True(code == error.Code, $"Expected {code}, not {error.Code}: {error.Message}");
        return error;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SocketGym.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests must run from inside the repository.");
    }
}
