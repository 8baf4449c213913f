using System.Buffers;

namespace SocketGym.Protocol.Framing;

/// <summary>A payload as the stream that an inflater reads, which knows whether the inflater needed exactly all of it.</summary>
/// <remarks>
/// .NET's own inflater tells neither that its stream is cut off nor that bytes follow it. So the last byte is handed out by itself: who has all of a stream before it, or asks for more after it, was given
/// something else than one whole stream.
/// </remarks>
internal sealed class DeflatedInput(ReadOnlySequence<byte> payload) : Stream
{
    private ReadOnlySequence<byte> _rest = payload;
    private bool _askedBeyond;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Whether all of it was read and nothing after it was asked for.</summary>
    public bool IsUsedExactly => _rest.IsEmpty && !_askedBeyond;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        _askedBeyond |= _rest.IsEmpty;
        var count = (int)Math.Min(Math.Max(_rest.Length - 1, 1), Math.Min(_rest.Length, buffer.Length));
        _rest.Slice(0, count).CopyTo(buffer);
        _rest = _rest.Slice(count);
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
