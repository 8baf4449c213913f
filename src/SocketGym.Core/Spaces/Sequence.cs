using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Sequences of any length whose elements belong to one space: a tuple, or stacked into one batch.</summary>
public sealed class Sequence : Space
{
    /// <summary>Makes a sequence space.</summary>
    /// <param name="featureSpace">The space of each element.</param>
    /// <param name="stack">Whether elements come stacked into one batch rather than as a tuple.</param>
    public Sequence(Space featureSpace, bool stack = false)
    {
        ArgumentNullException.ThrowIfNull(featureSpace);
        FeatureSpace = featureSpace;
        Stack = stack;
    }

    /// <summary>The space of each element.</summary>
    public Space FeatureSpace { get; }

    /// <summary>Whether elements come stacked.</summary>
    public bool Stack { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;
}
