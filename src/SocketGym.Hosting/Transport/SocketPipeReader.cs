using System.Buffers;
using System.IO.Pipelines;

namespace SocketGym.Hosting.Transport;

/// <summary>A <see cref="PipeReader"/> whose reads are synchronous receives on the calling thread, returned as completed tasks.</summary>
/// <remarks>
/// One buffer, always contiguous, so that a frame is one span. It grows with what has arrived, never with what a peer announces. After a frame of more
/// than a mebibyte it shrinks again at once, and after a smaller one when many that need less have followed. Not thread-safe.
/// </remarks>
internal sealed class SocketPipeReader(IByteStream stream) : PipeReader
{
    private const int SmallBytes = 4 * 1024;
    private const int MaxKeptBytes = 1024 * 1024;

    // A vector's actions are a large frame each step: growing anew for every one would cost more than the step.
    private const int MostSmallFrames = 256;

    private byte[] _buffer = new byte[SmallBytes];
    private int _start;
    private int _end;
    private int _examined;
    private int _smallFrames;
    private bool _ended;

    /// <summary>Where the bytes come from.</summary>
    public IByteStream Stream { get; set; } = stream;

    /// <summary>Whether bytes were received that no frame has been made of yet.</summary>
    public bool HasRest => _end > _start;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!TryRead(out var result))
        {
            Receive();
            result = Current();
        }
        return new ValueTask<ReadResult>(result);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        result = Current();
        return _ended || _end > _examined;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _start = consumed.GetInteger();
        _examined = examined.GetInteger();
        if (_start != _end)
            return;
        _smallFrames = _end > SmallBytes ? 0 : _smallFrames + 1;
        _start = _end = _examined = 0;
        if (_buffer.Length > MaxKeptBytes || (_buffer.Length > SmallBytes && _smallFrames >= MostSmallFrames))
            _buffer = new byte[SmallBytes];
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => throw new NotSupportedException("A blocked receive ends when the socket's receiving side is shut down.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _ended = true;

    // The positions of a sequence over one array are indices into that array, which AdvanceTo relies on.
    private ReadResult Current() => new(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled: false, _ended);

    private void Receive()
    {
        MakeRoom();
        var received = Stream.Receive(_buffer.AsSpan(_end));
        _end += received;
        _ended = received == 0;
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
            return;
        var length = _end - _start;
        // At least half of the buffer free after this, so that a large frame costs a few large receives.
        var target = length > _buffer.Length / 2 ? new byte[(int)Math.Min(2L * _buffer.Length, Array.MaxLength)] : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(target);
        _examined -= _start;
        _buffer = target;
        _start = 0;
        _end = length;
    }
}
