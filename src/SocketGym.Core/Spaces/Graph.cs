using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Graphs whose nodes, and whose edges if there are any, each belong to a space.</summary>
public sealed class Graph : Space
{
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
}
