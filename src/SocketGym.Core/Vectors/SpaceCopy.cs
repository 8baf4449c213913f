using SocketGym.Core.Spaces;

namespace SocketGym.Core.Vectors;

/// <summary>Equal spaces with generators of their own, not yet seeded.</summary>
internal static class SpaceCopy
{
    /// <summary>Copies one of Gymnasium's spaces, in depth.</summary>
    /// <param name="space">The space.</param>
    /// <exception cref="NotSupportedException">It is another.</exception>
    public static Space Of(Space space) => space switch
    {
        Box box => new Box(box.Low, box.High, [.. box.BoundedBelow], [.. box.BoundedAbove]),
        Discrete discrete => new Discrete(discrete.N, discrete.Start, discrete.ElementType),
        MultiDiscrete multi => new MultiDiscrete(multi.Nvec, multi.Start),
        MultiBinary binary => binary.IsFlat ? new MultiBinary(binary.Shape!.Value[0]) : new MultiBinary(binary.Shape!.Value),
        Text text => new Text(text.MaxLength, text.MinLength, text.Charset),
        Spaces.Tuple tuple => new Spaces.Tuple([.. tuple.Spaces.Select(Of)]),
        Dict dict => new Dict([.. dict.Spaces.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))]),
        Sequence sequence => new Sequence(Of(sequence.FeatureSpace), sequence.Stack),
        Graph graph => new Graph(Of(graph.NodeSpace), graph.EdgeSpace is null ? null : Of(graph.EdgeSpace)),
        OneOf oneOf => new OneOf([.. oneOf.Spaces.Select(Of)]),
        _ => throw new NotSupportedException($"{space} is none of Gymnasium's spaces and cannot be copied."),
    };
}
