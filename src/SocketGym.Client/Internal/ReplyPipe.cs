using System.Buffers;
using System.IO.Pipelines;

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

    /// <summary>Where they come from.</summary>
    public IClientStream Stream { get; set; } = socket;

    /// <summary>How many bytes were received and not yet given back.</summary>
    public int Buffered => _received;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
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
}
