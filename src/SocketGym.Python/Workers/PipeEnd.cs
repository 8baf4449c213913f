using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace SocketGym.Python.Workers;

/// <summary>This process's end of a pipe to or from a worker, read or written by one thread with a time limit.</summary>
internal sealed unsafe class PipeEnd : IDisposable
{
    // A pipe that is ready for writing takes this much without waiting: Linux's PIPE_BUF, and less than a socket does.
    private const int WriteBytes = 4096;

    // After so many spins in vain the other side is slow, and only every so often is it tried again.
    private const int MaxFruitlessSpins = 8;
    private const int SpinsBetweenTrials = 64;

    private readonly Stream _stream;
    private readonly SafeHandle _handle;
    private readonly Func<bool> _isStopped;
    private readonly int _sliceMs;
    private long _spinTicks;
    private int _fruitlessSpins;
    private bool _isKnownReadable;

    /// <summary>Takes a stream over.</summary>
    /// <param name="stream">A pipe as <see cref="Process"/> makes them; disposed with this object.</param>
    /// <param name="isStopped">Whether waiting has no point any more: a grandchild may hold the pipe open when the process has ended.</param>
    /// <param name="sliceMs">How often that is asked while waiting, in milliseconds.</param>
    /// <param name="spinMicroseconds">How long a read looks again and again before it blocks.</param>
    public PipeEnd(Stream stream, Func<bool> isStopped, int sliceMs = 100, int spinMicroseconds = 0)
    {
        _stream = stream;
        _handle = stream switch
        {
            PipeStream pipe => pipe.SafePipeHandle,
            FileStream file => file.SafeFileHandle,
            _ => throw new ArgumentException($"A {stream.GetType().Name} is no pipe.", nameof(stream)),
        };
        _isStopped = isStopped;
        _sliceMs = sliceMs;
        _spinTicks = spinMicroseconds * Stopwatch.Frequency / 1_000_000;
    }

    /// <summary>Reads what there is, waiting for the first byte.</summary>
    /// <param name="buffer">Where it goes; not empty.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>How many bytes; 0 when the other side is closed or waiting has no point any more.</returns>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public int Read(Span<byte> buffer, long deadline)
    {
        while (_isKnownReadable || Wait(LibC.PollIn, deadline))
        {
            _isKnownReadable = false;
            fixed (byte* start = buffer)
            {
                var count = LibC.Read(Descriptor, start, (nuint)buffer.Length);
                if (count >= 0)
                    return (int)count;
                if (Marshal.GetLastPInvokeError() != LibC.ErrorInterrupted)
                    return 0;
            }
        }
        return 0;
    }

    /// <summary>Writes all of a piece.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>Whether they were written; false when the other side is closed or waiting has no point any more.</returns>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool Write(ReadOnlySpan<byte> data, long deadline)
    {
        while (!data.IsEmpty)
        {
            if (!Wait(LibC.PollOut, deadline))
                return false;
            fixed (byte* start = data)
            {
                var count = LibC.Write(Descriptor, start, (nuint)Math.Min(data.Length, WriteBytes));
                if (count >= 0)
                    data = data[(int)count..];
                else if (Marshal.GetLastPInvokeError() != LibC.ErrorInterrupted)
                    return false;
            }
        }
        return true;
    }

    /// <summary>Waits until a read would not block; the next read then does not ask again. For the reading thread.</summary>
    /// <param name="timeoutMs">How long at most.</param>
    /// <returns>Whether it would not.</returns>
    public bool IsReadable(int timeoutMs) => _isKnownReadable = IsReady(LibC.PollIn, timeoutMs);

    /// <summary>Has reads block at once.</summary>
    public void StopSpinning() => _spinTicks = 0;

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    // The owner disposes of this object only when no thread is inside it, so the number stays this pipe's.
    private int Descriptor => _handle.DangerousGetHandle().ToInt32();

    private bool Wait(short events, long deadline)
    {
        if (_spinTicks > 0 && events == LibC.PollIn && Spin())
            return true;
        while (true)
        {
            var left = deadline - Environment.TickCount64;
            if (left <= 0)
                throw new TimeoutException();
            if (IsReady(events, (int)Math.Min(left, _sliceMs)))
                return true;
            if (_isStopped())
                // What the process wrote before its end is still there to read.
                return IsReady(events, 0);
        }
    }

    private bool Spin()
    {
        if (_fruitlessSpins++ >= MaxFruitlessSpins && _fruitlessSpins % SpinsBetweenTrials != 0)
            return false;
        var end = Stopwatch.GetTimestamp() + _spinTicks;
        do
        {
            if (IsReady(LibC.PollIn, 0))
            {
                _fruitlessSpins = 0;
                return true;
            }
            _ = LibC.Yield();
        }
        while (Stopwatch.GetTimestamp() < end);
        return false;
    }

    // Ready is also an end of the stream or an error: the read or write that follows tells.
    private bool IsReady(short events, int timeoutMs)
    {
        var poll = new LibC.PollDescriptor { Descriptor = Descriptor, Events = events };
        return LibC.Poll(&poll, 1, timeoutMs) > 0;
    }
}
