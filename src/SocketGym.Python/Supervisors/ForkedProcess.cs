using SocketGym.Python.Workers;

namespace SocketGym.Python.Supervisors;

/// <summary>A process that a supervisor forks, and whose end it reports.</summary>
internal sealed class ForkedProcess : IChildProcess
{
    private readonly Supervisor _supervisor;
    private readonly ManualResetEventSlim _answered = new();
    private readonly ManualResetEventSlim _ended = new();
    private volatile string? _refusal;
    private volatile string? _exit;

    /// <summary>Names a process that is yet to be forked.</summary>
    /// <param name="supervisor">Who forks it.</param>
    /// <param name="number">What it is called in the supervisor's messages.</param>
    public ForkedProcess(Supervisor supervisor, int number)
    {
        _supervisor = supervisor;
        Number = number;
    }

    /// <summary>What it is called in the supervisor's messages.</summary>
    public int Number { get; }

    /// <summary>Its process id; 0 before it was forked.</summary>
    public int Id { get; private set; }

    /// <summary>Why there is no process; null where there is.</summary>
    public string? Refusal => _refusal;

    /// <inheritdoc/>
    public bool HasExited => _exit is not null;

    /// <summary>Waits for the supervisor's answer.</summary>
    /// <param name="timeoutMs">How long at most.</param>
    /// <returns>Whether it came.</returns>
    public bool WaitForAnswer(int timeoutMs) => _answered.Wait(timeoutMs);

    /// <inheritdoc/>
    public bool WaitForExit(int timeoutMs) => _ended.Wait(timeoutMs);

    /// <inheritdoc/>
    public string DescribeExit() => _exit ?? "has not ended";

    /// <inheritdoc/>
    public void Kill()
    {
        if (!HasExited)
            _supervisor.Kill(this);
    }

    /// <inheritdoc/>
    public void Identify(long processId)
    {
    }

    /// <summary>Takes note that it was forked.</summary>
    /// <param name="id">Its process id.</param>
    public void Begin(int id)
    {
        Id = id;
        _answered.Set();
    }

    /// <summary>Takes note that it was not forked.</summary>
    /// <param name="why">Why.</param>
    public void Refuse(string why)
    {
        _refusal = why;
        End("was never there");
    }

    /// <summary>Takes note of its end.</summary>
    /// <param name="how">How it ended, as in "The process ...".</param>
    public void End(string how)
    {
        _exit = how;
        _ended.Set();
        _answered.Set();
    }

    /// <inheritdoc/>
    // The events hold nothing of the system's, and the supervisor's thread may still set them.
    public void Dispose() => _exit ??= "was given up";
}
