using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace SocketGym.Core.Vectors;

/// <summary>Threads that help the caller's through the pieces of one piece of work after another.</summary>
/// <remarks>
/// Each thread has a share of the pieces, the same in every run, so that what they work on stays in its processor's cache. Who has done his share helps the others, so a helper that wakes late costs nothing
/// but its help. One thread calls at a time. A run allocates nothing.
/// </remarks>
internal sealed class ThreadTeam : IDisposable
{
    // Waking a blocked thread on an idle core takes some 20 us; between two steps a client on the same machine takes up to this.
    private static readonly long LongestSpin = Stopwatch.Frequency / 5_000;

    // No more often does a helper leave the caller's processor: the system may have reasons to bring it there.
    private static readonly long ShortestStay = Stopwatch.Frequency / 500;

    private const int Apart = 128 / sizeof(long);

    private readonly Action<int> _work;
    private readonly Thread[] _helpers;
    private readonly object _bell = new();

    // For each share the run in the upper half and the pieces not yet taken in the lower, so that a helper that comes late cannot take a piece of the next run for one of this. Far enough apart
    // that no two lie in one line of a cache, or in two that are fetched together.
    private readonly long[] _open;
    private int _run;
    private int _pieces;
    private int _unfinished;
    private int _sleeping;
    private int _callersProcessor;
    private volatile int _failedPiece;
    private volatile bool _isEnded;
    private Exception? _failure;

    /// <summary>Starts the helpers.</summary>
    /// <param name="helpers">How many threads, besides the caller's.</param>
    /// <param name="work">Does the piece of a number; on any of the threads.</param>
    public ThreadTeam(int helpers, Action<int> work)
    {
        _work = work;
        _helpers = new Thread[helpers];
        _open = new long[(helpers + 2) * Apart];
        var started = 0;
        try
        {
            for (; started < helpers; started++)
            {
                var share = started + 1;
                _helpers[started] = new Thread(() => Help(share)) { IsBackground = true, Name = $"vector step {share + 1}" };
                _helpers[started].Start();
            }
        }
        catch
        {
            // No more threads are to be had, and nobody would ever end the first.
            Array.Resize(ref _helpers, started);
            Dispose();
            throw;
        }
    }

    /// <summary>How many threads there are, the caller's among them.</summary>
    public int Threads => _helpers.Length + 1;

    /// <summary>Has all pieces done, and waits for them.</summary>
    /// <param name="pieces">How many; they have the numbers from 0.</param>
    /// <exception cref="Exception">What the work threw: of several pieces the first one's. Those before it are done, of those behind it some.</exception>
    public void Run(int pieces)
    {
        _pieces = pieces;
        _failure = null;
        _failedPiece = int.MaxValue;
        Volatile.Write(ref _callersProcessor, Processors.Current);
        Volatile.Write(ref _unfinished, pieces);
        _run++;
        for (var share = 0; share < Threads; share++)
            Volatile.Write(ref Open(share), ((long)_run << 32) | (uint)(FirstOf(share + 1) - FirstOf(share)));
        // Between what is open and who sleeps; a helper has a fence between the same two the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) > 0)
        {
            lock (_bell)
                Monitor.PulseAll(_bell);
        }
        while (TryTake(share: 0, out var piece))
            Do(piece);
        var spin = default(SpinWait);
        while (Volatile.Read(ref _unfinished) > 0)
            spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the helpers and waits for their end.</summary>
    public void Dispose()
    {
        lock (_bell)
        {
            _isEnded = true;
            Monitor.PulseAll(_bell);
        }
        foreach (var helper in _helpers)
            helper.Join();
    }

    private bool IsOpen
    {
        get
        {
            for (var share = 0; share < Threads; share++)
            {
                if ((uint)Volatile.Read(ref Open(share)) > 0)
                    return true;
            }
            return false;
        }
    }

    private ref long Open(int share) => ref _open[(share + 1) * Apart];

    private int FirstOf(int share) => (int)((long)share * _pieces / Threads);

    private void Help(int share)
    {
        var budget = LongestSpin;
        var arrived = 0L;
        while (!_isEnded)
        {
            if (TryTake(share, out var piece))
                Do(piece);
            else
                Wait(ref budget, ref arrived);
        }
    }

    // A short wait makes the next spin a long one, a long wait halves it, so an idle vector's helpers sleep.
    private void Wait(ref long budget, ref long arrived)
    {
        var start = Stopwatch.GetTimestamp();
        while (!IsOpen && !_isEnded && Stopwatch.GetTimestamp() - start < budget)
        {
            LeaveCaller(ref arrived);
            Thread.Yield();
        }
        if (!IsOpen)
        {
            lock (_bell)
            {
                Interlocked.Increment(ref _sleeping);
                while (!IsOpen && !_isEnded)
                    Monitor.Wait(_bell);
                Interlocked.Decrement(ref _sleeping);
            }
            LeaveCaller(ref arrived);
        }
        budget = Stopwatch.GetTimestamp() - start < LongestSpin ? LongestSpin : budget / 2;
    }

    // On the caller's processor a helper is no help, and the system, which likes to wake it there, is slow to notice that of two which only ever work for a moment.
    private void LeaveCaller(ref long arrived)
    {
        if (Processors.Current != Volatile.Read(ref _callersProcessor))
            return;
        var now = Stopwatch.GetTimestamp();
        if (now - arrived > ShortestStay && Processors.TryLeave())
            arrived = now;
    }

    // Of the thread's own share, and else of the shares behind it.
    private bool TryTake(int share, out int piece)
    {
        for (var offset = 0; offset < Threads; offset++)
        {
            if (TryTakeOf((share + offset) % Threads, out piece))
                return true;
        }
        piece = 0;
        return false;
    }

    private bool TryTakeOf(int share, out int piece)
    {
        ref var place = ref Open(share);
        var open = Volatile.Read(ref place);
        while ((uint)open > 0)
        {
            var seen = Interlocked.CompareExchange(ref place, open - 1, open);
            if (seen == open)
            {
                // The run cannot end before this piece, so this is still its number of pieces.
                piece = FirstOf(share + 1) - (int)(uint)open;
                return true;
            }
            open = seen;
        }
        piece = 0;
        return false;
    }

    private void Do(int piece)
    {
        try
        {
            if (piece < _failedPiece)
                _work(piece);
        }
        catch (Exception failure)
        {
            lock (_bell)
            {
                if (piece < _failedPiece)
                    (_failedPiece, _failure) = (piece, failure);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _unfinished);
        }
    }
}
