namespace SocketGym.Core.Values;

/// <summary>Gymnasium's <c>GraphInstance(nodes, edges, edge_links)</c>.</summary>
/// <param name="Nodes">An array of shape (n, *node_shape).</param>
/// <param name="Edges">An array of shape (m, *edge_shape), or <c>None</c>.</param>
/// <param name="EdgeLinks">An array of shape (m, 2), or <c>None</c>.</param>
public sealed record GraphInstance(Value Nodes, Value Edges, Value EdgeLinks);
