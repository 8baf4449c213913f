using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace SocketGym.Core.Vectors;

/// <summary>Threads that help the caller's through the pieces of one piece of work after another.</summary>
/// <remarks>
/// Pieces are taken in order by whoever is free, so a helper that wakes late costs nothing but its help: the caller has done its share by then. One thread
/// calls at a time. A run allocates nothing.
/// </remarks>
internal sealed class ThreadTeam : IDisposable
{
    // Waking a blocked thread on an idle core takes some 20 us; between two steps a client on the same machine takes up to this.
    private static readonly long LongestSpin = Stopwatch.Frequency / 5_000;

    private readonly Action<int> _work;
    private readonly Thread[] _helpers;
    private readonly object _bell = new();

    // The run in the upper half and the pieces not yet taken in the lower, so that a helper that comes late cannot take a piece of the next run for one of this.
    private long _open;
    private int _pieces;
    private int _unfinished;
    private int _sleeping;
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
        for (var index = 0; index < helpers; index++)
        {
            _helpers[index] = new Thread(Help) { IsBackground = true, Name = $"vector step {index + 2}" };
            _helpers[index].Start();
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
        Volatile.Write(ref _unfinished, pieces);
        // A fence between what is open and who sleeps; a helper has one between the same two the other way round.
        Interlocked.Exchange(ref _open, (((_open >> 32) + 1) << 32) | (uint)pieces);
        if (Volatile.Read(ref _sleeping) > 0)
        {
            lock (_bell)
                Monitor.PulseAll(_bell);
        }
        while (TryTake(out var piece))
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

    private bool IsOpen => (uint)Volatile.Read(ref _open) > 0;

    private void Help()
    {
        var budget = LongestSpin;
        while (!_isEnded)
        {
            if (TryTake(out var piece))
                Do(piece);
            else
                Wait(ref budget);
        }
    }

    // A short wait makes the next spin a long one, a long wait halves it, so an idle vector's helpers sleep.
    private void Wait(ref long budget)
    {
        var start = Stopwatch.GetTimestamp();
        while (!IsOpen && !_isEnded && Stopwatch.GetTimestamp() - start < budget)
            Thread.Yield();
        if (!IsOpen)
        {
            lock (_bell)
            {
                Interlocked.Increment(ref _sleeping);
                while (!IsOpen && !_isEnded)
                    Monitor.Wait(_bell);
                Interlocked.Decrement(ref _sleeping);
            }
        }
        budget = Stopwatch.GetTimestamp() - start < LongestSpin ? LongestSpin : budget / 2;
    }

    private bool TryTake(out int piece)
    {
        var open = Volatile.Read(ref _open);
        while ((uint)open > 0)
        {
            var seen = Interlocked.CompareExchange(ref _open, open - 1, open);
            if (seen == open)
            {
                // The run cannot end before this piece, so this is still its number of pieces.
                piece = _pieces - (int)(uint)open;
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
