namespace SocketGym.Core.Values;

/// <summary>Copies of values whose memory will be written again.</summary>
internal static class ValueCopy
{
    /// <summary>Copies a value: arrays and containers in depth; text and bytes, which must not change anyway, stay.</summary>
    /// <param name="value">The value.</param>
    /// <returns>An equal value, in memory of its own.</returns>
    public static Value Of(Value value) => value.Kind switch
    {
        ValueKind.Array => value.AsArray().Copy(),
        ValueKind.List => Value.List(Of(value.AsItems())),
        ValueKind.Tuple => Value.Tuple(Of(value.AsItems())),
        ValueKind.Set => Value.Set(Of(value.AsItems())),
        ValueKind.FrozenSet => Value.FrozenSet(Of(value.AsItems())),
        ValueKind.Dict => Value.Dict(Of(value.AsDict())),
        ValueKind.OrderedDict => Value.OrderedDict(Of(value.AsDict())),
        ValueKind.ObjectArray => Value.FromObjectArray(new ObjectArray(value.AsObjectArray().Shape, Of(value.AsObjectArray().Items))),
        ValueKind.Graph => Value.FromGraph(Of(value.AsGraph())),
        _ => value,
    };

    private static GraphInstance Of(GraphInstance graph) => new(Of(graph.Nodes), Of(graph.Edges), Of(graph.EdgeLinks));

    private static Value[] Of(ReadOnlySpan<Value> items)
    {
        var copy = new Value[items.Length];
        for (var index = 0; index < copy.Length; index++)
            copy[index] = Of(items[index]);
        return copy;
    }

    private static ValueDictionary Of(ValueDictionary entries)
    {
        var copy = new ValueDictionary();
        foreach (var (key, value) in entries)
            copy.Add(key, Of(value));
        return copy;
    }
}
