using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>An array of discrete choices, each with its own count and start.</summary>
public sealed class MultiDiscrete : Space
{
    /// <summary>Makes the space.</summary>
    /// <param name="nvec">How many values each element has; its shape and integer dtype are the space's.</param>
    /// <param name="start">The smallest value of each element, same shape and dtype; null for zeros.</param>
    /// <exception cref="ArgumentException">The dtype is no integer, or shapes or dtypes differ.</exception>
    public MultiDiscrete(NDArray nvec, NDArray? start = null)
    {
        ArgumentNullException.ThrowIfNull(nvec);
        Nvec = nvec;
        Start = start ?? new NDArray(nvec.DType, nvec.Shape);
        if (nvec.DType.Kind is not ('i' or 'u'))
            throw new ArgumentException($"nvec is {nvec}; a MultiDiscrete space needs an integer dtype.", nameof(nvec));
        if (!Start.DType.Equals(nvec.DType) || !Start.Shape.SequenceEqual(nvec.Shape))
            throw new ArgumentException($"start is {Start} and nvec is {nvec}; they need the same shape and dtype.", nameof(start));
    }

    /// <summary>How many values each element has.</summary>
    public NDArray Nvec { get; }

    /// <summary>The smallest value of each element.</summary>
    public NDArray Start { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => [.. Nvec.Shape];

    /// <inheritdoc/>
    public override DType? DType => Nvec.DType;
}
