namespace SocketGym.Core.Vectors;

/// <summary>How a vector is made.</summary>
/// <param name="Count">How many environments, at least one: Gymnasium's <c>num_envs</c>.</param>
/// <param name="AutoresetMode">When an environment whose episode is over is reset.</param>
/// <param name="Workers">Among how many threads (native environments) or processes (Python's) they are divided; more than there are environments are as many. Null leaves it to who makes them.</param>
public sealed record VectorOptions(int Count, AutoresetMode AutoresetMode = AutoresetMode.NextStep, int? Workers = null)
{
    /// <summary>The most processes where <see cref="Workers"/> leaves their number to who makes them: what a server's owner allows. Never sent. Default: no limit.</summary>
    public int MaxWorkers { get; init; } = int.MaxValue;
}
