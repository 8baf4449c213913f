using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace SocketGym.Protocol.MessagePack;

/// <summary>Writes MessagePack's primitives, each in its shortest form.</summary>
/// <remarks>
/// Shaped like the type of the same name in MessagePack-CSharp, so that the package could take its place. It writes ahead into memory of the
/// output: nothing may touch the output before <see cref="Flush"/>, and what was written since is lost without one.
/// </remarks>
public ref struct MessagePackWriter
{
    private const int MinimumSpan = 64;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _buffered;

    /// <summary>Writes to an output.</summary>
    /// <param name="output">Where the bytes go.</param>
    public MessagePackWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Hands everything written so far to the output.</summary>
    public void Flush()
    {
        if (_buffered > 0)
            _output.Advance(_buffered);
        _buffered = 0;
        _span = default;
    }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    /// <summary>Writes true or false.</summary>
    /// <param name="value">The flag.</param>
    public void Write(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>Writes a float of 64 bits; a NaN keeps its payload.</summary>
    /// <param name="value">The number.</param>
    public void Write(double value) => WriteFormat(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value), 8);

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(long value)
    {
        if (value >= 0)
            Write((ulong)value);
        else if (value >= -32)
            WriteByte((byte)value);
        else if (value >= sbyte.MinValue)
            WriteFormat(MessagePackCode.Int8, (ulong)value, 1);
        else if (value >= short.MinValue)
            WriteFormat(MessagePackCode.Int16, (ulong)value, 2);
        else if (value >= int.MinValue)
            WriteFormat(MessagePackCode.Int32, (ulong)value, 4);
        else
            WriteFormat(MessagePackCode.Int64, (ulong)value, 8);
    }

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(ulong value)
    {
        if (value <= MessagePackCode.MaxFixInt)
            WriteByte((byte)value);
        else if (value <= byte.MaxValue)
            WriteFormat(MessagePackCode.UInt8, value, 1);
        else if (value <= ushort.MaxValue)
            WriteFormat(MessagePackCode.UInt16, value, 2);
        else if (value <= uint.MaxValue)
            WriteFormat(MessagePackCode.UInt32, value, 4);
        else
            WriteFormat(MessagePackCode.UInt64, value, 8);
    }

    /// <summary>Writes an integer in the format of 32 unsigned bits, whatever its size.</summary>
    /// <param name="value">The integer.</param>
    public void WriteUInt32(uint value) => WriteFormat(MessagePackCode.UInt32, value, 4);

    /// <summary>Writes the count of an array; write its items next.</summary>
    /// <param name="count">How many items.</param>
    public void WriteArrayHeader(int count)
    {
        if (count <= 15)
            WriteByte((byte)(MessagePackCode.MinFixArray | count));
        else if (count <= ushort.MaxValue)
            WriteFormat(MessagePackCode.Array16, (uint)count, 2);
        else
            WriteFormat(MessagePackCode.Array32, (uint)count, 4);
    }

    /// <summary>Writes the count of a map; write its keys and values next, in turn.</summary>
    /// <param name="count">How many pairs.</param>
    public void WriteMapHeader(int count)
    {
        if (count <= 15)
            WriteByte((byte)(MessagePackCode.MinFixMap | count));
        else if (count <= ushort.MaxValue)
            WriteFormat(MessagePackCode.Map16, (uint)count, 2);
        else
            WriteFormat(MessagePackCode.Map32, (uint)count, 4);
    }

    /// <summary>Writes the length of binary data; write the bytes next.</summary>
    /// <param name="length">How many bytes.</param>
    public void WriteBinHeader(int length) => WriteSized(MessagePackCode.Bin8, (uint)length);

    /// <summary>Writes a string.</summary>
    /// <param name="value">The text, without lone surrogates.</param>
    public void Write(scoped ReadOnlySpan<char> value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(length);
        Reserve(length);
        _buffered += Encoding.UTF8.GetBytes(value, _span[_buffered..]);
    }

    /// <summary>Writes a string.</summary>
    /// <param name="utf8">The text in UTF-8.</param>
    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        WriteStringHeader(utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Writes the type and length of an extension; write its bytes next.</summary>
    /// <param name="header">Type and length.</param>
    public void WriteExtensionFormatHeader(ExtensionHeader header)
    {
        if (header.Length is 1 or 2 or 4 or 8 or 16)
            WriteByte((byte)(MessagePackCode.FixExt1 + int.Log2((int)header.Length)));
        else
            WriteSized(MessagePackCode.Ext8, header.Length);
        WriteByte((byte)header.TypeCode);
    }

    /// <summary>Writes bytes as they are.</summary>
    /// <param name="bytes">The bytes; copied.</param>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_span[_buffered..]);
        _buffered += bytes.Length;
    }

    private void WriteStringHeader(int length)
    {
        if (length <= 31)
            WriteByte((byte)(MessagePackCode.MinFixStr | length));
        else
            WriteSized(MessagePackCode.Str8, (uint)length);
    }

    // The formats of 8, 16 and 32 bits follow one another.
    private void WriteSized(byte format8, uint length)
    {
        if (length <= byte.MaxValue)
            WriteFormat(format8, length, 1);
        else if (length <= ushort.MaxValue)
            WriteFormat((byte)(format8 + 1), length, 2);
        else
            WriteFormat((byte)(format8 + 2), length, 4);
    }

    private void WriteByte(byte value)
    {
        Reserve(1);
        _span[_buffered++] = value;
    }

    private void WriteFormat(byte format, ulong value, int size)
    {
        Reserve(9);
        _span[_buffered] = format;
        // The lowest bytes, moved to the front.
        BinaryPrimitives.WriteUInt64BigEndian(_span[(_buffered + 1)..], value << (64 - (8 * size)));
        _buffered += 1 + size;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int size)
    {
        if (_span.Length - _buffered < size)
            Renew(size);
    }

    private void Renew(int size)
    {
        Flush();
        _span = _output.GetSpan(Math.Max(size, MinimumSpan));
    }
}
