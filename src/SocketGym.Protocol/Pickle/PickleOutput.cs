using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;

namespace SocketGym.Protocol.Pickle;

/// <summary>Writes the opcodes of one pickle of protocol 4.</summary>
/// <remarks>Globals and dtypes are written out once and then taken from the memo: NumPy's take CPython longer to find than all the rest.</remarks>
internal sealed class PickleOutput
{
    private const int Unwritten = -1;

    // Dtypes beyond these are written out each time; a message with more kinds of data is rare, and the search stays short.
    private const int MostDTypes = 16;

    private readonly int[] _globals = new int[(int)KnownGlobal.Opaque + 1];
    private readonly List<(DType Type, int Index)> _dtypes = [];
    private IBufferWriter<byte> _output = new ArrayBufferWriter<byte>(1);
    private int _memoized;

    public void Begin(IBufferWriter<byte> output)
    {
        _output = output;
        _memoized = 0;
        _dtypes.Clear();
        Array.Fill(_globals, Unwritten);
        Write([(byte)PickleOpcode.Protocol, 4]);
    }

    public void End() => Write(PickleOpcode.Stop);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output.GetSpan(bytes.Length));
        _output.Advance(bytes.Length);
    }

    public void Write(PickleOpcode opcode)
    {
        _output.GetSpan(1)[0] = (byte)opcode;
        _output.Advance(1);
    }

    public void Write(PickleOpcode first, PickleOpcode second)
    {
        var span = _output.GetSpan(2);
        span[0] = (byte)first;
        span[1] = (byte)second;
        _output.Advance(2);
    }

    public void WriteBool(bool flag) => Write(flag ? PickleOpcode.NewTrue : PickleOpcode.NewFalse);

    public void WriteInteger(long number)
    {
        var span = _output.GetSpan(10);
        if (number is >= 0 and <= byte.MaxValue)
        {
            span[0] = (byte)PickleOpcode.BinInt1;
            span[1] = (byte)number;
            _output.Advance(2);
        }
        else if (number is >= 0 and <= ushort.MaxValue)
        {
            span[0] = (byte)PickleOpcode.BinInt2;
            BinaryPrimitives.WriteUInt16LittleEndian(span[1..], (ushort)number);
            _output.Advance(3);
        }
        else if (number is >= int.MinValue and <= int.MaxValue)
        {
            span[0] = (byte)PickleOpcode.BinInt;
            BinaryPrimitives.WriteInt32LittleEndian(span[1..], (int)number);
            _output.Advance(5);
        }
        else
        {
            // The fewest bytes of two's complement that keep the sign.
            var length = (64 - BitOperations.LeadingZeroCount((ulong)(number ^ (number >> 63))) + 8) / 8;
            span[0] = (byte)PickleOpcode.Long1;
            span[1] = (byte)length;
            BinaryPrimitives.WriteInt64LittleEndian(span[2..], number);
            _output.Advance(2 + length);
        }
    }

    public void WriteInteger(BigInteger number)
    {
        var length = number.GetByteCount();
        WriteLength(length <= byte.MaxValue ? PickleOpcode.Long1 : PickleOpcode.Long4, length, isShort: length <= byte.MaxValue);
        number.TryWriteBytes(_output.GetSpan(length), out _);
        _output.Advance(length);
    }

    public void WriteFloat(double number)
    {
        var span = _output.GetSpan(9);
        span[0] = (byte)PickleOpcode.BinFloat;
        BinaryPrimitives.WriteInt64BigEndian(span[1..], BitConverter.DoubleToInt64Bits(number));
        _output.Advance(9);
    }

    public void WriteText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteLength(length <= byte.MaxValue ? PickleOpcode.ShortBinUnicode : PickleOpcode.BinUnicode, length, isShort: length <= byte.MaxValue);
        // A lone surrogate takes three bytes, and so does the mark that .NET counts in its place.
        if (length != text.Length && SurrogateText.IsNeeded(text))
        {
            Write(SurrogateText.Encode(text));
            return;
        }
        Encoding.UTF8.GetBytes(text, _output.GetSpan(length));
        _output.Advance(length);
    }

    /// <summary>Writes a text given as UTF-8 of at most 255 bytes.</summary>
    public void WriteText(ReadOnlySpan<byte> text)
    {
        WriteLength(PickleOpcode.ShortBinUnicode, text.Length, isShort: true);
        Write(text);
    }

    /// <summary>Writes bytes; into a frame large ones go by reference.</summary>
    public void WriteBytes(ReadOnlyMemory<byte> bytes)
    {
        WriteLength(bytes.Length <= byte.MaxValue ? PickleOpcode.ShortBinBytes : PickleOpcode.BinBytes, bytes.Length, isShort: bytes.Length <= byte.MaxValue);
        if (_output is FrameBuffer frame)
            frame.WriteReference(bytes);
        else
            Write(bytes.Span);
    }

    /// <summary>Writes <c>bytearray(bytes)</c>, which protocol 4 has no opcode for.</summary>
    public void WriteByteArray(ReadOnlyMemory<byte> bytes)
    {
        WriteGlobal(KnownGlobal.ByteArray);
        WriteBytes(bytes);
        Write(PickleOpcode.Tuple1, PickleOpcode.Reduce);
    }

    /// <summary>Ends a tuple of items written before; beyond three of them a mark stands in front.</summary>
    public void WriteTupleEnd(int count) => Write(count switch
    {
        0 => PickleOpcode.EmptyTuple,
        1 => PickleOpcode.Tuple1,
        2 => PickleOpcode.Tuple2,
        3 => PickleOpcode.Tuple3,
        _ => PickleOpcode.Tuple,
    });

    public void WriteGlobal(KnownGlobal global)
    {
        if (_globals[(int)global] != Unwritten)
        {
            Recall(_globals[(int)global]);
            return;
        }
        switch (global)
        {
            case KnownGlobal.Reconstruct:
                WriteNames("numpy.core.multiarray"u8, "_reconstruct"u8);
                break;
            case KnownGlobal.Scalar:
                WriteNames("numpy.core.multiarray"u8, "scalar"u8);
                break;
            case KnownGlobal.DType:
                WriteNames("numpy"u8, "dtype"u8);
                break;
            case KnownGlobal.NDArray:
                WriteNames("numpy"u8, "ndarray"u8);
                break;
            case KnownGlobal.OrderedDict:
                WriteNames("collections"u8, "OrderedDict"u8);
                break;
            case KnownGlobal.ByteArray:
                WriteNames("builtins"u8, "bytearray"u8);
                break;
            case KnownGlobal.Complex:
                WriteNames("builtins"u8, "complex"u8);
                break;
            case KnownGlobal.GraphInstance:
                WriteNames("gymnasium.spaces.graph"u8, "GraphInstance"u8);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(global), global, "This global is never written.");
        }
        _globals[(int)global] = Memoize();
    }

    /// <summary>Takes a dtype from the memo.</summary>
    /// <returns>Whether it was there; if not, the caller writes it out and calls <see cref="Remember"/>.</returns>
    public bool TryRecall(DType dtype)
    {
        foreach (var (known, index) in _dtypes)
        {
            if (ReferenceEquals(known, dtype))
            {
                Recall(index);
                return true;
            }
        }
        return false;
    }

    public void Remember(DType dtype)
    {
        if (_dtypes.Count < MostDTypes)
            _dtypes.Add((dtype, Memoize()));
    }

    private void WriteNames(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name)
    {
        WriteText(module);
        WriteText(name);
        Write(PickleOpcode.StackGlobal);
    }

    private int Memoize()
    {
        Write(PickleOpcode.Memoize);
        return _memoized++;
    }

    // There are fewer globals and remembered dtypes than one byte counts.
    private void Recall(int index)
    {
        var span = _output.GetSpan(2);
        span[0] = (byte)PickleOpcode.BinGet;
        span[1] = (byte)index;
        _output.Advance(2);
    }

    private void WriteLength(PickleOpcode opcode, int length, bool isShort)
    {
        var span = _output.GetSpan(5);
        span[0] = (byte)opcode;
        if (isShort)
            span[1] = (byte)length;
        else
            BinaryPrimitives.WriteInt32LittleEndian(span[1..], length);
        _output.Advance(isShort ? 2 : 5);
    }
}
