using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.MessagePack;

/// <summary>Writes values as MessagePack, exactly as docs/protocol.md, section 4, has them.</summary>
/// <remarks>
/// Not thread-safe: one object serves one connection and keeps memory from message to message. Large arrays and bytes are sent from where
/// they lie, so they must not change until the frame is sent. Nothing is allocated but for integers beyond 64 bits and text with lone surrogates.
/// After an exception the output holds a part of a message: clear it.
/// </remarks>
public sealed class ValueEncoder
{
    /// <summary>The longest integer that travels, in bytes of two's complement.</summary>
    public const int MaxBigIntegerBytes = 64 * 1024;

    private const int HeaderLengthBytes = 2;

    private readonly MessageLimits _limits;
    private readonly ArrayBufferWriter<byte> _header = new(64);
    private FrameBuffer? _output;
    private int _valuesLeft;

    /// <summary>Makes an encoder.</summary>
    /// <param name="limits">Limits on nesting and on the number of values in a message.</param>
    public ValueEncoder(MessageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
    }

    /// <summary>Starts a message: what is counted is counted from here.</summary>
    /// <param name="output">Where the message goes.</param>
    /// <returns>A writer to the output, which takes the message; flush it at the end.</returns>
    public MessagePackWriter Begin(FrameBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _valuesLeft = _limits.MaxValues;
        return new MessagePackWriter(output);
    }

    /// <summary>Writes the count of a plain list whose items the caller writes one by one, at depth 1; the list counts as a value.</summary>
    /// <param name="writer">What <see cref="Begin"/> returned.</param>
    /// <param name="count">How many items.</param>
    /// <exception cref="SocketGymException">As for <see cref="Write"/>.</exception>
    public void WriteListHeader(scoped ref MessagePackWriter writer, int count)
    {
        Enter(0);
        writer.WriteArrayHeader(count);
    }

    /// <summary>Writes one value.</summary>
    /// <param name="writer">What <see cref="Begin"/> returned.</param>
    /// <param name="value">The value.</param>
    /// <param name="depth">How many containers the value lies in.</param>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.NestingTooDeep"/>, also for a value that contains itself; <see cref="ErrorCode.TooManyValues"/>;
    /// <see cref="ErrorCode.UnsupportedValue"/> for an integer of more than 64 KiB, an array with more than 64 dimensions or a dtype whose description exceeds 64 KiB.
    /// </exception>
    /// <exception cref="InvalidOperationException"><see cref="Begin"/> was not called.</exception>
    public void Write(scoped ref MessagePackWriter writer, in Value value, int depth = 0)
    {
        if (value.Kind is >= ValueKind.List and <= ValueKind.FrozenSet or ValueKind.ObjectArray or ValueKind.Graph or ValueKind.Opaque)
        {
            Enter(depth);
            WriteContainer(ref writer, value, depth + 1);
            return;
        }
        Count();
        switch (value.Kind)
        {
            case ValueKind.None:
                writer.WriteNil();
                break;
            case ValueKind.Bool:
                writer.Write(value.AsBool());
                break;
            case ValueKind.Int when value.IsInt64:
                writer.Write(value.AsInt64());
                break;
            case ValueKind.Int:
                WriteBigInteger(ref writer, value.AsBigInteger());
                break;
            case ValueKind.Float:
                writer.Write(value.AsDouble());
                break;
            case ValueKind.Complex:
                WriteComplex(ref writer, value.AsComplex());
                break;
            case ValueKind.String:
                WriteText(ref writer, value.AsString());
                break;
            case ValueKind.Bytes:
                writer.WriteBinHeader(value.AsBytes().Length);
                WriteData(ref writer, value.AsBytes());
                break;
            case ValueKind.ByteArray:
                writer.WriteExtensionFormatHeader(new ExtensionHeader((sbyte)ExtensionType.ByteArray, (uint)value.AsBytes().Length));
                WriteData(ref writer, value.AsBytes());
                break;
            case ValueKind.Array:
                var array = value.AsArray();
                WriteArrayHeader(ref writer, ExtensionType.Array, array.DType, array.Shape, array.Data.Length);
                WriteData(ref writer, array.Data);
                break;
            case ValueKind.Scalar:
                WriteScalar(ref writer, value);
                break;
            default:
                throw new InvalidOperationException($"There is no value of kind {value.Kind}.");
        }
    }

    /// <summary>Writes text: as a string, or with lone surrogates as their extension.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="text">The text.</param>
    internal static void WriteText(scoped ref MessagePackWriter writer, string text)
    {
        if (!SurrogateText.IsNeeded(text))
        {
            writer.Write(text);
            return;
        }
        var bytes = SurrogateText.Encode(text);
        writer.WriteExtensionFormatHeader(new ExtensionHeader((sbyte)ExtensionType.SurrogateText, (uint)bytes.Length));
        writer.WriteRaw(bytes);
    }

    private void WriteContainer(scoped ref MessagePackWriter writer, in Value value, int depth)
    {
        switch (value.Kind)
        {
            case ValueKind.List:
                writer.WriteArrayHeader(value.AsItems().Length);
                WriteItems(ref writer, value.AsItems(), depth);
                break;
            case ValueKind.Tuple or ValueKind.Set or ValueKind.FrozenSet:
                var mark = value.Kind switch { ValueKind.Tuple => Mark.Tuple, ValueKind.Set => Mark.Set, _ => Mark.FrozenSet };
                WriteMark(ref writer, mark, value.AsItems().Length);
                WriteItems(ref writer, value.AsItems(), depth);
                break;
            case ValueKind.Dict:
                writer.WriteMapHeader(value.AsDict().Count);
                WriteEntries(ref writer, value.AsDict(), depth);
                break;
            case ValueKind.OrderedDict:
                WriteMark(ref writer, Mark.OrderedDict, checked(2 * value.AsDict().Count));
                WriteEntries(ref writer, value.AsDict(), depth);
                break;
            case ValueKind.Graph:
                var graph = value.AsGraph();
                WriteMark(ref writer, Mark.Graph, 3);
                Write(ref writer, graph.Nodes, depth);
                Write(ref writer, graph.Edges, depth);
                Write(ref writer, graph.EdgeLinks, depth);
                break;
            case ValueKind.Opaque:
                WriteMark(ref writer, Mark.Opaque, 2);
                WriteText(ref writer, value.AsOpaque().TypeName);
                WriteText(ref writer, value.AsOpaque().Repr);
                break;
            default:
                var objects = value.AsObjectArray();
                RequireDimensions(objects.Shape);
                WriteMark(ref writer, Mark.ObjectArray, checked(1 + objects.Items.Length));
                DTypeFormat.WriteShape(ref writer, objects.Shape);
                WriteItems(ref writer, objects.Items, depth);
                break;
        }
    }

    private void WriteItems(scoped ref MessagePackWriter writer, ReadOnlySpan<Value> items, int depth)
    {
        foreach (ref readonly var item in items)
            Write(ref writer, item, depth);
    }

    private void WriteEntries(scoped ref MessagePackWriter writer, ValueDictionary entries, int depth)
    {
        foreach (var (key, value) in entries)
        {
            Write(ref writer, key, depth);
            Write(ref writer, value, depth);
        }
    }

    private static void WriteMark(scoped ref MessagePackWriter writer, Mark mark, int count)
    {
        writer.WriteArrayHeader(checked(count + 1));
        writer.WriteExtensionFormatHeader(new ExtensionHeader((sbyte)ExtensionType.Mark, 1));
        writer.WriteRaw([(byte)mark]);
    }

    private static void WriteBigInteger(scoped ref MessagePackWriter writer, BigInteger number)
    {
        if (number.Sign > 0 && number <= ulong.MaxValue)
        {
            writer.Write((ulong)number);
            return;
        }
        var length = number.GetByteCount();
        if (length > MaxBigIntegerBytes)
            throw new SocketGymException(ErrorCode.UnsupportedValue, $"An integer takes {length} bytes; at most {MaxBigIntegerBytes} travel.");
        writer.WriteExtensionFormatHeader(new ExtensionHeader((sbyte)ExtensionType.BigInteger, (uint)length));
        writer.WriteRaw(number.ToByteArray());
    }

    private static void WriteComplex(scoped ref MessagePackWriter writer, Complex number)
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, number.Real);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[sizeof(double)..], number.Imaginary);
        writer.WriteExtensionFormatHeader(new ExtensionHeader((sbyte)ExtensionType.Complex, (uint)bytes.Length));
        writer.WriteRaw(bytes);
    }

    private void WriteScalar(scoped ref MessagePackWriter writer, in Value value)
    {
        const int MaxOnStack = 256;
        var dtype = value.ScalarType;
        var bytes = dtype.ItemSize <= MaxOnStack ? stackalloc byte[dtype.ItemSize] : new byte[dtype.ItemSize];
        value.CopyScalarTo(bytes);
        WriteArrayHeader(ref writer, ExtensionType.Scalar, dtype, [], bytes.Length);
        writer.WriteRaw(bytes);
    }

    private void WriteArrayHeader(scoped ref MessagePackWriter writer, ExtensionType type, DType dtype, ReadOnlySpan<int> shape, int dataLength)
    {
        RequireDimensions(shape);
        _header.ResetWrittenCount();
        var header = new MessagePackWriter(_header);
        header.WriteArrayHeader(2);
        DTypeFormat.Write(ref header, dtype, _limits.MaxDepth);
        DTypeFormat.WriteShape(ref header, shape);
        header.Flush();
        if (_header.WrittenCount > ushort.MaxValue)
            throw new SocketGymException(ErrorCode.UnsupportedValue, $"The description of a dtype takes {_header.WrittenCount} bytes; at most {ushort.MaxValue} travel.");
        Span<byte> headerLength = stackalloc byte[HeaderLengthBytes];
        BinaryPrimitives.WriteUInt16BigEndian(headerLength, (ushort)_header.WrittenCount);
        writer.WriteExtensionFormatHeader(new ExtensionHeader((sbyte)type, (uint)HeaderLengthBytes + (uint)_header.WrittenCount + (uint)dataLength));
        writer.WriteRaw(headerLength);
        writer.WriteRaw(_header.WrittenSpan);
    }

    private void WriteData(scoped ref MessagePackWriter writer, ReadOnlyMemory<byte> data)
    {
        if (data.Length < FrameBuffer.ReferenceThreshold)
        {
            writer.WriteRaw(data.Span);
            return;
        }
        writer.Flush();
        (_output ?? throw new InvalidOperationException("Call Begin before Write.")).WriteReference(data);
    }

    private static void RequireDimensions(ReadOnlySpan<int> shape)
    {
        if (shape.Length > ArrayLayout.MaxDimensions)
            throw new SocketGymException(ErrorCode.UnsupportedValue, $"An array has {shape.Length} dimensions; at most {ArrayLayout.MaxDimensions} travel.");
    }

    private void Enter(int depth)
    {
        if (depth >= _limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SocketGymException(ErrorCode.NestingTooDeep, $"A value is nested deeper than {Math.Min(depth, _limits.MaxDepth)} levels, or contains itself.");
        Count();
    }

    private void Count()
    {
        if (--_valuesLeft < 0)
            throw new SocketGymException(ErrorCode.TooManyValues, $"The message has more than {_limits.MaxValues} values.");
    }
}
