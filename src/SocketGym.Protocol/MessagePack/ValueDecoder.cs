using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.MessagePack;

/// <summary>Reads values from MessagePack, exactly as docs/protocol.md, section 4, has them.</summary>
/// <remarks>
/// Not thread-safe: one object serves one connection and keeps memory from message to message. Decoding numbers, NumPy scalars of up to 8 bytes
/// and, with <see cref="ArrayLifetime.UntilNextMessage"/>, arrays like those of the message before allocates nothing.
/// </remarks>
public sealed class ValueDecoder
{
    private readonly MessageLimits _limits;
    private readonly ArrayDecoder _arrays;
    private int _valuesLeft;

    /// <summary>Makes a decoder.</summary>
    /// <param name="limits">Limits on nesting and on the number of values in a message.</param>
    public ValueDecoder(MessageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        _arrays = new ArrayDecoder(limits.MaxDepth);
        _valuesLeft = limits.MaxValues;
    }

    /// <summary>Starts a message: what is counted is counted from here.</summary>
    /// <param name="arrays">How long the message's arrays stay as they are.</param>
    public void Begin(ArrayLifetime arrays = ArrayLifetime.Owned)
    {
        _valuesLeft = _limits.MaxValues;
        _arrays.Begin(arrays);
    }

    /// <summary>Reads the count of a plain list whose items the caller reads one by one, at depth 1; the list counts as a value.</summary>
    /// <param name="reader">Where the list starts.</param>
    /// <returns>The count, at most the number of bytes that remain.</returns>
    /// <exception cref="SocketGymException">As for <see cref="Read"/>.</exception>
    public int ReadListHeader(scoped ref MessagePackReader reader)
    {
        Enter(0);
        return reader.ReadArrayHeader();
    }

    /// <summary>Reads one value.</summary>
    /// <param name="reader">Where the value starts; afterwards, where it ends.</param>
    /// <param name="depth">How many containers the value lies in.</param>
    /// <returns>The value; its arrays are valid as long as <see cref="Begin"/> was told, everything else for good.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.MalformedMessage"/>, <see cref="ErrorCode.NestingTooDeep"/>, <see cref="ErrorCode.TooManyValues"/>,
    /// <see cref="ErrorCode.ShapeMismatch"/>.
    /// </exception>
    public Value Read(scoped ref MessagePackReader reader, int depth = 0)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Array:
                Enter(depth);
                return ReadArray(ref reader, depth + 1);
            case MessagePackType.Map:
                Enter(depth);
                var count = reader.ReadMapHeader();
                return Value.Dict(ReadEntries(ref reader, count, depth + 1));
        }
        Count();
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                return Value.None;
            case MessagePackType.Boolean:
                return Value.FromBool(reader.ReadBoolean());
            case MessagePackType.Integer:
                var bits = reader.ReadInteger(out var isUnsigned);
                return isUnsigned && bits > long.MaxValue ? Value.FromInt((BigInteger)bits) : Value.FromInt((long)bits);
            case MessagePackType.Float:
                return Value.FromFloat(reader.ReadDouble());
            case MessagePackType.String:
                return Value.FromString(reader.ReadString());
            case MessagePackType.Binary:
                return Value.FromBytes(reader.ReadBytes().ToArray());
            case MessagePackType.Extension:
                return ReadExtension(ref reader);
            default:
                throw new SocketGymException(ErrorCode.MalformedMessage, $"The byte {reader.NextCode:x2} is no MessagePack format.");
        }
    }

    private Value ReadExtension(scoped ref MessagePackReader reader)
    {
        var header = reader.ReadExtensionFormatHeader();
        switch ((ExtensionType)header.TypeCode)
        {
            case ExtensionType.Array:
                return _arrays.ReadArray(ref reader, header.Length);
            case ExtensionType.Scalar:
                return _arrays.ReadScalar(ref reader, header.Length);
            case ExtensionType.BigInteger when header.Length is > 0 and <= ValueEncoder.MaxBigIntegerBytes:
                return Value.FromInt(new BigInteger(reader.ReadRaw(header.Length).ToArray()));
            case ExtensionType.Complex when header.Length == 2 * sizeof(double):
                Span<byte> bytes = stackalloc byte[2 * sizeof(double)];
                reader.ReadRaw(header.Length).CopyTo(bytes);
                return Value.FromComplex(new Complex(BinaryPrimitives.ReadDoubleLittleEndian(bytes), BinaryPrimitives.ReadDoubleLittleEndian(bytes[sizeof(double)..])));
            case ExtensionType.ByteArray:
                return Value.FromByteArray(reader.ReadRaw(header.Length).ToArray());
            case ExtensionType.SurrogateText:
                return Value.FromString(SurrogateText.Decode(reader.ReadRaw(header.Length).ToArray()));
            case ExtensionType.Mark:
                throw new SocketGymException(ErrorCode.MalformedMessage, "A mark stands elsewhere than first in an array.");
            default:
                throw new SocketGymException(ErrorCode.MalformedMessage, $"Extension type {header.TypeCode} with {header.Length} bytes has no meaning here.");
        }
    }

    private Value ReadArray(scoped ref MessagePackReader reader, int depth)
    {
        var count = reader.ReadArrayHeader();
        if (count == 0 || !TryReadMark(ref reader, out var mark))
            return Value.List(ReadItems(ref reader, count, depth));
        count--;
        switch (mark)
        {
            case Mark.Tuple:
                return Value.Tuple(ReadItems(ref reader, count, depth));
            case Mark.Set:
                return Value.Set(ReadHashableItems(ref reader, count, depth));
            case Mark.FrozenSet:
                return Value.FrozenSet(ReadHashableItems(ref reader, count, depth));
            case Mark.OrderedDict when count % 2 == 0:
                return Value.OrderedDict(ReadEntries(ref reader, count / 2, depth));
            case Mark.Graph when count == 3:
                return Value.FromGraph(new GraphInstance(Read(ref reader, depth), Read(ref reader, depth), Read(ref reader, depth)));
            case Mark.ObjectArray when count >= 1:
                return ReadObjectArray(ref reader, count - 1, depth);
            case Mark.Opaque when count == 2:
                return Value.FromOpaque(new Opaque(ReadText(ref reader), ReadText(ref reader)));
            default:
                throw new SocketGymException(ErrorCode.MalformedMessage, $"The mark {(byte)mark} does not go with {count} elements after it.");
        }
    }

    private static bool TryReadMark(scoped ref MessagePackReader reader, out Mark mark)
    {
        mark = default;
        if (reader.NextMessagePackType != MessagePackType.Extension)
            return false;
        var peek = reader.CreatePeekReader();
        var header = peek.ReadExtensionFormatHeader();
        if ((ExtensionType)header.TypeCode != ExtensionType.Mark)
            return false;
        if (header.Length != 1)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A mark has {header.Length} bytes; it has one.");
        mark = (Mark)peek.ReadRaw(1).FirstSpan[0];
        reader = peek;
        return true;
    }

    private Value ReadObjectArray(scoped ref MessagePackReader reader, int count, int depth)
    {
        var shape = ArrayLayout.ReadShape(ref reader);
        if (ArrayLayout.ByteCountOf(1, shape) != count)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"An object array of shape ({string.Join(", ", shape)}) has {count} items.");
        return Value.FromObjectArray(new ObjectArray(shape, ReadItems(ref reader, count, depth)));
    }

    private Value[] ReadItems(scoped ref MessagePackReader reader, int count, int depth)
    {
        RequireValues(count);
        var items = count == 0 ? [] : new Value[count];
        for (var index = 0; index < items.Length; index++)
            items[index] = Read(ref reader, depth);
        return items;
    }

    private Value[] ReadHashableItems(scoped ref MessagePackReader reader, int count, int depth)
    {
        var items = ReadItems(ref reader, count, depth);
        foreach (var item in items)
            RequireHashable(item);
        return items;
    }

    private ValueDictionary ReadEntries(scoped ref MessagePackReader reader, int count, int depth)
    {
        RequireValues(2L * count);
        var entries = new ValueDictionary();
        for (var index = 0; index < count; index++)
        {
            var key = Read(ref reader, depth);
            RequireHashable(key);
            entries.Add(key, Read(ref reader, depth));
        }
        return entries;
    }

    private static string ReadText(scoped ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType == MessagePackType.String)
            return reader.ReadString();
        var header = reader.ReadExtensionFormatHeader();
        return (ExtensionType)header.TypeCode == ExtensionType.SurrogateText
            ? SurrogateText.Decode(reader.ReadRaw(header.Length).ToArray())
            : throw new SocketGymException(ErrorCode.MalformedMessage, $"Expected text, found extension type {header.TypeCode}.");
    }

    private static void RequireHashable(in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Tuple:
                foreach (var item in value.AsItems())
                    RequireHashable(item);
                break;
            case ValueKind.List or ValueKind.Dict or ValueKind.OrderedDict or ValueKind.Set or ValueKind.ByteArray
                or ValueKind.Array or ValueKind.ObjectArray or ValueKind.Graph:
                throw new SocketGymException(ErrorCode.MalformedMessage, $"A {ValueText.TypeName(value)} is not hashable: it cannot be a key or an item of a set.");
        }
    }

    private void Enter(int depth)
    {
        if (depth >= _limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SocketGymException(ErrorCode.NestingTooDeep, $"The message is nested deeper than {Math.Min(depth, _limits.MaxDepth)} levels.");
        Count();
    }

    private void Count()
    {
        if (--_valuesLeft < 0)
            throw TooManyValues();
    }

    // Checked before memory is taken for them.
    private void RequireValues(long count)
    {
        if (count > _valuesLeft)
            throw TooManyValues();
    }

    private SocketGymException TooManyValues() => new(ErrorCode.TooManyValues, $"The message has more than {_limits.MaxValues} values.");
}
