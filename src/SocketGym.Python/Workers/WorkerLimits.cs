namespace SocketGym.Python.Workers;

/// <summary>How long a worker may take, in milliseconds. One that takes longer is ended, and its environment with it.</summary>
/// <param name="MakeMs">For starting the interpreter, and again for making the environment.</param>
/// <param name="ResetMs">For a reset.</param>
/// <param name="StepMs">For a step, for a call of another method, and for an attribute.</param>
/// <param name="RenderMs">For a rendering.</param>
/// <param name="CloseMs">For closing the environment and ending by itself.</param>
public sealed record WorkerLimits(int MakeMs = 120_000, int ResetMs = 60_000, int StepMs = 60_000, int RenderMs = 60_000, int CloseMs = 5_000)
{
    /// <summary>The limits that hold where nothing else is configured.</summary>
    public static WorkerLimits Default { get; } = new();
}
