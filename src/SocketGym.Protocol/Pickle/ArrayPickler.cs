using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Pickle;

/// <summary>Writes arrays, scalars and dtypes in the form in which NumPy pickles them.</summary>
internal sealed class ArrayPickler(PickleOutput output)
{
    private const int LargestInlineScalar = 255;

    // NumPy's flags of a dtype: items of text are made before use; a structured dtype needs Python to read an item.
    private const int TextFlags = 8;
    private const int StructuredFlags = 16;
    private const int ObjectFlags = 63;

    public void WriteArray(NDArray array)
    {
        if (array.DType.ByteOrder == '>')
        {
            WriteOverBuffer(array);
            return;
        }
        BeginState(array.Shape);
        WriteDType(array.DType);
        output.WriteBool(false);
        output.WriteBytes(array.Data);
        output.Write(PickleOpcode.Tuple, PickleOpcode.Build);
    }

    /// <summary>Writes an array of objects up to its list of items; after that a tuple's end and BUILD are due.</summary>
    public void BeginObjects(ReadOnlySpan<int> shape)
    {
        BeginState(shape);
        BeginDType("O8"u8);
        WriteState('|', -1, -1, ObjectFlags);
        output.WriteBool(false);
    }

    public void WriteScalar(Value scalar)
    {
        var dtype = scalar.ScalarType;
        output.WriteGlobal(KnownGlobal.Scalar);
        WriteDType(dtype);
        if (dtype.ItemSize <= LargestInlineScalar)
        {
            Span<byte> bytes = stackalloc byte[LargestInlineScalar];
            scalar.CopyScalarTo(bytes);
            output.Write([(byte)PickleOpcode.ShortBinBytes, (byte)dtype.ItemSize]);
            output.Write(bytes[..dtype.ItemSize]);
        }
        else
        {
            var bytes = new byte[dtype.ItemSize];
            scalar.CopyScalarTo(bytes);
            output.WriteBytes(bytes);
        }
        output.Write(PickleOpcode.Tuple2, PickleOpcode.Reduce);
    }

    public void WriteNestedList(NDArray array)
    {
        var position = 0;
        WriteNestedList(array, 0, ref position);
    }

    private void WriteNestedList(NDArray array, int axis, ref int position)
    {
        if (axis == array.Shape.Length)
        {
            WriteElement(array.DType, array.Bytes.Slice(position, array.DType.ItemSize));
            position += array.DType.ItemSize;
            return;
        }
        output.Write(PickleOpcode.EmptyList, PickleOpcode.Mark);
        for (var index = 0; index < array.Shape[axis]; index++)
            WriteNestedList(array, axis + 1, ref position);
        output.Write(PickleOpcode.Appends);
    }

    private void WriteElement(DType dtype, ReadOnlySpan<byte> item)
    {
        switch (dtype.Descriptor)
        {
            case "|b1":
                output.WriteBool(item[0] != 0);
                break;
            case "|i1":
                output.WriteInteger((sbyte)item[0]);
                break;
            case "|u1":
                output.WriteInteger(item[0]);
                break;
            case "<i2":
                output.WriteInteger(BinaryPrimitives.ReadInt16LittleEndian(item));
                break;
            case "<u2":
                output.WriteInteger(BinaryPrimitives.ReadUInt16LittleEndian(item));
                break;
            case "<i4":
                output.WriteInteger(BinaryPrimitives.ReadInt32LittleEndian(item));
                break;
            case "<u4":
                output.WriteInteger(BinaryPrimitives.ReadUInt32LittleEndian(item));
                break;
            case "<i8":
                output.WriteInteger(BinaryPrimitives.ReadInt64LittleEndian(item));
                break;
            case "<u8" when BinaryPrimitives.ReadUInt64LittleEndian(item) <= long.MaxValue:
                output.WriteInteger(BinaryPrimitives.ReadInt64LittleEndian(item));
                break;
            case "<u8":
                output.WriteInteger(new System.Numerics.BigInteger(BinaryPrimitives.ReadUInt64LittleEndian(item)));
                break;
            case "<f2":
                output.WriteFloat((double)MemoryMarshal.Read<Half>(item));
                break;
            case "<f4":
                output.WriteFloat(BinaryPrimitives.ReadSingleLittleEndian(item));
                break;
            case "<f8":
                output.WriteFloat(BinaryPrimitives.ReadDoubleLittleEndian(item));
                break;
            default:
                throw PickleErrors.Unsupported($"An array of {dtype} cannot be written as nested lists; use integers, floats of up to 64 bits, or booleans.");
        }
    }

    // ndarray(shape, dtype, bytearray(data)): with a state NumPy would turn the array into the machine's byte order.
    private void WriteOverBuffer(NDArray array)
    {
        output.WriteGlobal(KnownGlobal.NDArray);
        WriteShape(array.Shape);
        WriteDType(array.DType);
        output.WriteByteArray(array.Data);
        output.Write(PickleOpcode.Tuple3, PickleOpcode.Reduce);
    }

    // _reconstruct(ndarray, (0,), b'b'), and the state's mark, version and shape.
    private void BeginState(ReadOnlySpan<int> shape)
    {
        output.WriteGlobal(KnownGlobal.Reconstruct);
        output.WriteGlobal(KnownGlobal.NDArray);
        output.Write([
            (byte)PickleOpcode.BinInt1, 0, (byte)PickleOpcode.Tuple1, (byte)PickleOpcode.ShortBinBytes, 1, (byte)'b',
            (byte)PickleOpcode.Tuple3, (byte)PickleOpcode.Reduce, (byte)PickleOpcode.Mark, (byte)PickleOpcode.BinInt1, 1,
        ]);
        WriteShape(shape);
    }

    private void WriteShape(ReadOnlySpan<int> shape)
    {
        if (shape.Length > 3)
            output.Write(PickleOpcode.Mark);
        foreach (var dimension in shape)
            output.WriteInteger(dimension);
        output.WriteTupleEnd(shape.Length);
    }

    private void WriteDType(DType dtype)
    {
        if (output.TryRecall(dtype))
            return;
        if (dtype.IsStructured)
            WriteStructured(dtype);
        else
            WritePlain(dtype);
        output.Remember(dtype);
    }

    private void WritePlain(DType dtype)
    {
        Span<byte> name = stackalloc byte[16];
        name[0] = (byte)dtype.Kind;
        // NumPy counts the characters of a text, and four bytes for each.
        System.Buffers.Text.Utf8Formatter.TryFormat(dtype.Kind == 'U' ? dtype.ItemSize / 4 : dtype.ItemSize, name[1..], out var digits);
        BeginDType(name[..(digits + 1)]);
        switch (dtype.Kind)
        {
            case 'U':
                WriteState(dtype.ByteOrder, dtype.ItemSize, AlignmentOf(dtype), TextFlags);
                break;
            case 'S' or 'V':
                WriteState('|', dtype.ItemSize, AlignmentOf(dtype), 0);
                break;
            case 'M' or 'm':
                WriteDateState(dtype);
                break;
            default:
                WriteState(dtype.ByteOrder, -1, -1, 0);
                break;
        }
    }

    // dtype(name, False, True)
    private void BeginDType(ReadOnlySpan<byte> name)
    {
        output.WriteGlobal(KnownGlobal.DType);
        output.WriteText(name);
        output.Write([(byte)PickleOpcode.NewFalse, (byte)PickleOpcode.NewTrue, (byte)PickleOpcode.Tuple3, (byte)PickleOpcode.Reduce]);
    }

    // The state (3, byte order, no sub-array, no names, no fields, item size, alignment, flags).
    private void WriteState(char byteOrder, int itemSize, int alignment, int flags)
    {
        BeginDTypeState(3, byteOrder);
        output.Write([(byte)PickleOpcode.None, (byte)PickleOpcode.None, (byte)PickleOpcode.None]);
        EndDTypeState(itemSize, alignment, flags);
    }

    private void BeginDTypeState(byte version, char byteOrder) => output.Write([
        (byte)PickleOpcode.Mark, (byte)PickleOpcode.BinInt1, version, (byte)PickleOpcode.ShortBinUnicode, 1, (byte)byteOrder,
    ]);

    private void EndDTypeState(int itemSize, int alignment, int flags)
    {
        output.WriteInteger(itemSize);
        output.WriteInteger(alignment);
        output.WriteInteger(flags);
        output.Write(PickleOpcode.Tuple, PickleOpcode.Build);
    }

    // As above with version 4 and the metadata ({}, (unit, count, 1, 1)).
    private void WriteDateState(DType dtype)
    {
        BeginDTypeState(4, dtype.ByteOrder);
        output.Write([(byte)PickleOpcode.None, (byte)PickleOpcode.None, (byte)PickleOpcode.None]);
        output.WriteInteger(-1);
        output.WriteInteger(-1);
        output.WriteInteger(0);
        output.Write([(byte)PickleOpcode.EmptyDict, (byte)PickleOpcode.Mark]);
        var bracket = dtype.Descriptor.IndexOf('[', StringComparison.Ordinal);
        var unit = bracket < 0 ? "generic" : dtype.Descriptor.AsSpan(bracket + 1, dtype.Descriptor.Length - bracket - 2);
        var name = unit.TrimStart("0123456789");
        var count = name.Length == unit.Length ? 1 : int.Parse(unit[..^name.Length], CultureInfo.InvariantCulture);
        Span<byte> ascii = stackalloc byte[name.Length];
        System.Text.Encoding.ASCII.GetBytes(name, ascii);
        output.Write([(byte)PickleOpcode.ShortBinBytes, (byte)name.Length]);
        output.Write(ascii);
        output.WriteInteger(count);
        output.WriteInteger(1);
        output.WriteInteger(1);
        output.Write([(byte)PickleOpcode.Tuple, (byte)PickleOpcode.Tuple2, (byte)PickleOpcode.Tuple, (byte)PickleOpcode.Build]);
    }

    // The state has a tuple of names and a dict of name: (dtype, offset). Padding is what the offsets leave out.
    private void WriteStructured(DType dtype)
    {
        BeginVoid(dtype.ItemSize);
        BeginDTypeState(3, '|');
        output.Write(PickleOpcode.None);
        output.Write(PickleOpcode.Mark);
        foreach (var field in dtype.Fields)
        {
            if (field.Name.Length > 0)
                output.WriteText(field.Name);
        }
        output.Write([(byte)PickleOpcode.Tuple, (byte)PickleOpcode.EmptyDict, (byte)PickleOpcode.Mark]);
        var offset = 0;
        foreach (var field in dtype.Fields)
        {
            if (field.Name.Length > 0)
            {
                output.WriteText(field.Name);
                WriteFieldType(field);
                output.WriteInteger(offset);
                output.Write(PickleOpcode.Tuple2);
            }
            offset += field.Size;
        }
        output.Write(PickleOpcode.SetItems);
        EndDTypeState(dtype.ItemSize, 1, FlagsOf(dtype));
    }

    private void WriteFieldType(DTypeField field)
    {
        if (field.Shape.IsEmpty)
        {
            WriteDType(field.Type);
            return;
        }
        BeginVoid(field.Size);
        BeginDTypeState(3, '|');
        WriteDType(field.Type);
        WriteShape(field.Shape.AsSpan());
        output.Write([(byte)PickleOpcode.Tuple2, (byte)PickleOpcode.None, (byte)PickleOpcode.None]);
        EndDTypeState(field.Size, AlignmentOf(field.Type), FlagsOf(field.Type));
    }

    private void BeginVoid(int itemSize)
    {
        Span<byte> name = stackalloc byte[16];
        name[0] = (byte)'V';
        System.Buffers.Text.Utf8Formatter.TryFormat(itemSize, name[1..], out var digits);
        BeginDType(name[..(digits + 1)]);
    }

    private static int AlignmentOf(DType dtype) => dtype.Kind switch
    {
        'S' or 'V' => 1,
        'U' => 4,
        'c' => dtype.ItemSize / 2,
        _ => dtype.ItemSize,
    };

    private static int FlagsOf(DType dtype)
    {
        if (!dtype.IsStructured)
            return dtype.Kind == 'U' ? TextFlags : 0;
        var flags = StructuredFlags;
        foreach (var field in dtype.Fields)
            flags |= FlagsOf(field.Type);
        return flags;
    }
}
