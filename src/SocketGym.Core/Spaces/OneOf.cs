using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>An element of exactly one of several spaces: a tuple of the space's index and the element.</summary>
public sealed class OneOf : Space
{
    /// <summary>Makes the space.</summary>
    /// <param name="spaces">The alternatives; at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public OneOf(params ImmutableArray<Space> spaces)
    {
        if (spaces.IsDefaultOrEmpty)
            throw new ArgumentException("A OneOf needs at least one space.", nameof(spaces));
        Spaces = spaces;
    }

    /// <summary>The alternatives.</summary>
    public ImmutableArray<Space> Spaces { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;
}
