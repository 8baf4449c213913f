using System.Collections.Immutable;
using SocketGym.Core.Errors;

namespace SocketGym.Python.Interpreters;

/// <summary>Which Python hosts environments, and what it is given. The server's owner decides this, never a client.</summary>
public sealed record PythonInterpreterOptions
{
    /// <summary>What the configuration calls it, for messages; null (the default) for the one that is used unless another is named.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// A program, or a command line such as <c>conda run --no-capture-output -n old python</c>, that runs CPython 3.7 or newer and hands on its standard
    /// streams; null (the default) takes the environment variable <c>SOCKETGYM_PYTHON</c>, else <c>python3</c> (on Windows <c>python</c>) on the PATH.
    /// </summary>
    public string? Command { get; init; }

    /// <summary>A command that is divided into words already, instead of <see cref="Command"/>; empty (the default) for none.</summary>
    public ImmutableArray<string> CommandWords { get; init; } = [];

    /// <summary>Modules to import before an environment is made, since they register environments.</summary>
    public ImmutableArray<string> Imports { get; init; } = [];

    /// <summary>Environment variables for the interpreter, beside those of this process; null removes one.</summary>
    public ImmutableDictionary<string, string?> EnvironmentVariables { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>How long the interpreter may take to say what it has, in milliseconds.</summary>
    public int ProbeMs { get; init; } = 60_000;

    /// <summary>
    /// Whether workers are forked from one warm process, where that is possible (on Linux, with a command that stays in this process's PID namespace and modules
    /// that leave no threads behind); otherwise, or with false, each worker is an interpreter of its own and takes as long to start. Default true. Forked
    /// workers share what the <see cref="Imports"/> computed when they were imported, and Python's hash secret; NumPy's and Python's global generators are seeded anew in each.
    /// </summary>
    public bool Fork { get; init; } = true;

    /// <summary>
    /// Whether requests and replies go through memory shared with each worker, where that is possible (on Linux, with a command that stays in this process's PID
    /// namespace); otherwise, or with false, they go through pipes, and a step takes ten times as long on the way. Default true.
    /// </summary>
    public bool ShareMemory { get; init; } = true;

    /// <summary>The libpython that is loaded where environments run in this process, a path; null (the default) for what the interpreter says it has.</summary>
    public string? Library { get; init; }

    /// <summary>The command, and why it is this one.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it is no command line.</exception>
    internal (CommandLine Command, string Origin) FindCommand()
    {
        var configuration = Name is null ? "the configuration names it" : $"the configuration's interpreter '{Name}' names it";
        if (CommandWords is [var program, .. var arguments])
            return (new CommandLine(program, arguments), configuration);
        var (text, origin) = Command is { } configured ? (configured, configuration)
            : Environment.GetEnvironmentVariable(PythonInterpreter.Variable) is { Length: > 0 } variable ? (variable, $"{PythonInterpreter.Variable} names it")
            : (OperatingSystem.IsWindows() ? "python" : "python3", $"neither the configuration nor {PythonInterpreter.Variable} names another");
        try
        {
            return (CommandLine.Parse(text), origin);
        }
        catch (FormatException failure)
        {
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"{failure.Message} It was tried since {origin}.", failure);
        }
    }
}
