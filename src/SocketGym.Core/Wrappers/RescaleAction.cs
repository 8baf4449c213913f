using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Lets callers act within other bounds than the environment's Box has, as Gymnasium's <c>RescaleAction</c> does: an affine map takes one to the other.</summary>
public sealed class RescaleAction : EnvironmentWrapper
{
    private readonly double[] _low;
    private readonly double[] _high;
    private readonly AffineScale _scale;

    /// <summary>Wraps an environment, with the same bounds for every element.</summary>
    /// <param name="inner">The environment, with a Box of float32 or float64 as its action space; closed with the wrapper.</param>
    /// <param name="low">The lower bound for callers.</param>
    /// <param name="high">The upper bound for callers.</param>
    /// <exception cref="ArgumentException">The action space is another, the lower bound lies above the upper one, or a bound is infinite where the environment's is not or the other way round.</exception>
    public RescaleAction(IEnvironment inner, double low, double high)
        : this(inner, Repeat(inner, low), Repeat(inner, high))
    {
    }

    /// <summary>Wraps an environment, with bounds per element.</summary>
    /// <param name="inner">The environment, with a Box of float32 or float64 as its action space; closed with the wrapper.</param>
    /// <param name="low">The lower bounds for callers, in C order; copied.</param>
    /// <param name="high">The upper bounds for callers, in C order; copied.</param>
    /// <exception cref="ArgumentException">The action space is another or has another number of elements, a lower bound lies above its upper one, or a bound is infinite where the environment's is not or the other way round.</exception>
    public RescaleAction(IEnvironment inner, ReadOnlySpan<double> low, ReadOnlySpan<double> high)
        : base(inner)
    {
        var box = BoxOf(inner);
        if (low.Length != box.Low.Count || high.Length != box.Low.Count)
            throw new ArgumentException($"There are {low.Length} lower and {high.Length} upper bounds for the {box.Low.Count} elements of {box}; give one for each.", nameof(low));
        (_low, _high) = (low.ToArray(), high.ToArray());
        _scale = new AffineScale(box, low, high);
    }

    /// <inheritdoc/>
    public override Space ActionSpace => _scale.Space;

    /// <inheritdoc/>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/> for anything but real numbers in the shape of the space.</exception>
    public override StepResult Step(Value action) => _scale.Backward(action) is { } scaled
        ? Inner.Step(Elementwise.Result(scaled))
        : throw new SocketGymException(ErrorCode.InvalidAction, $"The action is {action} ({ValueText.TypeName(action)}), which cannot be rescaled from {ActionSpace}; send real numbers in its shape.");

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new RescaleAction(inner, _low, _high);

    private static Box BoxOf(IEnvironment inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return inner.ActionSpace as Box ?? throw new ArgumentException($"The action space is {inner.ActionSpace}; RescaleAction needs a Box.", nameof(inner));
    }

    private static double[] Repeat(IEnvironment inner, double bound) => [.. Enumerable.Repeat(bound, (int)BoxOf(inner).Low.Count)];
}
