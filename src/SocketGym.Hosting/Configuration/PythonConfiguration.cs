using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Hosting.Configuration;

/// <summary>The configuration file's part about Python environments.</summary>
public sealed record PythonConfiguration
{
    /// <summary>Whether Python environments are offered. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The interpreter or a command that starts one; null finds one.</summary>
    public string? Interpreter { get; init; }

    /// <summary>Modules to import in a worker before an environment is made, such as those that register environments.</summary>
    public IReadOnlyList<string> Imports { get; init; } = [];

    /// <summary>How long <c>make</c> may take, in milliseconds. Default 120,000.</summary>
    public int MakeTimeoutMs { get; init; } = WorkerLimits.Default.MakeMs;

    /// <summary>How long <c>reset</c>, <c>step</c> and <c>render</c> may take each, in milliseconds. Default 60,000.</summary>
    public int StepTimeoutMs { get; init; } = WorkerLimits.Default.StepMs;

    /// <summary>The interpreter and what it is given.</summary>
    /// <param name="interpreter">Overrides the file's; null does not.</param>
    /// <param name="imports">Modules beside the file's.</param>
    public PythonInterpreterOptions ToOptions(string? interpreter = null, IEnumerable<string>? imports = null) => new()
    {
        Command = interpreter ?? Interpreter,
        Imports = [.. Imports, .. imports ?? []],
    };

    /// <summary>How long a worker may take.</summary>
    public WorkerLimits ToLimits() => new(MakeTimeoutMs, ResetMs: StepTimeoutMs, StepTimeoutMs, RenderMs: StepTimeoutMs);
}
