namespace SocketGym.Protocol.Pickle;

/// <summary>Bytes as a pickle holds them: as they are, or, in protocol 2, as a text to be encoded with latin1.</summary>
internal readonly ref struct ByteSource
{
    private readonly ReadOnlySpan<byte> _held;
    private readonly bool _isLatin1;

    private ByteSource(ReadOnlySpan<byte> held, bool isLatin1)
    {
        _held = held;
        _isLatin1 = isLatin1;
        Length = isLatin1 ? PickledText.Latin1Length(held) : held.Length;
    }

    public int Length { get; }

    /// <summary>Finds the bytes of a node that stands for <c>bytes</c>, <c>bytearray</c> or a Python 2 string.</summary>
    public static bool TryGet(PickleGraph graph, int node, out ByteSource source)
    {
        // bytearray(...) holds one of the other forms; it is unwrapped once, as CPython never writes more.
        if (IsApplied(graph, node, KnownGlobal.ByteArray))
        {
            var wrapped = graph[graph[node].Arguments];
            if (wrapped.Count == 1)
                return TryGetPlain(graph, graph.Follow(wrapped.First).Node, out source);
            return TryGetEncoded(graph, graph[node].Arguments, out source);
        }
        return TryGetPlain(graph, node, out source);
    }

    /// <summary>Copies the bytes into a destination of exactly <see cref="Length"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        if (!_isLatin1)
            _held.CopyTo(destination);
        else if (!PickledText.TryDecodeLatin1(_held, destination))
            throw PickleErrors.Malformed("a text that stands for bytes has characters beyond latin1.");
    }

    private static bool TryGetPlain(PickleGraph graph, int node, out ByteSource source)
    {
        if (graph[node].Kind is PickleNodeKind.Bytes or PickleNodeKind.ByteArray or PickleNodeKind.ByteString)
        {
            source = new ByteSource(graph.BytesOf(node), isLatin1: false);
            return true;
        }
        source = default;
        return IsApplied(graph, node, KnownGlobal.Encode) || IsApplied(graph, node, KnownGlobal.Bytes)
            ? TryGetEncoded(graph, graph[node].Arguments, out source)
            : false;
    }

    // The arguments of a text and its codec, or none for no bytes.
    private static bool TryGetEncoded(PickleGraph graph, int arguments, out ByteSource source)
    {
        source = default;
        Span<int> items = stackalloc int[2];
        if (graph.TupleItems(arguments, items, 0, "the arguments of bytes") == 0)
            return true;
        var isLatin1 = graph[items[0]].Kind == PickleNodeKind.Text && graph.TextOf(items[1], "a codec") is var codec
            && (codec.SequenceEqual("latin1"u8) || codec.SequenceEqual("latin-1"u8));
        if (!isLatin1)
            return false;
        source = new ByteSource(graph.BytesOf(items[0]), isLatin1: true);
        return true;
    }

    private static bool IsApplied(PickleGraph graph, int node, KnownGlobal global) =>
        graph[node].Kind == PickleNodeKind.Applied && graph[node].Global == global;
}
