using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Several elements of a space as one batch, and back: Gymnasium's <c>concatenate</c> and <c>iterate</c>.</summary>
internal static class Stacking
{
    /// <summary>Puts elements into one batch: arrays get a new first axis, tuples and dictionaries are stacked in each part, and elements of other spaces stay a tuple.</summary>
    /// <param name="space">The space of each element.</param>
    /// <param name="elements">Elements as <see cref="Space.Sample"/> gives them.</param>
    /// <exception cref="ArgumentException">There is no element, and the batch would be an array.</exception>
    public static Value Concatenate(Space space, ReadOnlySpan<Value> elements)
    {
        switch (space)
        {
            case Tuple tuple:
                var parts = new Value[tuple.Spaces.Length];
                for (var index = 0; index < parts.Length; index++)
                    parts[index] = Concatenate(tuple.Spaces[index], Select(elements, element => element.AsItems()[index]));
                return Value.Tuple(parts);
            case Dict dict:
                var entries = new ValueDictionary();
                foreach (var (key, part) in dict.Spaces)
                    entries.Add(key, Concatenate(part, Select(elements, element => element.AsDict()[key])));
                return Value.Dict(entries);
            case Box or Discrete or MultiDiscrete or MultiBinary:
                return StackArrays(space, elements);
            default:
                return Value.Tuple(elements.ToArray());
        }
    }

    /// <summary>The elements of a batch.</summary>
    /// <param name="space">The space of each element.</param>
    /// <param name="batch">Any value.</param>
    /// <returns>The elements; null where Gymnasium raises an exception.</returns>
    public static Value[]? Iterate(Space space, Value batch)
    {
        switch (space)
        {
            case Tuple { Spaces.IsEmpty: true }:
                return [];
            case Tuple tuple:
                // Parts are taken by their number, which sets and dictionaries do not offer.
                var items = batch.Kind is ValueKind.Set or ValueKind.FrozenSet or ValueKind.Dict or ValueKind.OrderedDict ? null : Iteration.Items(batch);
                if (items is null || items.Length < tuple.Spaces.Length)
                    return null;
                var columns = Columns(tuple.Spaces.Length, index => Iterate(tuple.Spaces[index], items[index]));
                return columns is null ? null : Rows(columns, row => Value.Tuple(row));
            case Dict { Spaces.Length: > 0 } dict when batch.Kind is ValueKind.Dict or ValueKind.OrderedDict:
                var values = Columns(dict.Spaces.Length, index => Lookup(batch.AsDict(), dict.Spaces[index].Key) is { } value ? Iterate(dict.Spaces[index].Value, value) : null);
                return values is null ? null : Rows(values, row => DictOf(dict, row));
            case Dict:
                return null;
            default:
                return Iteration.Items(batch);
        }
    }

    private static Value StackArrays(Space space, ReadOnlySpan<Value> elements)
    {
        if (elements.IsEmpty)
            throw new ArgumentException("There is no element to stack; draw at least one.", nameof(elements));
        // A Discrete's elements are scalars of its dtype in this machine's byte order; the batch has the space's own.
        var type = space.DType!;
        var batch = new NDArray(type, [elements.Length, .. space.Shape!.Value]);
        var size = batch.Data.Length / elements.Length;
        Span<byte> scalar = stackalloc byte[8];
        for (var index = 0; index < elements.Length; index++)
        {
            if (elements[index].Kind == ValueKind.Array)
            {
                elements[index].AsArray().Bytes.CopyTo(batch.Bytes[(index * size)..]);
                continue;
            }
            elements[index].CopyScalarTo(scalar);
            Number.Read(elements[index].ScalarType, scalar[..size]).Write(batch, index);
        }
        return batch;
    }

    private static Value[] Select(ReadOnlySpan<Value> elements, Func<Value, Value> part)
    {
        var parts = new Value[elements.Length];
        for (var index = 0; index < parts.Length; index++)
            parts[index] = part(elements[index]);
        return parts;
    }

    private static Value[][]? Columns(int count, Func<int, Value[]?> column)
    {
        var columns = new Value[count][];
        for (var index = 0; index < count; index++)
        {
            if (column(index) is not { } items || items.Length != (index == 0 ? items.Length : columns[0].Length))
                return null;
            columns[index] = items;
        }
        return columns;
    }

    private static Value[] Rows(Value[][] columns, Func<Value[], Value> make)
    {
        var rows = new Value[columns.Length == 0 ? 0 : columns[0].Length];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = make([.. columns.Select(column => column[row])]);
        return rows;
    }

    private static Value DictOf(Dict dict, Value[] row)
    {
        var entries = new ValueDictionary();
        for (var index = 0; index < row.Length; index++)
            entries.Add(dict.Spaces[index].Key, row[index]);
        return Value.Dict(entries);
    }

    /// <summary>The value of a key that need not be a text; null where there is none.</summary>
    public static Value? Lookup(ValueDictionary entries, Value key)
    {
        foreach (var entry in entries)
        {
            if (entry.Key.Equals(key))
                return entry.Value;
        }
        return null;
    }
}
