using System.Buffers.Binary;
using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>The memory that replies are received into, one after the other, each from its start.</summary>
/// <remarks>
/// A reply lies in one piece and always in the same place, so that arrays can refer to it: they are valid until the next
/// <see cref="Receive"/>, or for good once <see cref="Detach"/> was called.
/// </remarks>
internal sealed class ReplyBuffer(MessageLimits limits)
{
    private const int InitialBytes = 16 * 1024;

    // A declared length is believed up to here; beyond it memory grows as bytes arrive.
    private const int TrustedBytes = 4 * 1024 * 1024;

    private byte[] _memory = [];

    /// <summary>Receives one frame.</summary>
    /// <returns>Its payload.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.ConnectionLost"/>, <see cref="ErrorCode.TruncatedFrame"/>, <see cref="ErrorCode.RequestTimeout"/>, <see cref="ErrorCode.EmptyFrame"/>,
    /// <see cref="ErrorCode.FrameTooLarge"/>, <see cref="ErrorCode.MalformedMessage"/> for bytes after the reply.
    /// </exception>
    public ReadOnlyMemory<byte> Receive(ClientSocket socket, Deadline deadline)
    {
        if (_memory.Length == 0)
            _memory = new byte[InitialBytes];
        var received = 0;
        var frameBytes = int.MaxValue;
        while (received < frameBytes)
        {
            var count = socket.Receive(_memory.AsSpan(received), deadline);
            if (count == 0)
                throw Ended(received, frameBytes);
            received += count;
            if (frameBytes == int.MaxValue && received >= FrameBuffer.HeaderBytes)
                frameBytes = FrameBuffer.HeaderBytes + LengthOf(_memory);
            if (received == _memory.Length && received < frameBytes)
                Grow(received, frameBytes);
        }
        if (received > frameBytes)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The server sent {received - frameBytes} bytes after its reply, though a request has exactly one.");
        return _memory.AsMemory(FrameBuffer.HeaderBytes, frameBytes - FrameBuffer.HeaderBytes);
    }

    /// <summary>Leaves the last reply's memory to whoever refers to it; the next reply gets memory of its own.</summary>
    public void Detach() => _memory = [];

    private static SocketGymException Ended(int received, int frameBytes)
    {
        if (received == 0)
            return new SocketGymException(ErrorCode.ConnectionLost, "The server ended the connection while a reply was due.");
        var expected = frameBytes == int.MaxValue ? "its length" : $"{frameBytes} bytes";
        return new SocketGymException(ErrorCode.TruncatedFrame, $"The server ended the connection inside a reply: {received} bytes came of {expected}.");
    }

    private int LengthOf(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length == 0)
            throw new SocketGymException(ErrorCode.EmptyFrame, "The server sent a frame of length 0.");
        if (length > Math.Min(limits.MaxFrameBytes, Array.MaxLength - FrameBuffer.HeaderBytes))
        {
            throw new SocketGymException(
                ErrorCode.FrameTooLarge, $"The server announced a reply of {length} bytes; at most {limits.MaxFrameBytes} are accepted (SocketGymClientOptions.Limits).");
        }
        return (int)length;
    }

    private void Grow(int received, int frameBytes)
    {
        var believed = Math.Min(frameBytes, Math.Max(TrustedBytes, 2L * received));
        var size = (int)Math.Min(BitOperations.RoundUpToPowerOf2((ulong)believed), (ulong)Array.MaxLength);
        var larger = GC.AllocateUninitializedArray<byte>(size);
        _memory.AsSpan(0, received).CopyTo(larger);
        _memory = larger;
    }
}
