using System.Diagnostics;

namespace SocketGym.Client.Internal;

/// <summary>The moment until which a call may wait; <c>default</c> is no limit.</summary>
internal readonly struct Deadline
{
    // A socket's poll takes a time of 32 bits in microseconds: 35 minutes.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(365);

    private readonly long _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    /// <summary>Whether the moment is past.</summary>
    public bool IsPast => _timestamp != 0 && Stopwatch.GetTimestamp() >= _timestamp;

    /// <summary>The time left, as far as one poll can wait; <see cref="Timeout.InfiniteTimeSpan"/> without a limit.</summary>
    public TimeSpan PollTime
    {
        get
        {
            if (_timestamp == 0)
                return Timeout.InfiniteTimeSpan;
            var now = Stopwatch.GetTimestamp();
            if (now >= _timestamp)
                return TimeSpan.Zero;
            var left = Stopwatch.GetElapsedTime(now, _timestamp);
            return left < LongestPoll ? left : LongestPoll;
        }
    }

    public static Deadline After(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan || timeout > LongestTimeout
        ? default
        : new(Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency));
}
