using System.Buffers;
using System.Buffers.Binary;

namespace SocketGym.Protocol.Framing;

/// <summary>One outgoing frame: its length, small pieces copied into one buffer, and large ones by reference where they lie.</summary>
/// <remarks>
/// Not thread-safe. Used again and again: after <see cref="Clear"/> it keeps its memory, so that a connection in steady state
/// allocates nothing. Memory given to <see cref="WriteReference"/> must not change until the frame is sent.
/// </remarks>
public sealed class FrameBuffer : IBufferWriter<byte>
{
    /// <summary>Bytes of the length before the payload.</summary>
    public const int HeaderBytes = 4;

    /// <summary>From this size on a piece is worth sending from where it lies rather than copying.</summary>
    public const int ReferenceThreshold = 32 * 1024;

    private const int InitialBytes = 1024;
    private const int MaxKeptBytes = 1024 * 1024;

    private readonly List<(int Offset, ReadOnlyMemory<byte> Data)> _references = [];
    private byte[] _buffer = new byte[InitialBytes];
    private int _written = HeaderBytes;
    private long _referenced;

    /// <summary>Bytes of the payload so far.</summary>
    public long PayloadLength => _written - HeaderBytes + _referenced;

    /// <summary>Empties the frame, keeping memory up to 1 MiB.</summary>
    public void Clear()
    {
        if (_buffer.Length > MaxKeptBytes)
            _buffer = new byte[InitialBytes];
        _references.Clear();
        _written = HeaderBytes;
        _referenced = 0;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _written);
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    /// <summary>Appends bytes: by reference from <see cref="ReferenceThreshold"/> on, else by copying them.</summary>
    /// <param name="data">The bytes; a large piece must stay as it is until the frame is sent.</param>
    public void WriteReference(ReadOnlyMemory<byte> data)
    {
        if (data.Length < ReferenceThreshold)
        {
            data.Span.CopyTo(GetSpan(data.Length));
            Advance(data.Length);
            return;
        }
        _references.Add((_written, data));
        _referenced += data.Length;
    }

    /// <summary>Writes the length in front and lists the frame's pieces in order.</summary>
    /// <param name="pieces">Receives the pieces; valid until <see cref="Clear"/>.</param>
    /// <exception cref="InvalidOperationException">The payload is empty or longer than 2^32 - 1 bytes.</exception>
    public void Complete(List<ReadOnlyMemory<byte>> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (PayloadLength is <= 0 or > uint.MaxValue)
            throw new InvalidOperationException($"A payload of {PayloadLength} bytes does not fit a frame.");
        BinaryPrimitives.WriteUInt32BigEndian(_buffer, (uint)PayloadLength);
        pieces.Clear();
        var start = 0;
        foreach (var (offset, data) in _references)
        {
            if (offset > start)
                pieces.Add(_buffer.AsMemory(start, offset - start));
            pieces.Add(data);
            start = offset;
        }
        if (_written > start)
            pieces.Add(_buffer.AsMemory(start, _written - start));
    }

    private void Reserve(int sizeHint)
    {
        var needed = checked(_written + Math.Max(sizeHint, 1));
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Max(needed, Math.Min(_buffer.Length * 2L, Array.MaxLength)));
    }
}
