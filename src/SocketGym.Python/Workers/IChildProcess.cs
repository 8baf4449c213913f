namespace SocketGym.Python.Workers;

/// <summary>The operating system's side of a worker: a process, whoever is its parent.</summary>
/// <remarks>Thread-safe, but for <see cref="IDisposable.Dispose"/>.</remarks>
internal interface IChildProcess : IDisposable
{
    /// <summary>Whether it has ended.</summary>
    bool HasExited { get; }

    /// <summary>Waits for its end.</summary>
    /// <param name="timeoutMs">How long at most.</param>
    /// <returns>Whether it has ended.</returns>
    bool WaitForExit(int timeoutMs);

    /// <summary>Says how it ended, as in "The process ...". Call it only when it has.</summary>
    string DescribeExit();

    /// <summary>Kills it with everything that it started, if it has not ended.</summary>
    void Kill();

    /// <summary>Takes note of what the process says of itself.</summary>
    /// <param name="processId">Its id, perhaps one in a namespace of its own.</param>
    void Identify(long processId);
}
