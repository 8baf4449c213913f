using System.Numerics;
using System.Runtime.CompilerServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>Makes values of a graph's nodes: depth first, counting, each value with memory of its own.</summary>
internal sealed class ValueBuilder
{
    private readonly PickleGraph _graph;
    private readonly MessageLimits _limits;
    private readonly DecodingBudget _budget;
    private readonly TextCache _texts;
    private readonly DistinctKeys _keys;
    private readonly ArrayBuilder _arrays;

    // Only nodes that the memo gave out again can be reached twice; one whose value is still being made contains itself.
    private readonly Dictionary<int, (bool IsMade, Value Value, long Count, int Height)> _shared = [];

    // The first dict of each outermost level, where the caller takes them apart before the next message.
    private readonly (ValueDictionary Entries, bool IsTaken)[] _recycled;

    public ValueBuilder(PickleGraph graph, MessageLimits limits, int recycledLevels)
    {
        _recycled = new (ValueDictionary, bool)[recycledLevels];
        for (var level = 0; level < recycledLevels; level++)
            _recycled[level].Entries = [];
        _graph = graph;
        _limits = limits;
        _budget = new DecodingBudget(limits);
        _texts = new TextCache();
        _keys = new DistinctKeys(_budget);
        _arrays = new ArrayBuilder(graph, limits, _budget, _texts);
    }

    public Value Build(int root) => Build(root, 0, out _);

    public void Clear()
    {
        _shared.Clear();
        foreach (ref var level in _recycled.AsSpan())
            level.IsTaken = false;
        _budget.Reset();
        _arrays.Clear();
    }

    // depth: how many containers are around the value; height: how many it nests.
    private Value Build(int node, int depth, out int height)
    {
        if (!_graph[node].IsShared)
            return BuildNew(node, depth, out height);
        if (_shared.TryGetValue(node, out var known))
        {
            if (!known.IsMade)
                throw new SocketGymException(ErrorCode.CyclicValue, "The pickle holds a container that contains itself; send a value that ends.");
            if (depth + known.Height > _limits.MaxDepth)
                throw PickleErrors.TooDeep(_limits.MaxDepth);
            _budget.AddValues(known.Count);
            height = known.Height;
            return known.Value;
        }
        _shared.Add(node, default);
        var before = _budget.Values;
        var value = BuildNew(node, depth, out height);
        _shared[node] = (true, value, _budget.Values - before, height);
        return value;
    }

    private Value BuildNew(int node, int depth, out int height)
    {
        _budget.AddValues(1);
        height = 0;
        ref var source = ref _graph[node];
        switch (source.Kind)
        {
            case PickleNodeKind.None:
                return Value.None;
            case PickleNodeKind.True or PickleNodeKind.False:
                return Value.FromBool(source.Kind == PickleNodeKind.True);
            case PickleNodeKind.Int:
                return Value.FromInt(source.Bits);
            case PickleNodeKind.Float:
                return Value.FromFloat(BitConverter.Int64BitsToDouble(source.Bits));
            case PickleNodeKind.Long:
                _budget.AddBytes(source.Length);
                return Value.FromInt(new BigInteger(_graph.BytesOf(node)));
            case PickleNodeKind.Text:
                return Value.FromString(Text(node));
            case PickleNodeKind.ByteString:
                // A Python 2 string is text where it is ASCII, else bytes.
                return System.Text.Ascii.IsValid(_graph.BytesOf(node)) ? Value.FromString(Text(node)) : Value.FromBytes(CopyBytes(node));
            case PickleNodeKind.Bytes:
                return Value.FromBytes(CopyBytes(node));
            case PickleNodeKind.ByteArray:
                return Value.FromByteArray(CopyBytes(node));
            case PickleNodeKind.List:
                return Value.List(Items(node, depth, out height));
            case PickleNodeKind.Tuple:
                return Value.Tuple(Items(node, depth, out height));
            case PickleNodeKind.Set:
                return Value.Set(HashableItems(node, depth, out height));
            case PickleNodeKind.FrozenSet:
                return Value.FrozenSet(HashableItems(node, depth, out height));
            case PickleNodeKind.Dict:
                return Value.Dict(Entries(node, depth, out height));
            case PickleNodeKind.Applied:
                return Applied(node, depth, out height);
            default:
                throw PickleErrors.Unsupported("The pickle holds a type or function as a value; send its name as a text.");
        }
    }

    private Value Applied(int node, int depth, out int height)
    {
        height = 0;
        var arguments = _graph[node].Arguments;
        switch (_graph[node].Global)
        {
            case KnownGlobal.Reconstruct:
                var objects = _arrays.ObjectsOf(node);
                return objects == PickleNode.Nothing
                    ? Value.FromArray(_arrays.Reconstruct(node))
                    : Value.FromObjectArray(_arrays.OfObjects(node, Items(objects, depth, out height)));
            case KnownGlobal.FromBuffer:
                return Value.FromArray(_arrays.FromBuffer(arguments));
            case KnownGlobal.NDArray:
                return Value.FromArray(_arrays.OverBuffer(arguments));
            case KnownGlobal.Scalar:
                return _arrays.Scalar(arguments);
            case KnownGlobal.Encode or KnownGlobal.Bytes:
                return Value.FromBytes(CopyBytes(node));
            case KnownGlobal.ByteArray:
                return Value.FromByteArray(CopyBytes(node));
            case KnownGlobal.Complex:
                return ComplexOf(arguments);
            case KnownGlobal.Set or KnownGlobal.FrozenSet:
                return SetOf(node, depth, out height);
            case KnownGlobal.OrderedDict:
                return Value.OrderedDict(OrderedEntries(node, depth, out height));
            case KnownGlobal.GraphInstance:
                return GraphOf(arguments, depth, out height);
            case KnownGlobal.Opaque:
                return OpaqueOf(arguments);
            default:
                throw PickleErrors.Unsupported("The pickle holds a NumPy dtype as a value; send its name as a text.");
        }
    }

    private Value[] Items(int node, int depth, out int height)
    {
        EnterContainer(depth);
        var count = _graph[node].Count;
        _budget.Reserve(count);
        height = 1;
        if (count == 0)
            return [];
        var items = new Value[count];
        var link = _graph[node].First;
        for (var index = 0; index < count; index++)
        {
            (var item, link) = _graph.Follow(link);
            items[index] = Build(item, depth + 1, out var inner);
            height = Math.Max(height, inner + 1);
        }
        return items;
    }

    private Value[] HashableItems(int node, int depth, out int height)
    {
        var items = Items(node, depth, out height);
        foreach (var item in items)
            DistinctKeys.RequireHashable(item);
        return items;
    }

    private ValueDictionary Entries(int node, int depth, out int height)
    {
        EnterContainer(depth);
        _budget.Reserve(_graph[node].Count);
        height = 1;
        var entries = NewDictionary(node, depth);
        var link = _graph[node].First;
        for (var remaining = _graph[node].Count; remaining > 0; remaining -= 2)
        {
            (var keyNode, link) = _graph.Follow(link);
            (var valueNode, link) = _graph.Follow(link);
            var key = Build(keyNode, depth + 1, out var keyHeight);
            DistinctKeys.RequireHashable(key);
            entries.Add(key, Build(valueNode, depth + 1, out var valueHeight));
            height = Math.Max(height, Math.Max(keyHeight, valueHeight) + 1);
        }
        _keys.Check(entries);
        return entries;
    }

    // One that the memo gave out again may be reached deeper too, and outlive the message there.
    private ValueDictionary NewDictionary(int node, int depth)
    {
        if (depth >= _recycled.Length || _recycled[depth].IsTaken || _graph[node].IsShared)
            return [];
        _recycled[depth].IsTaken = true;
        _recycled[depth].Entries.Clear();
        return _recycled[depth].Entries;
    }

    // Python 3 makes an empty one and sets items; Python 2 gives it a list of pairs.
    private ValueDictionary OrderedEntries(int node, int depth, out int height)
    {
        Span<int> pairs = stackalloc int[1];
        var entries = _graph[node].Entries;
        if (_graph.TupleItems(_graph[node].Arguments, pairs, 0, "the arguments of OrderedDict") == 0)
            return Entries(entries, depth, out height);
        if (_graph[pairs[0]].Kind != PickleNodeKind.List || _graph[entries].Count > 0)
            throw PickleErrors.Malformed("OrderedDict is made of something else than a list of pairs.");
        var link = _graph[pairs[0]].First;
        for (var remaining = _graph[pairs[0]].Count; remaining > 0; remaining--)
        {
            (var pair, link) = _graph.Follow(link);
            if (_graph[pair].Kind is not (PickleNodeKind.List or PickleNodeKind.Tuple) || _graph[pair].Count != 2)
                throw PickleErrors.Malformed("OrderedDict is made of something else than a list of pairs.");
            var (key, next) = _graph.Follow(_graph[pair].First);
            _graph.Append(entries, key);
            _graph.Append(entries, _graph.Follow(next).Node);
        }
        return Entries(entries, depth, out height);
    }

    private Value SetOf(int node, int depth, out int height)
    {
        Span<int> list = stackalloc int[1];
        var isGiven = _graph.TupleItems(_graph[node].Arguments, list, 0, "the arguments of a set") == 1;
        height = 1;
        if (isGiven && _graph[list[0]].Kind is not (PickleNodeKind.List or PickleNodeKind.Tuple))
            throw PickleErrors.Malformed("a set is made of something else than a list.");
        var items = isGiven ? HashableItems(list[0], depth, out height) : [];
        return _graph[node].Global == KnownGlobal.Set ? Value.Set(items) : Value.FrozenSet(items);
    }

    private Value GraphOf(int arguments, int depth, out int height)
    {
        if (_graph[arguments].Count != 3)
            throw PickleErrors.Malformed($"GraphInstance has {_graph[arguments].Count} parts; nodes, edges and edge_links are expected.");
        var parts = Items(arguments, depth, out height);
        return Value.FromGraph(new GraphInstance(parts[0], parts[1], parts[2]));
    }

    private Value ComplexOf(int arguments)
    {
        Span<int> parts = stackalloc int[2];
        _graph.TupleItems(arguments, parts, 2, "the arguments of complex");
        return _graph[parts[0]].Kind == PickleNodeKind.Float && _graph[parts[1]].Kind == PickleNodeKind.Float
            ? Value.FromComplex(new Complex(BitConverter.Int64BitsToDouble(_graph[parts[0]].Bits), BitConverter.Int64BitsToDouble(_graph[parts[1]].Bits)))
            : throw PickleErrors.Malformed("complex is made of something else than two floats.");
    }

    private Value OpaqueOf(int arguments)
    {
        Span<int> parts = stackalloc int[2];
        _graph.TupleItems(arguments, parts, 2, "the arguments of Opaque");
        return _graph[parts[0]].Kind == PickleNodeKind.Text && _graph[parts[1]].Kind == PickleNodeKind.Text
            ? Value.FromOpaque(new Opaque(Text(parts[0]), Text(parts[1])))
            : throw PickleErrors.Malformed("Opaque is made of something else than two texts.");
    }

    private string Text(int node)
    {
        var bytes = _graph.BytesOf(node);
        _budget.AddBytes(bytes.Length);
        return _texts.Get(bytes);
    }

    private byte[] CopyBytes(int node)
    {
        if (!ByteSource.TryGet(_graph, node, out var source))
            throw PickleErrors.Malformed("bytes are made of something else than bytes, or a text and the codec latin1.");
        _budget.AddBytes(source.Length);
        var bytes = source.Length == 0 ? [] : new byte[source.Length];
        source.CopyTo(bytes);
        return bytes;
    }

    private void EnterContainer(int depth)
    {
        // The limit may be configured higher than the thread's stack bears.
        if (depth >= _limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw PickleErrors.TooDeep(_limits.MaxDepth);
    }
}
