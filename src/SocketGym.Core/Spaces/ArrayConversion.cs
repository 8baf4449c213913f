using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Turns numbers, and lists and tuples of them, into arrays where NumPy would.</summary>
/// <remarks>Text, <c>None</c>, complex numbers and times are refused, although NumPy can parse or cast some of them.</remarks>
internal static class ArrayConversion
{
    /// <summary>What <c>np.asarray(value, dtype)</c> gives.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="type">The dtype of the result; one that <see cref="Number"/> supports.</param>
    /// <param name="safely">Whether each part must fit the dtype by NumPy's rule "safe" rather than by assignment.</param>
    /// <returns>The array; null where there is none: a shape that is not rectangular, or a part that is no real number or does not fit.</returns>
    public static NDArray? TryConvert(Value value, DType type, bool safely = false)
    {
        if (ShapeOf(value) is not { } shape)
            return null;
        var array = new NDArray(type, shape);
        var position = 0L;
        return TryWrite(value, safely, array, ref position) ? array : null;
    }

    private static int[]? ShapeOf(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Array:
                return value.AsArray().Shape.ToArray();
            case ValueKind.ObjectArray:
                return value.AsObjectArray().Shape.ToArray();
            case ValueKind.ByteArray:
                return [value.AsBytes().Length];
        }
        if (!Iteration.TryTupleOrList(value, out var items))
            return [];
        if (items.IsEmpty)
            return [0];
        var rowShape = ShapeOf(items[0]);
        foreach (var item in items[1..])
        {
            if (rowShape is null || ShapeOf(item) is not { } other || !other.AsSpan().SequenceEqual(rowShape))
                return null;
        }
        return rowShape is null ? null : [items.Length, .. rowShape];
    }

    private static bool TryWrite(Value value, bool safely, NDArray array, ref long position)
    {
        switch (value.Kind)
        {
            case ValueKind.Array:
                return TryWriteArray(value.AsArray(), safely, array, ref position);
            case ValueKind.ObjectArray:
                return !safely && TryWriteItems(value.AsObjectArray().Items, safely, array, ref position);
            case ValueKind.ByteArray:
                return TryWriteArray(NDArray.Of(value.AsBytes().Span), safely, array, ref position);
        }
        if (Iteration.TryTupleOrList(value, out var items))
            return TryWriteItems(items, safely, array, ref position);
        if (!TryRead(value, array.DType, safely, out var number))
            return false;
        number.Write(array, position++);
        return true;
    }

    private static bool TryWriteItems(ReadOnlySpan<Value> items, bool safely, NDArray array, ref long position)
    {
        foreach (var item in items)
        {
            if (!TryWrite(item, safely, array, ref position))
                return false;
        }
        return true;
    }

    private static bool TryWriteArray(NDArray source, bool safely, NDArray array, ref long position)
    {
        if (!Number.Supports(source.DType) || (safely && !Number.CanCast(source.DType, array.DType)))
            return false;
        for (var index = 0L; index < source.Count; index++)
            Number.Read(source, index).Write(array, position++);
        return true;
    }

    private static bool TryRead(Value value, DType type, bool safely, out Number number)
    {
        number = default;
        switch (value.Kind)
        {
            case ValueKind.Bool:
                number = value.AsBool() ? Int128.One : Int128.Zero;
                return true;
            case ValueKind.Int when type.Kind == 'f':
                number = value.IsInt64 ? value.AsInt64() : (double)value.AsBigInteger();
                return double.IsFinite(number.ToDouble) && (!safely || Number.CanCast(DType.Int64, type));
            case ValueKind.Int:
                return TryReadInteger(value, type, safely, out number);
            case ValueKind.Float:
                number = value.AsDouble();
                return !safely && (type.Kind is 'f' or 'b' || number.FitsInteger);
            case ValueKind.Scalar when Number.Supports(value.ScalarType):
                Span<byte> bytes = stackalloc byte[8];
                value.CopyScalarTo(bytes);
                number = Number.Read(value.ScalarType, bytes[..value.ScalarType.ItemSize]);
                return safely ? Number.CanCast(value.ScalarType, type) : type.Kind is 'f' or 'b' || number.FitsInteger;
            default:
                return false;
        }
    }

    // An int becomes int64 before it is cast safely, or uint64 where it is too large. Assigned, it must fit the dtype:
    // NumPy 1 warns and wraps around, NumPy 2 refuses.
    private static bool TryReadInteger(Value value, DType type, bool safely, out Number number)
    {
        number = default;
        var integer = value.AsBigInteger();
        if (type.Kind == 'b')
        {
            number = integer.IsZero ? Int128.Zero : Int128.One;
            return !safely;
        }
        if (integer < long.MinValue || integer > ulong.MaxValue)
            return false;
        number = (Int128)integer;
        var (smallest, largest) = Number.Limits(type);
        return safely
            ? Number.CanCast(integer > long.MaxValue ? DType.UInt64 : DType.Int64, type)
            : (Int128)integer >= smallest && (Int128)integer <= largest;
    }
}
