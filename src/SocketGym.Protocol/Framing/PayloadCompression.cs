using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using SocketGym.Core.Errors;

namespace SocketGym.Protocol.Framing;

/// <summary>The payloads of a connection whose sides have agreed on compression (docs/protocol.md, section 9): a byte that says how the message follows, and the message.</summary>
/// <remarks>
/// Not thread-safe. One object serves both directions of a connection and keeps its buffers from message to message; each message that is compressed or inflated costs the objects of one
/// <see cref="ZLibStream"/>, which cannot be used again, and for that time zlib's own state of some 300 KiB.
/// </remarks>
public sealed class PayloadCompression
{
    /// <summary>The key in <c>hello</c>.</summary>
    public const string Key = "compression";

    /// <summary>The only kind of compression there is: RFC 1950.</summary>
    public const string Zlib = "zlib";

    /// <summary>From this size on a message is worth an attempt, in bytes.</summary>
    public const int ThresholdBytes = 512;

    private const byte Plain = 0;
    private const byte Compressed = 1;
    private const int HeadBytes = 1 + sizeof(uint);
    private const int InitialBytes = 16 * 1024;
    private const int MaxKeptBytes = 1024 * 1024;

    private readonly uint _maxMessageBytes;
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private readonly FrameBuffer _packed = new();
    private byte[] _inflated = [];

    /// <summary>Starts where both sides have agreed.</summary>
    /// <param name="maxMessageBytes">The longest message accepted once it is inflated, in bytes; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public PayloadCompression(int maxMessageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMessageBytes);
        _maxMessageBytes = (uint)maxMessageBytes;
    }

    /// <summary>Makes the frame of a message, compressed where that makes it smaller.</summary>
    /// <param name="message">The message, not empty; it must stay as it is until the frame is sent.</param>
    /// <returns>The frame, valid until the next call.</returns>
    public FrameBuffer Pack(FrameBuffer message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.Complete(_pieces);
        _pieces[0] = _pieces[0][FrameBuffer.HeaderBytes..];
        if (message.PayloadLength < ThresholdBytes || !TryDeflate(message.PayloadLength))
        {
            _packed.Clear();
            _packed.GetSpan(1)[0] = Plain;
            _packed.Advance(1);
            foreach (var piece in _pieces)
                _packed.WriteReference(piece);
        }
        _pieces.Clear();
        return _packed;
    }

    /// <summary>Takes the message out of a payload.</summary>
    /// <param name="payload">The payload.</param>
    /// <returns>The message, in one piece where the payload is; valid until the next call or <see cref="Release"/>, and no longer than the payload.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.FrameTooLarge"/>: it says that it is longer than the limit, in which case nothing was allocated for it; <see cref="ErrorCode.MalformedMessage"/>: anything else is wrong with it.
    /// </exception>
    public ReadOnlySequence<byte> Unpack(in ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        if (!reader.TryRead(out var kind) || kind > Compressed)
            throw Malformed($"A payload begins with {kind}; on this connection it begins with {Plain} (the message follows) or {Compressed} (it follows compressed).");
        if (kind == Plain)
            return reader.End ? throw Malformed("A payload has no message.") : reader.UnreadSequence;
        if (!reader.TryReadBigEndian(out int declared) || declared == 0)
            throw Malformed("A compressed payload does not say how long its message is.");
        var length = (uint)declared;
        if (length > _maxMessageBytes)
            throw new SocketGymException(ErrorCode.FrameTooLarge, $"A message of {length} bytes was sent compressed and the limit is {_maxMessageBytes}; raise the limit or send less.");
        Inflate(reader.UnreadSequence, (int)length);
        return new ReadOnlySequence<byte>(_inflated, 0, (int)length);
    }

    /// <summary>Gives the memory of a message beyond 1 MiB back, for a side that keeps none while it waits.</summary>
    public void Release()
    {
        if (_inflated.Length > MaxKeptBytes)
            _inflated = [];
    }

    private bool TryDeflate(long length)
    {
        _packed.Clear();
        var head = _packed.GetSpan(HeadBytes);
        head[0] = Compressed;
        BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)length);
        _packed.Advance(HeadBytes);
        using (var output = new DeflatedOutput(_packed))
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest))
        {
            foreach (var piece in _pieces)
                zlib.Write(piece.Span);
        }
        return _packed.PayloadLength <= length;
    }

    // The buffer grows with what comes out, never with what is declared, and one byte beyond that is the most that is ever inflated.
    private void Inflate(in ReadOnlySequence<byte> deflated, int length)
    {
        using var input = new DeflatedInput(deflated);
        try
        {
            using var zlib = new ZLibStream(input, CompressionMode.Decompress, leaveOpen: true);
            var filled = 0;
            while (filled < length)
            {
                if (filled == _inflated.Length)
                    Array.Resize(ref _inflated, (int)Math.Min(Math.Max(2L * filled, InitialBytes), Math.Max(length, MaxKeptBytes)));
                var count = zlib.Read(_inflated.AsSpan(filled, Math.Min(_inflated.Length, length) - filled));
                if (count == 0)
                    throw Malformed($"A compressed message ended after {filled} of its {length} bytes.");
                filled += count;
            }
            Span<byte> beyond = stackalloc byte[1];
            if (zlib.Read(beyond) != 0)
                throw Malformed($"A compressed message is longer than the {length} bytes that it announces.");
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new SocketGymException(ErrorCode.MalformedMessage, "A compressed message is no zlib stream.", error);
        }
        if (!input.IsUsedExactly)
            throw Malformed("A compressed message is cut off, or bytes follow it.");
    }

    private static SocketGymException Malformed(string message) => new(ErrorCode.MalformedMessage, message);
}
