using SocketGym.Core.Errors;

namespace SocketGym.Protocol.Pickle;

/// <summary>The objects of one pickle and which contains which, as numbers into arrays that are used again.</summary>
internal sealed class PickleGraph
{
    public const int NoneNode = 0;
    public const int TrueNode = 1;
    public const int FalseNode = 2;

    private readonly Arena<PickleNode> _nodes = new();
    private readonly Arena<(int Node, int Next)> _links = new();
    private ReadOnlyMemory<byte> _payload;

    public int Count => _nodes.Count;

    public ReadOnlySpan<byte> Payload => _payload.Span;

    public ref PickleNode this[int node] => ref _nodes[node];

    public void Begin(ReadOnlyMemory<byte> payload)
    {
        _payload = payload;
        _nodes.Add(PickleNode.Constant(PickleNodeKind.None));
        _nodes.Add(PickleNode.Constant(PickleNodeKind.True));
        _nodes.Add(PickleNode.Constant(PickleNodeKind.False));
    }

    public void Clear()
    {
        _payload = default;
        _nodes.Clear();
        _links.Clear();
    }

    public int Add(PickleNode node) => _nodes.Add(node);

    public void Append(int container, int item)
    {
        var link = _links.Add((item, PickleNode.Nothing));
        ref var node = ref _nodes[container];
        if (node.Count++ == 0)
            node.First = link;
        else
            _links[node.Last].Next = link;
        node.Last = link;
    }

    /// <summary>The item that a link leads to, and the next link or <see cref="PickleNode.Nothing"/>.</summary>
    public (int Node, int Next) Follow(int link) => _links[link];

    public ReadOnlySpan<byte> BytesOf(int node) => Payload.Slice(_nodes[node].Offset, _nodes[node].Length);

    /// <summary>Copies the items of a tuple that has between <paramref name="least"/> and the span's length of them.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: it is no tuple, or has fewer or more items.</exception>
    public int TupleItems(int node, Span<int> items, int least, string what)
    {
        ref var tuple = ref _nodes[node];
        if (tuple.Kind != PickleNodeKind.Tuple || tuple.Count < least || tuple.Count > items.Length)
        {
            throw PickleErrors.Malformed(tuple.Kind == PickleNodeKind.Tuple
                ? $"{what} has {tuple.Count} items; {least} to {items.Length} are expected."
                : $"{what} is no tuple but {tuple.Kind}.");
        }
        var index = 0;
        for (var link = tuple.First; index < tuple.Count; index++)
            (items[index], link) = _links[link];
        return index;
    }

    /// <summary>The bytes of a short text that steers decoding, such as a byte order; a Python 2 string is taken too.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: it is no text.</exception>
    public ReadOnlySpan<byte> TextOf(int node, string what) => _nodes[node].Kind is PickleNodeKind.Text or PickleNodeKind.ByteString or PickleNodeKind.Bytes
        ? BytesOf(node)
        : throw PickleErrors.Malformed($"{what} is no text but {_nodes[node].Kind}.");

    /// <summary>An integer that steers decoding, such as a dimension.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: it is no integer of up to 64 bits.</exception>
    public long IntegerOf(int node, string what)
    {
        ref var integer = ref _nodes[node];
        switch (integer.Kind)
        {
            case PickleNodeKind.Int:
                return integer.Bits;
            case PickleNodeKind.True or PickleNodeKind.False:
                return integer.Kind == PickleNodeKind.True ? 1 : 0;
            case PickleNodeKind.Long when integer.Length <= sizeof(long):
                // Python 2 writes dimensions as long integers.
                var bytes = BytesOf(node);
                var number = bytes.IsEmpty ? 0L : (sbyte)bytes[^1];
                for (var index = bytes.Length - 2; index >= 0; index--)
                    number = (number << 8) | bytes[index];
                return number;
            default:
                throw PickleErrors.Malformed($"{what} is no integer of up to 64 bits but {integer.Kind}.");
        }
    }
}
