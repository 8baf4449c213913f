using System.Buffers;
using System.IO.Pipelines;
using SocketGym.Core.Errors;

namespace SocketGym.Client.Internal;

/// <summary>The replies' bytes: a pipe whose reads receive on the calling thread, and so always complete at once.</summary>
/// <remarks>
/// A reply lies in one piece and, because one request has one reply, always at the start of the same memory: arrays can refer to it
/// until the next read.
/// </remarks>
internal sealed class ReplyPipe(ClientSocket socket) : PipeReader
{
    private const int InitialBytes = 16 * 1024;

    private byte[] _memory = new byte[InitialBytes];
    private int _received;
    private bool _ended;
    private bool _hasUnread;

    /// <summary>Where they come from.</summary>
    public IClientStream Stream { get; set; } = socket;

    /// <summary>How many bytes were received and not yet given back.</summary>
    public int Buffered => _received;

    /// <summary>Receives a reply whose first bytes are known, and the data after them into the caller's memory.</summary>
    /// <param name="start">The frame's length and what follows it up to the data.</param>
    /// <param name="data">Where the data goes.</param>
    /// <param name="tailBytes">How many bytes follow the data: with the others as many as the frame's length says.</param>
    /// <param name="tail">Receives them; valid until the next call.</param>
    /// <returns>False where the reply starts otherwise, or there is none: what has come stays for the next read, and nothing was written.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.TruncatedFrame"/>: the stream ended among the data or the tail.</exception>
    public bool TryReceive(ReadOnlySpan<byte> start, Span<byte> data, int tailBytes, out ReadOnlyMemory<byte> tail)
    {
        tail = default;
        // No wait for bytes of another reply, which may be shorter: they are compared as they come, and the length comes first.
        while (_received < start.Length)
        {
            var count = Stream.Receive(_memory.AsSpan(_received, start.Length - _received));
            _received += count;
            _ended = count == 0;
            if (_ended || !start.StartsWith(_memory.AsSpan(0, _received)))
            {
                _hasUnread = true;
                return false;
            }
        }
        // It lay in this memory when the form was learned, so there is room.
        var rest = _memory.AsMemory(start.Length, tailBytes);
        Fill(data);
        Fill(rest.Span);
        tail = rest;
        _received = 0;
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_hasUnread)
        {
            _hasUnread = false;
            TryRead(out var present);
            return new(present);
        }
        // As much again as has arrived: what a peer declares allocates nothing by itself.
        if (_received == _memory.Length)
            Array.Resize(ref _memory, (int)Math.Min(2L * _memory.Length, Array.MaxLength));
        var count = Stream.Receive(_memory.AsSpan(_received));
        _received += count;
        _ended = count == 0;
        return new(new ReadResult(new ReadOnlySequence<byte>(_memory, 0, _received), isCanceled: false, isCompleted: _ended));
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        result = new(new ReadOnlySequence<byte>(_memory, 0, _received), isCanceled: false, isCompleted: _ended);
        return _received > 0 || _ended;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var rest = _memory.AsSpan(consumed.GetInteger(), _received - consumed.GetInteger());
        rest.CopyTo(_memory);
        _received = rest.Length;
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => socket.Abort();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
    }

    private void Fill(Span<byte> bytes)
    {
        for (var left = bytes; !left.IsEmpty;)
        {
            var count = Stream.Receive(left);
            if (count == 0)
                throw new SocketGymException(ErrorCode.TruncatedFrame, $"The connection ended {left.Length} bytes before the end of an array, or of what follows it.");
            left = left[count..];
        }
    }
}
