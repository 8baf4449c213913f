using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>A tuple with one element from each of several spaces.</summary>
public sealed class Tuple : Space
{
    /// <summary>Makes a tuple space.</summary>
    /// <param name="spaces">The space of each element.</param>
    public Tuple(params ImmutableArray<Space> spaces) => Spaces = spaces;

    /// <summary>The space of each element.</summary>
    public ImmutableArray<Space> Spaces { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;
}
