using SocketGym.Python.Workers;

namespace SocketGym.Hosting.Configuration;

/// <summary>How long a Python environment may take, in milliseconds; null for what the <c>python</c> section says.</summary>
public sealed record EnvironmentLimitsConfiguration
{
    /// <summary>Nothing of its own.</summary>
    public static EnvironmentLimitsConfiguration None { get; } = new();

    /// <summary>For making it.</summary>
    public int? MakeTimeoutMs { get; init; }

    /// <summary>For a reset.</summary>
    public int? ResetTimeoutMs { get; init; }

    /// <summary>For a step, and for a rendering.</summary>
    public int? StepTimeoutMs { get; init; }

    /// <summary>These limits over others.</summary>
    /// <param name="others">What holds where these say nothing.</param>
    public WorkerLimits Over(WorkerLimits others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return others with
        {
            MakeMs = MakeTimeoutMs ?? others.MakeMs,
            ResetMs = ResetTimeoutMs ?? others.ResetMs,
            StepMs = StepTimeoutMs ?? others.StepMs,
            RenderMs = StepTimeoutMs ?? others.RenderMs,
        };
    }

    internal static EnvironmentLimitsConfiguration Read(ConfigurationNode node, EnvironmentLimitsConfiguration defaults)
    {
        var members = node.Members();
        var limits = new EnvironmentLimitsConfiguration
        {
            MakeTimeoutMs = members.Find("make_timeout_ms")?.Integer(least: 1) ?? defaults.MakeTimeoutMs,
            ResetTimeoutMs = members.Find("reset_timeout_ms")?.Integer(least: 1) ?? defaults.ResetTimeoutMs,
            StepTimeoutMs = members.Find("step_timeout_ms")?.Integer(least: 1) ?? defaults.StepTimeoutMs,
        };
        members.RefuseOthers();
        return limits;
    }
}
