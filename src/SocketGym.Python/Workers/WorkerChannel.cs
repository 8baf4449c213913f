using System.Buffers.Binary;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Python.Workers;

/// <summary>Requests and replies over two pipes: a big-endian u32 length and one pickle each.</summary>
/// <remarks>One thread sends and one receives, perhaps another. It keeps its buffers, so that a message of a size seen before allocates none.</remarks>
internal sealed class WorkerChannel : IDisposable
{
    private const int HeaderBytes = 4;
    private const int FirstBufferBytes = 4096;
    private const int MaxKeptBytes = 4 * 1024 * 1024;

    private readonly PipeEnd _requests;
    private readonly PipeEnd _replies;
    private readonly MessageLimits _limits;
    private readonly MessagePickle _pickle;
    private bool _mayRunAhead;
    private byte[] _buffer = new byte[FirstBufferBytes];

    /// <summary>Makes a channel.</summary>
    /// <param name="requests">The worker's standard input; owned.</param>
    /// <param name="replies">The worker's standard output; owned.</param>
    /// <param name="limits">What a request or a reply may hold.</param>
    /// <param name="mayRunAhead">Whether a message may come before the one ahead of it was received; otherwise it is taken for what something else wrote.</param>
    public WorkerChannel(PipeEnd requests, PipeEnd replies, MessageLimits limits, bool mayRunAhead = false)
    {
        _mayRunAhead = mayRunAhead;
        _requests = requests;
        _replies = replies;
        _limits = limits;
        _pickle = new MessagePickle(limits);
    }

    /// <summary>Writes bytes that are no message.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool WriteRaw(ReadOnlySpan<byte> data, long deadline) => _requests.Write(data, deadline);

    /// <summary>Writes a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="SocketGymException">The request has no encoding; nothing was written.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool Send(Value request, long deadline)
    {
        _ = Encode(request);
        return SendEncoded(deadline);
    }

    /// <summary>Encodes a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The bytes of its pickle.</returns>
    /// <exception cref="SocketGymException">The request has no encoding.</exception>
    public long Encode(Value request) => _pickle.Encode(request);

    /// <summary>Writes what was encoded last.</summary>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool SendEncoded(long deadline)
    {
        foreach (var piece in _pickle.Framed)
        {
            if (!_requests.Write(piece.Span, deadline))
                return false;
        }
        return true;
    }

    /// <summary>Copies the pickle that was encoded last.</summary>
    /// <param name="destination">At least as long.</param>
    public void CopyEncodedTo(Span<byte> destination) => _pickle.CopyTo(destination);

    /// <summary>Has a worker that waits look at the shared memory.</summary>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool Ring(long deadline) => _requests.Write([0, 0, 0, 0], deadline);

    /// <summary>From now on rings may come, and reading waits without looking again and again: shared memory is where that is done.</summary>
    public void ExpectRings()
    {
        _mayRunAhead = true;
        _replies.StopSpinning();
    }

    /// <summary>Waits until there is something to receive.</summary>
    /// <param name="timeoutMs">How long at most.</param>
    /// <returns>Whether there is.</returns>
    public bool WaitForAny(int timeoutMs) => _replies.IsReadable(timeoutMs);

    /// <summary>Waits for a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker has ended.</returns>
    /// <exception cref="InvalidDataException">What came is no reply: something else writes into the pipe.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: the reply holds what cannot be read.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool TryReceive(out Value reply, long deadline) => TryReceiveAny(out reply, deadline) switch
    {
        Received.Message => true,
        Received.End => false,
        _ => throw new InvalidDataException("It sent a message of no bytes."),
    };

    /// <summary>Waits for a reply or a ring.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>What came.</returns>
    /// <exception cref="InvalidDataException">What came is no reply: something else writes into the pipe.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: the reply holds what cannot be read.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public Received TryReceiveAny(out Value reply, long deadline)
    {
        reply = default;
        var count = 0;
        while (count < HeaderBytes)
        {
            var read = _replies.Read(_mayRunAhead ? _buffer.AsSpan(count, HeaderBytes - count) : _buffer.AsSpan(count), deadline);
            if (read == 0)
                return Received.End;
            count += read;
        }
        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer);
        if (length > _limits.MaxFrameBytes || count > HeaderBytes + length)
            throw new InvalidDataException($"Its first bytes are {Convert.ToHexString(_buffer, 0, Math.Min(count, 16))}.");
        if (length == 0)
            return Received.Ring;
        var end = HeaderBytes + (int)length;
        Reserve(end, count);
        while (count < end)
        {
            var read = _replies.Read(_buffer.AsSpan(count, end - count), deadline);
            if (read == 0)
                return Received.End;
            count += read;
        }
        reply = Decode(_buffer.AsMemory(HeaderBytes, (int)length));
        return Received.Message;
    }

    /// <summary>Reads a pickle of the worker's.</summary>
    /// <param name="pickle">The pickle.</param>
    /// <returns>The value, which has memory of its own.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: it holds what cannot be read.</exception>
    public Value Decode(ReadOnlyMemory<byte> pickle) => _pickle.Decode(pickle);

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.Dispose();
        _replies.Dispose();
    }

    private void Reserve(int needed, int used)
    {
        var isTooLarge = _buffer.Length > MaxKeptBytes && needed <= MaxKeptBytes;
        if (needed <= _buffer.Length && !isTooLarge)
            return;
        var larger = new byte[Math.Max(needed, FirstBufferBytes)];
        _buffer.AsSpan(0, used).CopyTo(larger);
        _buffer = larger;
    }
}
