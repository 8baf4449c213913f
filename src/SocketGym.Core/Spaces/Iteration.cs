using System.Text;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>What Python's loops see of a value.</summary>
internal static class Iteration
{
    // Rows that hold nothing cost a peer nothing to declare, so their number is not trusted.
    private const int MaxEmptyRows = 1 << 16;

    /// <summary>The items of a tuple (a graph is one) or a list.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="items">The items when the result is true.</param>
    public static bool TryTupleOrList(Value value, out ReadOnlySpan<Value> items)
    {
        items = value.Kind is ValueKind.List ? value.AsItems() : default;
        return value.Kind is ValueKind.List || TryTuple(value, out items);
    }

    /// <summary>The items of a tuple; a graph is one.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="items">The items when the result is true.</param>
    public static bool TryTuple(Value value, out ReadOnlySpan<Value> items)
    {
        items = value.Kind switch
        {
            ValueKind.Tuple => value.AsItems(),
            ValueKind.Graph => new[] { value.AsGraph().Nodes, value.AsGraph().Edges, value.AsGraph().EdgeLinks },
            _ => default,
        };
        return value.Kind is ValueKind.Tuple or ValueKind.Graph;
    }

    /// <summary>What <c>iter(value)</c> yields.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>The items; null where Python raises <c>TypeError</c>, and for an array of more than 65,536 rows without an element.</returns>
    public static Value[]? Items(Value value)
    {
        if (TryTupleOrList(value, out var items))
            return items.ToArray();
        if (TextOf(value) is { } text)
            return [.. CodePoints(text).Select(Value.FromString)];
        return value.Kind switch
        {
            ValueKind.Set or ValueKind.FrozenSet => value.AsItems().ToArray(),
            ValueKind.Dict or ValueKind.OrderedDict => [.. value.AsDict().Select(entry => entry.Key)],
            ValueKind.Bytes or ValueKind.ByteArray => [.. value.AsBytes().ToArray().Select(item => Value.FromInt(item))],
            ValueKind.Scalar when value.ScalarType.Kind == 'S' => [.. ScalarBytes(value).AsSpan().TrimEnd((byte)0).ToArray().Select(item => Value.FromInt(item))],
            ValueKind.Array => Rows(value.AsArray()),
            ValueKind.ObjectArray => Rows(value.AsObjectArray()),
            _ => null,
        };
    }

    /// <summary>The text of a <c>str</c>, which <c>np.str_</c> is too; null for anything else.</summary>
    /// <param name="value">Any value.</param>
    public static string? TextOf(Value value)
    {
        if (value.Kind == ValueKind.String)
            return value.AsString();
        if (value.Kind != ValueKind.Scalar || value.ScalarType.Kind != 'U')
            return null;
        // UTF-32, padded with zeros that do not count.
        var encoding = new UTF32Encoding(bigEndian: value.ScalarType.ByteOrder == '>', byteOrderMark: false);
        return encoding.GetString(ScalarBytes(value)).TrimEnd('\0');
    }

    /// <summary>Python's characters of a string: code points, and surrogates that have no partner.</summary>
    /// <param name="text">The string.</param>
    public static IEnumerable<string> CodePoints(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            var isPair = index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]);
            yield return text.Substring(index, isPair ? 2 : 1);
            index += isPair ? 1 : 0;
        }
    }

    private static byte[] ScalarBytes(Value scalar)
    {
        var bytes = new byte[scalar.ScalarType.ItemSize];
        scalar.CopyScalarTo(bytes);
        return bytes;
    }

    private static Value[]? Rows(NDArray array)
    {
        if (array.Shape.IsEmpty || (array.Count == 0 && array.Shape[0] > MaxEmptyRows))
            return null;
        var rows = new Value[array.Shape[0]];
        var rowShape = array.Shape[1..];
        var rowSize = rows.Length == 0 ? 0 : array.Data.Length / rows.Length;
        for (var row = 0; row < rows.Length; row++)
        {
            var data = array.Data.Slice(row * rowSize, rowSize);
            rows[row] = rowShape.IsEmpty ? Value.FromScalar(array.DType, data.Span) : new NDArray(array.DType, rowShape, data);
        }
        return rows;
    }

    private static Value[]? Rows(ObjectArray array)
    {
        if (array.Shape.IsEmpty || (array.Items.IsEmpty && array.Shape[0] > MaxEmptyRows))
            return null;
        var rows = new Value[array.Shape[0]];
        var rowShape = array.Shape[1..];
        var rowSize = rows.Length == 0 ? 0 : array.Items.Length / rows.Length;
        for (var row = 0; row < rows.Length; row++)
        {
            var items = array.Items.Slice(row * rowSize, rowSize);
            rows[row] = rowShape.IsEmpty ? items[0] : Value.FromObjectArray(new ObjectArray(rowShape, items.ToArray()));
        }
        return rows;
    }
}
