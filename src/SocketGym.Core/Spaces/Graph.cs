using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Graphs whose nodes, and whose edges if there are any, each belong to a space.</summary>
public sealed class Graph : Space
{
    private const int DefaultNodes = 10;

    /// <summary>Makes a graph space.</summary>
    /// <param name="nodeSpace">The space of a node: a <see cref="Box"/> or a <see cref="Discrete"/>.</param>
    /// <param name="edgeSpace">The space of an edge: the same two, or null for graphs without edge features.</param>
    /// <exception cref="ArgumentException">A space is of another type.</exception>
    public Graph(Space nodeSpace, Space? edgeSpace)
    {
        if (nodeSpace is not (Box or Discrete))
            throw new ArgumentException($"The node space is {nodeSpace?.TypeName}; a Graph takes a Box or a Discrete.", nameof(nodeSpace));
        if (edgeSpace is not (null or Box or Discrete))
            throw new ArgumentException($"The edge space is {edgeSpace.TypeName}; a Graph takes a Box, a Discrete or null.", nameof(edgeSpace));
        NodeSpace = nodeSpace;
        EdgeSpace = edgeSpace;
    }

    /// <summary>The space of a node.</summary>
    public Space NodeSpace { get; }

    /// <summary>The space of an edge; null for none.</summary>
    public Space? EdgeSpace { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;

    /// <inheritdoc/>
    public override bool Contains(Value value)
    {
        if (value.Kind != ValueKind.Graph || !IsArray(value.AsGraph().Nodes) || !AreAll(NodeSpace, value.AsGraph().Nodes, out var nodes))
            return false;
        var graph = value.AsGraph();
        if (!IsArray(graph.Edges) || !IsArray(graph.EdgeLinks))
            return graph.Edges.IsNone && graph.EdgeLinks.IsNone;
        return EdgeSpace is not null && AreAll(EdgeSpace, graph.Edges, out var edges)
            && graph.EdgeLinks.Kind == ValueKind.Array && AreLinks(graph.EdgeLinks.AsArray(), edges, nodes);
    }

    /// <summary>Draws a graph of a given size.</summary>
    /// <param name="mask">A tuple of a mask for the nodes and one for the edges; see <see cref="MultiDiscrete"/>. The edges' is for one edge unless <paramref name="numEdges"/> is given.</param>
    /// <param name="probability">The same with probabilities.</param>
    /// <param name="numNodes">How many nodes; positive.</param>
    /// <param name="numEdges">How many edges, not negative; null draws a number below n x (n - 1).</param>
    /// <returns>The graph. Nodes and edges of a <see cref="Discrete"/> are int64 from 0, whatever its start and dtype, as in Gymnasium.</returns>
    /// <exception cref="ArgumentException">A number is out of range, both masks are given, or one has a form that the space does not take.</exception>
    public Value Sample(Value mask, Value probability, int numNodes, int? numEdges = null)
    {
        CheckOnlyOne(mask, probability);
        if (numNodes <= 0)
            throw new ArgumentException($"num_nodes is {numNodes}; it must be positive.", nameof(numNodes));
        if (numEdges < 0)
            throw new ArgumentException($"num_edges is {numEdges}; it must not be negative.", nameof(numEdges));
        var given = mask.IsNone ? probability : mask;
        var (nodeMask, edgeMask) = given.IsNone ? default : PairOf(given);
        var edgeCount = numEdges ?? (numNodes > 1 ? checked((int)NpRandom.Integers((long)numNodes * (numNodes - 1))) : 0);
        if (numEdges is null && !edgeMask.IsNone)
            edgeMask = Value.Tuple([.. Enumerable.Repeat(edgeMask, edgeCount)]);

        var nodes = Draw(NodeSpace, numNodes, nodeMask, mask.IsNone);
        if (EdgeSpace is null || edgeCount == 0)
            return Value.FromGraph(new GraphInstance(nodes, default, default));
        var edges = Draw(EdgeSpace, edgeCount, edgeMask, mask.IsNone);
        var links = new NDArray(Values.DType.Int32, edgeCount, 2);
        NpRandom.Integers(links.AsSpan<int>(), 0, numNodes);
        return Value.FromGraph(new GraphInstance(nodes, edges, links));
    }

    /// <inheritdoc/>
    /// <remarks>Takes a tuple or a list of seeds too: this space's, the nodes' and, where there is a space for them, the edges'; gives the tuple of seeds in that order.</remarks>
    public override Value Seed(Value seed = default)
    {
        var count = EdgeSpace is null ? 2 : 3;
        if (Iteration.TryTupleOrList(seed, out var given))
        {
            return given.Length == count
                ? SeedAll(given[0], given[1..].ToArray())
                : throw SeedRefused(seed, $"an int, None, or a tuple or list of {count} seeds");
        }
        if (seed.IsNone)
            return SeedAll(seed, new Value[count - 1]);
        SeedOwn(seed);
        // Seeding again forgets that the seeds were drawn.
        return SeedAll(seed, DrawSeeds(count - 1));
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is Graph graph && NodeSpace.Equals(graph.NodeSpace) && Equals(EdgeSpace, graph.EdgeSpace);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(NodeSpace, EdgeSpace);

    /// <inheritdoc/>
    public override string ToString() => $"Graph({NodeSpace}, {EdgeSpace?.ToString() ?? "None"})";

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability) => Sample(mask, probability, DefaultNodes);

    // Many elements are drawn at once from this space's generator, through a space that holds as many.
    private Value Draw(Space space, int count, Value mask, bool isProbability)
    {
        Space batch = space is Box box
            ? new Box(Repeat(box.Low, count), Repeat(box.High, count))
            : new MultiDiscrete(NDArray.Of(Enumerable.Repeat((long)((Discrete)space).N, count).ToArray().AsSpan()));
        batch.NpRandom = NpRandom;
        return isProbability ? batch.Sample(default, mask) : batch.Sample(mask);
    }

    private static NDArray Repeat(NDArray array, int count)
    {
        var result = new NDArray(array.DType, [count, .. array.Shape]);
        for (var index = 0; index < count; index++)
            array.Bytes.CopyTo(result.Bytes[(index * array.Bytes.Length)..]);
        return result;
    }

    private static (Value Nodes, Value Edges) PairOf(Value mask) => Iteration.TryTupleOrList(mask, out var parts) && parts.Length == 2
        ? (parts[0], parts[1])
        : throw new ArgumentException($"The mask or probability is {ValueText.TypeName(mask)} {mask}; it must be a tuple with one for the nodes and one for the edges.", nameof(mask));

    private static bool IsArray(Value value) => value.Kind is ValueKind.Array or ValueKind.ObjectArray;

    private static bool AreAll(Space space, Value array, out int count)
    {
        var items = Iteration.Items(array);
        count = items?.Length ?? 0;
        return items is not null && items.All(space.Contains);
    }

    private static bool AreLinks(NDArray links, int edges, int nodes)
    {
        if (links.DType.Kind is not ('i' or 'u') || !links.Shape.SequenceEqual([edges, 2]))
            return false;
        for (var index = 0L; index < links.Count; index++)
        {
            var node = Number.Read(links, index).ToInteger();
            if (node < 0 || node >= nodes)
                return false;
        }
        return true;
    }

    private Value SeedAll(Value own, Value[] seeds) => EdgeSpace is null
        ? Value.Tuple(SeedOwn(own), NodeSpace.Seed(seeds[0]))
        : Value.Tuple(SeedOwn(own), NodeSpace.Seed(seeds[0]), EdgeSpace.Seed(seeds[1]));
}
