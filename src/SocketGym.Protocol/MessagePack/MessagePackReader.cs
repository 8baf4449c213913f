using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SocketGym.Core.Errors;

namespace SocketGym.Protocol.MessagePack;

/// <summary>Reads MessagePack's primitives from bytes that may lie in several segments.</summary>
/// <remarks>
/// Shaped like the type of the same name in MessagePack-CSharp, so that the package could take its place. Strict: every length and count is
/// compared with the bytes that remain before it is returned, so a caller may allocate by it.
/// Unless said otherwise every method throws <see cref="SocketGymException"/> with <see cref="ErrorCode.MalformedMessage"/>
/// where the bytes end early or the next value is of another type; the position is then undefined.
/// </remarks>
public ref struct MessagePackReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SequenceReader<byte> _reader;

    /// <summary>Reads from the start of some bytes.</summary>
    /// <param name="sequence">The bytes; they must not change while they are read.</param>
    public MessagePackReader(in ReadOnlySequence<byte> sequence) => _reader = new SequenceReader<byte>(sequence);

    /// <summary>Bytes read so far.</summary>
    public readonly long Consumed => _reader.Consumed;

    /// <summary>Bytes not read yet.</summary>
    public readonly long Remaining => _reader.Remaining;

    /// <summary>Whether every byte is read.</summary>
    public readonly bool End => _reader.End;

    /// <summary>The first byte of the next value, without reading it.</summary>
    public readonly byte NextCode => _reader.TryPeek(out var code) ? code : throw EndsEarly(1, 0);

    /// <summary>The family of the next value, without reading it.</summary>
    public readonly MessagePackType NextMessagePackType => MessagePackCode.TypeOf(NextCode);

    /// <summary>A second reader at the same place, to look ahead with.</summary>
    public readonly MessagePackReader CreatePeekReader() => this;

    /// <summary>Reads nil.</summary>
    public void ReadNil()
    {
        if (!TryReadNil())
            throw Unexpected("nil");
    }

    /// <summary>Reads nil if it comes next.</summary>
    /// <returns>Whether it did; else nothing is read.</returns>
    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
            return false;
        _reader.Advance(1);
        return true;
    }

    /// <summary>Reads true or false.</summary>
    public bool ReadBoolean()
    {
        var code = NextCode;
        if (code is not (MessagePackCode.True or MessagePackCode.False))
            throw Unexpected("a boolean");
        _reader.Advance(1);
        return code == MessagePackCode.True;
    }

    /// <summary>Reads a float of 64 or 32 bits; a NaN of 64 bits keeps its payload.</summary>
    public double ReadDouble()
    {
        var code = NextCode;
        if (code is not (MessagePackCode.Float64 or MessagePackCode.Float32))
            throw Unexpected("a float");
        _reader.Advance(1);
        return code == MessagePackCode.Float64
            ? BitConverter.UInt64BitsToDouble(ReadBigEndian(8))
            : BitConverter.UInt32BitsToSingle((uint)ReadBigEndian(4));
    }

    /// <summary>Reads an integer of any width.</summary>
    /// <exception cref="SocketGymException">Also when the integer is above 2^63 - 1.</exception>
    public long ReadInt64()
    {
        var bits = ReadInteger(out var isUnsigned);
        return isUnsigned && bits > long.MaxValue ? throw OutOfRange(bits.ToString(System.Globalization.CultureInfo.InvariantCulture)) : (long)bits;
    }

    /// <summary>Reads an integer of any width.</summary>
    /// <exception cref="SocketGymException">Also when the integer is negative.</exception>
    public ulong ReadUInt64()
    {
        var bits = ReadInteger(out var isUnsigned);
        return isUnsigned || (long)bits >= 0 ? bits : throw OutOfRange(((long)bits).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Reads an integer of any width.</summary>
    /// <exception cref="SocketGymException">Also when the integer is outside 0 .. 2^32 - 1.</exception>
    public uint ReadUInt32()
    {
        var number = ReadUInt64();
        return number <= uint.MaxValue ? (uint)number : throw OutOfRange(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Reads the count of an array; its items follow.</summary>
    /// <returns>The count, at most the number of bytes that remain.</returns>
    public int ReadArrayHeader()
    {
        var code = NextCode;
        if (MessagePackCode.TypeOf(code) != MessagePackType.Array)
            throw Unexpected("an array");
        _reader.Advance(1);
        var count = code switch
        {
            MessagePackCode.Array16 => ReadBigEndian(2),
            MessagePackCode.Array32 => ReadBigEndian(4),
            _ => (uint)(code & 0x0f),
        };
        // Every item takes a byte at least.
        return (int)RequireBytes(count);
    }

    /// <summary>Reads the count of a map; that many keys and values follow, in turn.</summary>
    /// <returns>The count of pairs, at most half the number of bytes that remain.</returns>
    public int ReadMapHeader()
    {
        var code = NextCode;
        if (MessagePackCode.TypeOf(code) != MessagePackType.Map)
            throw Unexpected("a map");
        _reader.Advance(1);
        var count = code switch
        {
            MessagePackCode.Map16 => ReadBigEndian(2),
            MessagePackCode.Map32 => ReadBigEndian(4),
            _ => (uint)(code & 0x0f),
        };
        return (int)(RequireBytes(2 * count) / 2);
    }

    /// <summary>Reads the type and length of an extension; its bytes follow, see <see cref="ReadRaw"/>.</summary>
    /// <returns>The header; its length is at most the number of bytes that remain.</returns>
    public ExtensionHeader ReadExtensionFormatHeader()
    {
        var code = NextCode;
        if (MessagePackCode.TypeOf(code) != MessagePackType.Extension)
            throw Unexpected("an extension");
        _reader.Advance(1);
        var length = code switch
        {
            MessagePackCode.Ext8 => ReadBigEndian(1),
            MessagePackCode.Ext16 => ReadBigEndian(2),
            MessagePackCode.Ext32 => ReadBigEndian(4),
            _ => 1u << (code - MessagePackCode.FixExt1),
        };
        var type = (sbyte)ReadBigEndian(1);
        return new ExtensionHeader(type, (uint)RequireBytes(length));
    }

    /// <summary>Reads the bytes of a binary value.</summary>
    /// <returns>The bytes where they lie, valid as long as the reader's sequence.</returns>
    public ReadOnlySequence<byte> ReadBytes()
    {
        var code = NextCode;
        if (MessagePackCode.TypeOf(code) != MessagePackType.Binary)
            throw Unexpected("binary data");
        _reader.Advance(1);
        return ReadRaw((long)ReadBigEndian(1 << (code - MessagePackCode.Bin8)));
    }

    /// <summary>Reads the bytes of a string without looking at them.</summary>
    /// <returns>The bytes where they lie, valid as long as the reader's sequence.</returns>
    public ReadOnlySequence<byte> ReadStringSequence()
    {
        var code = NextCode;
        if (MessagePackCode.TypeOf(code) != MessagePackType.String)
            throw Unexpected("a string");
        _reader.Advance(1);
        return ReadRaw(code <= MessagePackCode.MaxFixStr ? code & 0x1f : (long)ReadBigEndian(1 << (code - MessagePackCode.Str8)));
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="SocketGymException">Also when the bytes are not UTF-8.</exception>
    public string ReadString()
    {
        var bytes = ReadStringSequence();
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A string is not UTF-8: {exception.Message}", exception);
        }
    }

    /// <summary>Reads bytes as they are.</summary>
    /// <param name="length">How many bytes; not negative.</param>
    /// <returns>The bytes where they lie, valid as long as the reader's sequence.</returns>
    public ReadOnlySequence<byte> ReadRaw(long length)
    {
        RequireBytes((ulong)length);
        var raw = _reader.UnreadSequence.Slice(0, length);
        _reader.Advance(length);
        return raw;
    }

    /// <summary>An integer's 64 bits; signed ones are sign-extended.</summary>
    internal ulong ReadInteger(out bool isUnsigned)
    {
        var code = NextCode;
        if (MessagePackCode.TypeOf(code) != MessagePackType.Integer)
            throw Unexpected("an integer");
        _reader.Advance(1);
        isUnsigned = code is <= MessagePackCode.MaxFixInt or (>= MessagePackCode.UInt8 and <= MessagePackCode.UInt64);
        return code switch
        {
            <= MessagePackCode.MaxFixInt => code,
            >= MessagePackCode.MinNegativeFixInt => (ulong)(sbyte)code,
            <= MessagePackCode.UInt64 => ReadBigEndian(1 << (code - MessagePackCode.UInt8)),
            MessagePackCode.Int8 => (ulong)(sbyte)ReadBigEndian(1),
            MessagePackCode.Int16 => (ulong)(short)ReadBigEndian(2),
            MessagePackCode.Int32 => (ulong)(int)ReadBigEndian(4),
            _ => ReadBigEndian(8),
        };
    }

    private ulong ReadBigEndian(int size)
    {
        var span = _reader.UnreadSpan;
        if (span.Length < size)
            return ReadBigEndianAcrossSegments(size);
        _reader.Advance(size);
        return size switch
        {
            1 => span[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(span),
            4 => BinaryPrimitives.ReadUInt32BigEndian(span),
            _ => BinaryPrimitives.ReadUInt64BigEndian(span),
        };
    }

    private ulong ReadBigEndianAcrossSegments(int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        if (!_reader.TryCopyTo(bytes[(sizeof(ulong) - size)..]))
            throw EndsEarly((ulong)size, _reader.Remaining);
        _reader.Advance(size);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private readonly ulong RequireBytes(ulong count) =>
        count <= (ulong)_reader.Remaining && count <= int.MaxValue ? count : throw EndsEarly(count, _reader.Remaining);

    private readonly SocketGymException Unexpected(string expected) => new(
        ErrorCode.MalformedMessage, $"Expected {expected} at byte {_reader.Consumed}, found format {NextCode:x2}.");

    private static SocketGymException EndsEarly(ulong needed, long remaining) => new(
        ErrorCode.MalformedMessage, $"The message ends early: it announces at least {needed} further bytes and has {remaining}.");

    private static SocketGymException OutOfRange(string number) => new(ErrorCode.MalformedMessage, $"The integer {number} is out of range here.");
}
