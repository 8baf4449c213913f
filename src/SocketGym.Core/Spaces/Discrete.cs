using System.Collections.Immutable;
using System.Numerics;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>The integers start, ..., start + n - 1.</summary>
public sealed class Discrete : Space
{
    /// <summary>Makes a discrete space.</summary>
    /// <param name="n">How many elements; positive.</param>
    /// <param name="start">The smallest element.</param>
    /// <param name="dtype">An integer dtype; int64 by default.</param>
    /// <exception cref="ArgumentException">n is not positive, or the dtype is no integer.</exception>
    public Discrete(BigInteger n, BigInteger start = default, DType? dtype = null)
    {
        if (n <= 0)
            throw new ArgumentException($"n is {n}; a Discrete space needs at least one element.", nameof(n));
        ElementType = dtype ?? Values.DType.Int64;
        if (ElementType.Kind is not ('i' or 'u'))
            throw new ArgumentException($"The dtype is {ElementType}; a Discrete space needs an integer dtype.", nameof(dtype));
        N = n;
        Start = start;
    }

    /// <summary>How many elements.</summary>
    public BigInteger N { get; }

    /// <summary>The smallest element.</summary>
    public BigInteger Start { get; }

    /// <summary>The dtype of an element.</summary>
    public DType ElementType { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => [];

    /// <inheritdoc/>
    public override DType? DType => ElementType;
}
