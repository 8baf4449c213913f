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

    /// <summary>How long <c>make</c> may take, in seconds. Default 120.</summary>
    public double MakeTimeoutS { get; init; } = 120;

    /// <summary>How long <c>reset</c>, <c>step</c> and <c>render</c> may take each, in seconds. Default 60.</summary>
    public double StepTimeoutS { get; init; } = 60;
}
