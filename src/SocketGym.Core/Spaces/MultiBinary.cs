using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>An int8 array of zeros and ones.</summary>
public sealed class MultiBinary : Space
{
    private readonly ImmutableArray<int> _shape;

    /// <summary>Makes a one-dimensional space, whose <c>n</c> is an int in Gymnasium.</summary>
    /// <param name="n">How many elements; positive.</param>
    /// <exception cref="ArgumentException">n is not positive.</exception>
    public MultiBinary(int n)
        : this([n]) => IsFlat = true;

    /// <summary>Makes a space of any shape, whose <c>n</c> is a tuple in Gymnasium.</summary>
    /// <param name="shape">The shape; every dimension positive.</param>
    /// <exception cref="ArgumentException">A dimension is not positive.</exception>
    public MultiBinary(ImmutableArray<int> shape)
    {
        if (shape.Any(dimension => dimension <= 0))
            throw new ArgumentException($"The shape is ({string.Join(", ", shape)}); every dimension of a MultiBinary must be positive.", nameof(shape));
        _shape = shape;
    }

    /// <summary>Whether <c>n</c> was given as one int.</summary>
    public bool IsFlat { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => _shape;

    /// <inheritdoc/>
    public override DType? DType => Values.DType.Int8;
}
