using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>Clips actions into the environment's Box, as Gymnasium's <c>ClipAction</c> does: callers may send any number.</summary>
public sealed class ClipAction : EnvironmentWrapper
{
    private readonly Box _box;
    private NDArray? _clipped;

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment; closed with the wrapper.</param>
    /// <exception cref="ArgumentException">Its action space is no Box.</exception>
    public ClipAction(IEnvironment inner)
        : base(inner)
    {
        _box = inner.ActionSpace as Box ?? throw new ArgumentException($"The action space is {inner.ActionSpace}; ClipAction needs a Box.", nameof(inner));
        ActionSpace = new Box(double.NegativeInfinity, double.PositiveInfinity, _box.Shape!.Value, _box.DType);
    }

    /// <inheritdoc/>
    /// <remarks>Unbounded, with the shape and dtype of the environment's.</remarks>
    public override Space ActionSpace { get; }

    /// <inheritdoc/>
    /// <remarks>As <c>np.clip</c> gives it, the environment's action has the dtype in which NumPy combines the action and the bounds.</remarks>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/> for anything but real numbers in the shape of the space.</exception>
    public override StepResult Step(Value action)
    {
        if (Elementwise.AsArray(action, _box.Low.Shape) is not { } array)
            throw new SocketGymException(ErrorCode.InvalidAction, $"The action is {action} ({ValueText.TypeName(action)}), which cannot be clipped into {_box}; send real numbers in its shape.");
        var type = Elementwise.ResultType(array.DType, _box.DType!);
        if (_clipped is null || !_clipped.DType.Equals(type))
            _clipped = new NDArray(type, _box.Low.Shape);
        for (var index = 0; index < array.Count; index++)
            Clip(Number.Read(array, index), Number.Read(_box.Low, index), Number.Read(_box.High, index), type).Write(_clipped, index);
        return Inner.Step(Elementwise.Result(_clipped));
    }

    /// <inheritdoc/>
    protected override EnvironmentWrapper Rewrap(IEnvironment inner) => new ClipAction(inner);

    // NumPy's order of comparisons: NaN stays, and of equal zeros the bound's sign wins.
    private static Number Clip(Number element, Number low, Number high, DType type)
    {
        if (type.Kind != 'f')
            return Int128.Clamp(element.ToInteger(), low.ToInteger(), high.ToInteger());
        var number = element.ToDouble;
        if (double.IsNaN(number))
            return number;
        number = number > low.ToDouble ? number : low.ToDouble;
        return number < high.ToDouble ? number : high.ToDouble;
    }
}
