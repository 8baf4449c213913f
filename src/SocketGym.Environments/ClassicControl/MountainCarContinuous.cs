using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// Gymnasium's <c>MountainCarContinuous</c>, equal to the last bit: the action is a push, an array of shape (1,), limited to -1 (left) to 1 (right); a step is rewarded
/// with -0.1 times the square of the action as it was given, and 100 at the goal.
/// </summary>
/// <remarks>
/// The state is float32 from the first step on, and numbers computed from it are float64 with NumPy 1, which this follows; with NumPy 2 (NEP 50) they are float32, and
/// observations differ from the second step on. Gymnasium's would go on with arrays of more dimensions, with arrays of objects or complex numbers, and
/// with a <c>dict</c> that has the key 0; these are refused here. Further attributes: <c>power</c>, which can be set, <c>min_action</c> and <c>max_action</c>.
/// </remarks>
public sealed class MountainCarContinuous : MountainCarEnvironment
{
    private const double MinAction = -1.0;
    private const double MaxAction = 1.0;

    private static readonly Box Actions = new(MinAction, MaxAction, [1]);

    // Not an attribute of Gymnasium's.
    private const double Gravity = 0.0025;

    private bool _isSingle;

    /// <summary>Makes the environment.</summary>
    /// <param name="goalVelocity">The least velocity at the goal: a <c>float</c> or <c>int</c>, the <c>int</c> 0 by default.</param>
    /// <param name="renderMode"><c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for a render mode that it does not offer.</exception>
    public MountainCarContinuous(Value? goalVelocity = null, string? renderMode = null, EnvironmentSpec? spec = null)
        : base("MountainCarContinuous", renderMode, spec, MakePhysics(goalVelocity ?? 0), ReadParameters)
    {
    }

    /// <inheritdoc/>
    public override Space ActionSpace => Actions;

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        if (!HasState)
            throw NeedsReset();
        var push = ReadPush(action, out var square);
        var force = NumPyClip.MinMax(push, MinAction, MaxAction);
        var velocity = Velocity + (force * Parameters.Force - Parameters.Gravity * Slope());
        if (velocity > Parameters.MaxSpeed)
            velocity = Parameters.MaxSpeed;
        if (velocity < -Parameters.MaxSpeed)
            velocity = -Parameters.MaxSpeed;
        var position = Position + velocity;
        if (position > Parameters.MaxPosition)
            position = Parameters.MaxPosition;
        if (position < Parameters.MinPosition)
            position = Parameters.MinPosition;
        if (position == Parameters.MinPosition && velocity < 0)
            velocity = 0;
        var terminated = position >= Parameters.GoalPosition && velocity >= Parameters.GoalVelocity;
        var reward = (terminated ? 100.0 : 0.0) - square * 0.1;
        Place((float)position, (float)velocity);
        _isSingle = true;
        return new(Observe(), reward, terminated, false, ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        var result = base.Start(options);
        _isSingle = false;
        return result;
    }

    /// <inheritdoc/>
    private protected override Value DescribeState() =>
        _isSingle ? NDArray.Of<float>([(float)Position, (float)Velocity]) : NDArray.Of<double>([Position, Velocity]);

    /// <inheritdoc/>
    private protected override bool TryReadState(Value value)
    {
        if (base.TryReadState(value))
        {
            _isSingle = false;
            return true;
        }
        if (value.Kind != ValueKind.Array || !value.AsArray().DType.Equals(DType.Float32) || !value.AsArray().Shape.SequenceEqual([2]))
            return false;
        var numbers = value.AsArray().AsSpan<float>();
        Place(numbers[0], numbers[1]);
        return _isSingle = true;
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new MountainCarContinuous(InitialGoalVelocity, RenderMode, Spec);

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        (var isKnown, value) = name switch
        {
            "min_action" => (true, MinAction),
            "max_action" => (true, MaxAction),
            _ => (false, Value.None),
        };
        return isKnown || base.TryGetAttribute(name, out value);
    }

    private static double ReadPush(Value action, out double square)
    {
        if (action.Kind is ValueKind.Bytes or ValueKind.ByteArray && !action.AsBytes().IsEmpty)
            action = Value.List(action.AsBytes().Span[0]);
        if (!FirstElement.TryRead(action, out var element))
            throw FirstElement.Refusal(action, PythonType(action));
        var push = element.ToDouble();
        square = Math.Pow(push, 2);
        if (double.IsInfinity(square) && (double.IsFinite(push) || element.Kind == ValueKind.Int))
            throw new SocketGymException(ErrorCode.InvalidAction, $"math range error: the square of {element} exceeds every float; send a smaller number.") { RemoteType = "OverflowError" };
        return push;
    }

    // What Python raises for action[0], or for comparing it with a number; null where Gymnasium may go on.
    private static string? PythonType(Value action)
    {
        if (FirstElement.IsEmpty(action))
            return "IndexError";
        switch (action.Kind)
        {
            case ValueKind.Scalar:
                return action.ScalarType.Kind switch
                {
                    'U' => "TypeError",
                    'S' or 'V' => null,
                    _ => "IndexError",
                };
            case ValueKind.Array:
                var array = action.AsArray();
                return array.Shape.IsEmpty ? "IndexError" : array.Shape.Length == 1 && array.DType.Kind is 'm' or 'M' ? "TypeError" : null;
            case ValueKind.ObjectArray:
                return action.AsObjectArray().Shape.IsEmpty ? "IndexError" : null;
            case ValueKind.String or ValueKind.Bytes or ValueKind.ByteArray:
                return action.Kind != ValueKind.String || action.AsString().Length == 0 ? "IndexError" : "TypeError";
            case ValueKind.List or ValueKind.Tuple:
                return action.AsItems()[0].Kind is ValueKind.String or ValueKind.None ? "TypeError" : null;
            case ValueKind.Dict or ValueKind.OrderedDict:
                return action.AsDict().Count == 0 ? "KeyError" : null;
            default:
                return "TypeError";
        }
    }

    private static MountainCarParameters ReadParameters(PhysicsAttributes physics) => new(
        physics["min_position"],
        physics["max_position"],
        physics["max_speed"],
        physics["goal_position"],
        physics["goal_velocity"],
        physics["power"],
        Gravity);

    private static PhysicsAttributes MakePhysics(Value goalVelocity) => new(
        ("min_position", -1.2),
        ("max_position", 0.6),
        ("max_speed", 0.07),
        ("goal_position", 0.45),
        ("goal_velocity", goalVelocity),
        ("power", 0.0015));
}
