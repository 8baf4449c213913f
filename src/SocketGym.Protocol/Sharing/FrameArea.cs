using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Framing;

namespace SocketGym.Protocol.Sharing;

/// <summary>The part of shared memory in which one side's frames lie, one at a time (docs/protocol.md, section 8).</summary>
/// <remarks>
/// Its head has three words: which frame lies there, where it starts and how long it is. One side writes and the other reads; each has an object of its own. What is read is taken for
/// hostile, and for changing while it is read: every word is read once and checked before it is used. Not thread-safe.
/// </remarks>
public sealed class FrameArea
{
    /// <summary>Bytes before the first place for a frame.</summary>
    public const int HeadBytes = 16;

    private const int StartWord = 4;
    private const int LengthWord = 8;
    private const uint OnSocket = 1;
    private const int Alignment = 64;

    private readonly SharedMemory _memory;
    private readonly int _offset;
    private readonly int _bytes;
    private readonly byte[] _length = new byte[FrameBuffer.HeaderBytes];
    private uint _word;
    private int _start;
    private int _frameBytes;
    private int _taken;

    /// <summary>One side's view of an area.</summary>
    /// <param name="memory">The memory; not owned.</param>
    /// <param name="offset">Where the area starts, a multiple of 4096.</param>
    /// <param name="bytes">Its bytes, head included; at least <see cref="SharedLayout.MinAreaBytes"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The area does not lie within the memory.</exception>
    public FrameArea(SharedMemory memory, int offset, int bytes)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, SharedLayout.MinAreaBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + bytes, memory.Memory.Length);
        _memory = memory;
        _offset = offset;
        _bytes = bytes;
    }

    /// <summary>Whether the frame that was seen last comes by the socket, because the area has no room for it.</summary>
    public bool IsOnSocket { get; private set; }

    /// <summary>Bytes of the frame that was seen last and have not been taken; 0 where it is on the socket.</summary>
    public int Rest => _frameBytes - _taken;

    /// <summary>Whether the other side has shown what <see cref="TrySee"/> has not seen yet: its next frame, or something that cannot be.</summary>
    public bool IsShown => Volatile.Read(ref _memory.Word(_offset)) != _word;

    /// <summary>Puts a frame into the area, for <see cref="Publish"/> to show; the first large piece lies aligned to 64 bytes.</summary>
    /// <param name="pieces">The frame's pieces in order, its length first.</param>
    /// <returns>False where the area has no room for it.</returns>
    public bool TryWrite(List<ReadOnlyMemory<byte>> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        long total = 0;
        foreach (var piece in CollectionsMarshal.AsSpan(pieces))
            total += piece.Length;
        if (total > _bytes - HeadBytes - Alignment)
            return false;
        var start = HeadBytes + (pieces.Count > 1 ? -(HeadBytes + pieces[0].Length) & (Alignment - 1) : 0);
        var target = Span.Slice(start, (int)total);
        foreach (var piece in CollectionsMarshal.AsSpan(pieces))
        {
            piece.Span.CopyTo(target);
            target = target[piece.Length..];
        }
        _memory.Word(_offset + StartWord) = (uint)start;
        _memory.Word(_offset + LengthWord) = (uint)total;
        return true;
    }

    /// <summary>Shows the other side the frame that was written last.</summary>
    /// <param name="number">Its number: the frame's before and one, from 1 on.</param>
    /// <param name="onSocket">Whether it comes by the socket instead.</param>
    public void Publish(uint number, bool onSocket)
    {
        Volatile.Write(ref _memory.Word(_offset), (number << 1) | (onSocket ? OnSocket : 0));
        // The word must be there before the caller looks whether the other side waits.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Looks for the other side's next frame.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>Whether it is there: then <see cref="IsOnSocket"/> and <see cref="Rest"/> tell of it.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: another frame, or one with a place or length that cannot be.</exception>
    public bool TrySee(uint number)
    {
        var word = Volatile.Read(ref _memory.Word(_offset));
        if (word == _word)
            return false;
        _word = word;
        if (word >> 1 != (number & (uint.MaxValue >> 1)))
            throw Malformed($"frame {word >> 1} lies there where frame {number} was due");
        IsOnSocket = (word & OnSocket) != 0;
        _taken = _frameBytes = 0;
        if (!IsOnSocket)
            Measure();
        return true;
    }

    /// <summary>Takes what fits of the rest of the frame.</summary>
    /// <param name="destination">Receives the bytes, those of the length as they were checked.</param>
    /// <returns>How many bytes were taken.</returns>
    public int Take(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, Rest);
        Span.Slice(_start + _taken, count).CopyTo(destination);
        if (_taken < _length.Length)
        {
            var known = Math.Min(count, _length.Length - _taken);
            _length.AsSpan(_taken, known).CopyTo(destination);
        }
        _taken += count;
        return count;
    }

    private Span<byte> Span => _memory.GetSpan().Slice(_offset, _bytes);

    private void Measure()
    {
        var start = Volatile.Read(ref _memory.Word(_offset + StartWord));
        var length = Volatile.Read(ref _memory.Word(_offset + LengthWord));
        if (start < HeadBytes || length <= FrameBuffer.HeaderBytes || (long)start + length > _bytes)
            throw Malformed($"a frame of {length} bytes is said to start at {start} of an area of {_bytes}");
        Span.Slice((int)start, _length.Length).CopyTo(_length);
        var payload = BinaryPrimitives.ReadUInt32BigEndian(_length);
        if (payload != length - FrameBuffer.HeaderBytes)
            throw Malformed($"a frame of {length} bytes is said to have a payload of {payload}");
        (_start, _frameBytes) = ((int)start, (int)length);
    }

    private static SocketGymException Malformed(string what) => new(ErrorCode.MalformedMessage, $"In the shared memory {what}.");
}
