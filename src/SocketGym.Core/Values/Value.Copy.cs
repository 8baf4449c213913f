namespace SocketGym.Core.Values;

// Copies of values whose memory will be written again.
public readonly partial struct Value
{
    /// <summary>Copies the value into memory of its own, in depth, so that it outlives its source's next call. Text and bytes, which do not change, are shared.</summary>
    /// <returns>An equal value.</returns>
    public Value Copy() => Kind switch
    {
        ValueKind.Array => AsArray().Copy(),
        ValueKind.List => List(CopyOf(AsItems())),
        ValueKind.Tuple => Tuple(CopyOf(AsItems())),
        ValueKind.Set => Set(CopyOf(AsItems())),
        ValueKind.FrozenSet => FrozenSet(CopyOf(AsItems())),
        ValueKind.Dict => Dict(CopyOf(AsDict())),
        ValueKind.OrderedDict => OrderedDict(CopyOf(AsDict())),
        ValueKind.ObjectArray => FromObjectArray(new ObjectArray(AsObjectArray().Shape, CopyOf(AsObjectArray().Items))),
        ValueKind.Graph => FromGraph(CopyOf(AsGraph())),
        _ => this,
    };

    private static GraphInstance CopyOf(GraphInstance graph) => new(graph.Nodes.Copy(), graph.Edges.Copy(), graph.EdgeLinks.Copy());

    private static Value[] CopyOf(ReadOnlySpan<Value> items)
    {
        var copy = new Value[items.Length];
        for (var index = 0; index < copy.Length; index++)
            copy[index] = items[index].Copy();
        return copy;
    }

    private static ValueDictionary CopyOf(ValueDictionary entries)
    {
        var copy = new ValueDictionary();
        foreach (var (key, value) in entries)
            copy.Add(key, value.Copy());
        return copy;
    }
}
