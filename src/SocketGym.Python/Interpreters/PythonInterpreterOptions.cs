using System.Collections.Immutable;

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
}
