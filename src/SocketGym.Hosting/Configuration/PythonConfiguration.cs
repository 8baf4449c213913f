using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Hosting.Configuration;

/// <summary>The configuration file's part about Python environments and the interpreter that hosts them unless another is named.</summary>
public sealed record PythonConfiguration
{
    /// <summary>Whether every environment of this interpreter is offered; where not, those that the configuration describes still are. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether clients may ask for any of them in the server's own process, with <c>embedded:</c> in front of its id. Default false.</summary>
    public bool Embedded { get; init; }

    /// <summary>The libpython that is loaded for embedded environments; null for what the interpreter says it has.</summary>
    public string? Library { get; init; }

    /// <summary>The interpreter or a command that starts one; null finds one.</summary>
    public string? Interpreter { get; init; }

    /// <summary>Modules to import in a worker before an environment is made, such as those that register environments.</summary>
    public IReadOnlyList<string> Imports { get; init; } = [];

    /// <summary>Whether workers are forked from one warm process where that is possible; otherwise each is an interpreter of its own. Default true.</summary>
    public bool Fork { get; init; } = true;

    /// <summary>Whether the server logs what environments print, and why one failed to close; of every interpreter. Default true.</summary>
    public bool LogOutput { get; init; } = true;

    /// <summary>How long <c>make</c> may take, in milliseconds. Default 120,000.</summary>
    public int MakeTimeoutMs { get; init; } = WorkerLimits.Default.MakeMs;

    /// <summary>How long <c>reset</c>, <c>step</c> and <c>render</c> may take each, in milliseconds. Default 60,000.</summary>
    public int StepTimeoutMs { get; init; } = WorkerLimits.Default.StepMs;

    /// <summary>The interpreter and what it is given.</summary>
    public PythonInterpreterOptions ToOptions() => new() { Command = Interpreter, Imports = [.. Imports], Fork = Fork, Library = Library };

    /// <summary>How long a worker may take.</summary>
    public WorkerLimits ToLimits() => new(MakeTimeoutMs, ResetMs: StepTimeoutMs, StepTimeoutMs, RenderMs: StepTimeoutMs);

    internal static PythonConfiguration Read(ConfigurationNode node)
    {
        var members = node.Members();
        var defaults = new PythonConfiguration();
        var embedded = members.Find("embedded");
        var python = new PythonConfiguration
        {
            Enabled = members.Find("enabled")?.Flag() ?? defaults.Enabled,
            Embedded = embedded?.Flag() ?? defaults.Embedded,
            Library = members.Find("libpython")?.Text(),
            Interpreter = members.Find("interpreter")?.Text(),
            Imports = members.Find("imports")?.Modules() ?? defaults.Imports,
            Fork = members.Find("fork")?.Flag() ?? defaults.Fork,
            LogOutput = members.Find("log_output")?.Flag() ?? defaults.LogOutput,
            MakeTimeoutMs = members.Find("make_timeout_ms")?.Integer(least: 1) ?? defaults.MakeTimeoutMs,
            StepTimeoutMs = members.Find("step_timeout_ms")?.Integer(least: 1) ?? defaults.StepTimeoutMs,
        };
        members.RefuseOthers();
        if (python is { Embedded: true, Enabled: false })
            throw embedded!.Refuse("this needs \"enabled\"; without it give the environments that are to be embedded \"host\": \"embedded\".");
        return python;
    }
}
