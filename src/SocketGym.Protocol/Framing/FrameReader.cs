using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using SocketGym.Core.Errors;

namespace SocketGym.Protocol.Framing;

/// <summary>Incoming frames of one connection, one at a time, in the bytes where they arrived.</summary>
/// <remarks>
/// Not thread-safe. Meant for a <see cref="PipeReader"/> whose reads complete at once: then nothing is allocated per frame.
/// With any other it blocks the calling thread until bytes come.
/// </remarks>
public sealed class FrameReader
{
    private readonly PipeReader _pipe;
    private readonly uint _maxFrameBytes;
    private SequencePosition _frameEnd;
    private bool _holdsFrame;

    /// <summary>Reads frames from a pipe.</summary>
    /// <param name="pipe">The bytes of the connection; the caller completes it.</param>
    /// <param name="maxFrameBytes">The longest payload accepted, in bytes; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public FrameReader(PipeReader pipe, int maxFrameBytes)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFrameBytes);
        _pipe = pipe;
        _maxFrameBytes = (uint)maxFrameBytes;
    }

    /// <summary>Waits for one whole frame.</summary>
    /// <param name="payload">The payload, valid until <see cref="Release"/>; never empty when the result is true.</param>
    /// <returns>True for a frame; false when the peer closed the connection between frames.</returns>
    /// <exception cref="InvalidOperationException">The frame before was not released.</exception>
    /// <exception cref="OperationCanceledException"><see cref="PipeReader.CancelPendingRead"/> was called; no byte is lost, and the call may be repeated.</exception>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.EmptyFrame"/> and <see cref="ErrorCode.FrameTooLarge"/>, both before any of the payload is waited for;
    /// <see cref="ErrorCode.TruncatedFrame"/> when the connection ended inside a frame. The stream cannot be read on after any of them.
    /// </exception>
    public bool TryReadFrame(out ReadOnlySequence<byte> payload)
    {
        if (_holdsFrame)
            throw new InvalidOperationException("The frame before is still held; call Release before reading the next one.");
        while (true)
        {
            var read = Read();
            var buffer = read.Buffer;
            // Whatever happens below, every read is followed by exactly one AdvanceTo; a frame's own comes with Release.
            var examined = buffer.Start;
            try
            {
                if (TrySlice(buffer, out payload))
                {
                    _frameEnd = payload.End;
                    _holdsFrame = true;
                    return true;
                }
                if (read.IsCanceled)
                    throw new OperationCanceledException("The read was cancelled.");
                examined = buffer.End;
                if (read.IsCompleted)
                    return buffer.IsEmpty ? false : throw Truncated(buffer);
            }
            finally
            {
                if (!_holdsFrame)
                    _pipe.AdvanceTo(buffer.Start, examined);
            }
        }
    }

    /// <summary>Gives the frame's bytes back; without a frame it does nothing.</summary>
    public void Release()
    {
        if (!_holdsFrame)
            return;
        _holdsFrame = false;
        _pipe.AdvanceTo(_frameEnd);
    }

    private ReadResult Read()
    {
        var read = _pipe.ReadAsync();
        return read.IsCompleted ? read.GetAwaiter().GetResult() : read.AsTask().GetAwaiter().GetResult();
    }

    private bool TrySlice(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (buffer.Length < FrameBuffer.HeaderBytes)
            return false;
        var length = ReadLength(buffer);
        if (length == 0)
            throw new SocketGymException(ErrorCode.EmptyFrame, "A frame has length 0; every frame carries a message.");
        if (length > _maxFrameBytes)
        {
            throw new SocketGymException(
                ErrorCode.FrameTooLarge, $"A frame is {length} bytes long and the limit is {_maxFrameBytes}; raise the limit or send less.");
        }
        if (buffer.Length - FrameBuffer.HeaderBytes < length)
            return false;
        payload = buffer.Slice(FrameBuffer.HeaderBytes, length);
        return true;
    }

    private static uint ReadLength(in ReadOnlySequence<byte> buffer)
    {
        var first = buffer.FirstSpan;
        if (first.Length >= FrameBuffer.HeaderBytes)
            return BinaryPrimitives.ReadUInt32BigEndian(first);
        Span<byte> header = stackalloc byte[FrameBuffer.HeaderBytes];
        buffer.Slice(0, FrameBuffer.HeaderBytes).CopyTo(header);
        return BinaryPrimitives.ReadUInt32BigEndian(header);
    }

    private static SocketGymException Truncated(in ReadOnlySequence<byte> buffer) => buffer.Length < FrameBuffer.HeaderBytes
        ? new(ErrorCode.TruncatedFrame, $"The connection ended after {buffer.Length} of the {FrameBuffer.HeaderBytes} bytes of a frame's length.")
        : new(ErrorCode.TruncatedFrame, $"The connection ended after {buffer.Length - FrameBuffer.HeaderBytes} of a frame's {ReadLength(buffer)} bytes.");
}
