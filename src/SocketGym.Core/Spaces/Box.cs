using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>A box in R^n: an array whose every element has its own bounds, each of which may be missing.</summary>
public sealed class Box : Space
{
    /// <summary>Makes a box with bounds per element.</summary>
    /// <param name="low">Lower bounds, inclusive; its shape and dtype are the box's.</param>
    /// <param name="high">Upper bounds, inclusive; same shape and dtype.</param>
    /// <param name="boundedBelow">Per element, whether there is a lower bound; null derives it: not minus infinity.</param>
    /// <param name="boundedAbove">Per element, whether there is an upper bound; null derives it: not infinity.</param>
    /// <exception cref="ArgumentException">Shapes or dtypes differ, or the dtype is no boolean, integer or float.</exception>
    public Box(NDArray low, NDArray high, bool[]? boundedBelow = null, bool[]? boundedAbove = null)
    {
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (!low.DType.Equals(high.DType) || !low.Shape.SequenceEqual(high.Shape))
            throw new ArgumentException($"low is {low} and high is {high}; a Box needs the same shape and dtype for both.", nameof(high));
        Low = low;
        High = high;
        BoundedBelow = [.. boundedBelow ?? BoundsOf(low, double.NegativeInfinity)];
        BoundedAbove = [.. boundedAbove ?? BoundsOf(high, double.PositiveInfinity)];
    }

    /// <summary>Lower bounds, inclusive; an unbounded integer element has its dtype's smallest value.</summary>
    public NDArray Low { get; }

    /// <summary>Upper bounds, inclusive; an unbounded integer element has its dtype's largest value.</summary>
    public NDArray High { get; }

    /// <summary>Per element in C order, whether there is a lower bound.</summary>
    public ImmutableArray<bool> BoundedBelow { get; }

    /// <summary>Per element in C order, whether there is an upper bound.</summary>
    public ImmutableArray<bool> BoundedAbove { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => [.. Low.Shape];

    /// <inheritdoc/>
    public override DType? DType => Low.DType;

    private static bool[] BoundsOf(NDArray bounds, double infinity)
    {
        var bounded = new bool[bounds.Count];
        for (var index = 0; index < bounded.Length; index++)
        {
            bounded[index] = bounds.DType.Descriptor switch
            {
                "<f2" => (double)bounds.AsSpan<Half>()[index] != infinity,
                "<f4" => bounds.AsSpan<float>()[index] != infinity,
                "<f8" => bounds.AsSpan<double>()[index] != infinity,
                _ => true,
            };
        }
        return bounded;
    }
}
