namespace SocketGym.Core.Values;

/// <summary>Copies of values that stay as they are when the memory of their arrays is used again.</summary>
internal static class ValueCopy
{
    /// <summary>Copies a value in depth; what holds no array is not copied.</summary>
    /// <param name="value">The value.</param>
    public static Value Of(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Array:
                return value.AsArray().Copy();
            case ValueKind.List:
                return Value.List(Each(value.AsItems()));
            case ValueKind.Tuple:
                return Value.Tuple(Each(value.AsItems()));
            case ValueKind.Dict:
                return Value.Dict(Entries(value.AsDict()));
            case ValueKind.OrderedDict:
                return Value.OrderedDict(Entries(value.AsDict()));
            case ValueKind.ObjectArray:
                return Value.FromObjectArray(new ObjectArray(value.AsObjectArray().Shape, Each(value.AsObjectArray().Items)));
            case ValueKind.Graph:
                var graph = value.AsGraph();
                return Value.FromGraph(new GraphInstance(Of(graph.Nodes), Of(graph.Edges), Of(graph.EdgeLinks)));
            default:
                return value;
        }
    }

    private static Value[] Each(ReadOnlySpan<Value> items)
    {
        var copies = new Value[items.Length];
        for (var index = 0; index < copies.Length; index++)
            copies[index] = Of(items[index]);
        return copies;
    }

    private static ValueDictionary Entries(ValueDictionary entries)
    {
        var copies = new ValueDictionary();
        foreach (var (key, value) in entries)
            copies.Add(key, Of(value));
        return copies;
    }
}
