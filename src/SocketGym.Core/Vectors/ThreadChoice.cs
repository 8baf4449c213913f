using System.Diagnostics;

namespace SocketGym.Core.Vectors;

/// <summary>Finds out by measuring on how many threads the steps of a vector take the least time.</summary>
/// <remarks>
/// Steps are timed on one thread, then on twice as many as long as that pays, and what took the least stays for a while, a short one where it is another than before. What is compared is the time that a quarter of the steps
/// stayed below, so the environments' own ups and downs and those of a busy machine count little. Allocates nothing.
/// </remarks>
internal sealed class ThreadChoice
{
    private const int MostSamples = 128;
    private const int FewestSamples = 3;

    // The first steps on another number of threads start these, and run code that is not yet compiled as it will be.
    private const int WarmUpSteps = 4;
    private const int FirstPause = 256;
    private const int LongestPause = 65_536;
    private const int LongStepsPause = 1_024;

    // Below it there is nothing to gain: handing work over and waiting for it take some microseconds.
    private static readonly long ShortestSplit = Stopwatch.Frequency / 50_000;

    // Steps as long as these are not waited for in full number; and so long it takes the system now and then to move a thread away from where another one works.
    private static readonly long LongEnough = Stopwatch.Frequency / 50;

    // A machine that was busy may not be any more.
    private static readonly long LongestPauseTime = 10 * Stopwatch.Frequency;

    private readonly int _most;
    private readonly long[] _samples = new long[MostSamples];
    private int _count = -WarmUpSteps;
    private long _sum;
    private int _best = 1;
    private int _settled;
    private long _bestTime = long.MaxValue;
    private int _pause;
    private int _nextPause = FirstPause;

    /// <summary>Starts with one thread, measuring.</summary>
    /// <param name="most">The most threads to try.</param>
    public ThreadChoice(int most) => _most = most;

    /// <summary>On how many threads to take the next step.</summary>
    public int Threads { get; private set; } = 1;

    /// <summary>Whether the next step is to be timed.</summary>
    public bool IsMeasuring => _most > 1 && _pause == 0;

    /// <summary>Counts a step that was not timed.</summary>
    public void Skip()
    {
        if (_pause > 0 && --_pause == 0)
            Try(1);
    }

    /// <summary>Takes a step's time.</summary>
    /// <param name="time">The time, as <see cref="Stopwatch"/> counts it.</param>
    public void Add(long time)
    {
        if (_count >= 0)
        {
            _samples[_count] = time;
            _sum += time;
        }
        _count++;
        if (_count == MostSamples || (_count >= FewestSamples && _sum > LongEnough))
            Compare();
    }

    private void Compare()
    {
        var samples = _samples.AsSpan(0, _count);
        samples.Sort();
        var time = samples[_count / 4];
        // Another thread has to be worth it: a tenth.
        var isBetter = Threads == 1 || time < _bestTime * 9 / 10;
        if (isBetter)
            (_best, _bestTime) = (Threads, time);
        if (isBetter && Threads < _most && time >= ShortestSplit)
            Try(Math.Min(2 * Threads, _most));
        else
            Settle();
    }

    private void Settle()
    {
        Threads = _best;
        // Either the last measurement was wrong or this one is, so that the next comes soon.
        if (_settled != _best)
            (_settled, _nextPause) = (_best, FirstPause);
        _pause = (int)Math.Min(_nextPause, Math.Max(LongStepsPause, LongestPauseTime / Math.Max(_bestTime, 1)));
        _nextPause = Math.Min(4 * _nextPause, LongestPause);
    }

    private void Try(int threads)
    {
        Threads = threads;
        (_count, _sum) = (-WarmUpSteps, 0);
    }
}
