using System.Diagnostics;

namespace SocketGym.Hosting.Transport;

/// <summary>Decides how long a reader looks for data, yielding, before it blocks.</summary>
/// <remarks>
/// Waking a blocked thread on an idle core costs about 20 us each way, more than a whole step. A reader whose peer answers quickly
/// therefore spins; one whose peer takes its time stops spinning until a wait turns out short again. Not thread-safe.
/// </remarks>
internal sealed class AdaptiveSpin(TimeSpan longest)
{
    private readonly long _longest = (long)(longest.TotalSeconds * Stopwatch.Frequency);
    private long _budget = (long)(longest.TotalSeconds * Stopwatch.Frequency);
    private long _started;

    /// <summary>Starts a wait.</summary>
    public void Begin() => _started = Stopwatch.GetTimestamp();

    /// <summary>Lets other threads run, and tells whether to look once more.</summary>
    public bool Next()
    {
        if (Stopwatch.GetTimestamp() - _started >= _budget)
            return false;
        Thread.Yield();
        return true;
    }

    /// <summary>Ends a wait that data ended: a short one restores the budget, a long one halves it.</summary>
    public void End()
    {
        var waited = Stopwatch.GetTimestamp() - _started;
        _budget = waited < _longest ? _longest : _budget / 2;
    }
}
