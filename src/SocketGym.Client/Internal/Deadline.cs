using System.Diagnostics;

namespace SocketGym.Client.Internal;

/// <summary>The moment until which a call may wait; <c>default</c> is no limit.</summary>
internal readonly struct Deadline
{
    private readonly long _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    /// <summary>The time left, never negative; <see cref="Timeout.InfiniteTimeSpan"/> without a limit.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (_timestamp == 0)
                return Timeout.InfiniteTimeSpan;
            var now = Stopwatch.GetTimestamp();
            return now < _timestamp ? Stopwatch.GetElapsedTime(now, _timestamp) : TimeSpan.Zero;
        }
    }

    public static Deadline After(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan
        ? default
        : new(Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency));
}
