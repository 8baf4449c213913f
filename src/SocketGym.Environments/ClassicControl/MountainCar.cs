using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ClassicControl;

/// <summary>Gymnasium's <c>MountainCar</c>, equal to the last bit: the actions 0 (push left), 1 (nothing), 2 (push right); a reward of -1.0 a step.</summary>
/// <remarks>
/// Actions that are NumPy's unsigned integers behave as with NumPy 1, where 0 - 1 is -1; with NumPy 2 they wrap around, and 0 pushes far to the right.
/// Further attributes, which can be set: <c>force</c> and <c>gravity</c>.
/// </remarks>
public sealed partial class MountainCar : MountainCarEnvironment
{
    private static readonly DiscreteActions Actions = new(3);

    // Gymnasium's state is an array after a reset and a tuple after a step, whose velocity is the int 0 where the car was stopped.
    private bool _hasStepped;
    private bool _wasStopped;

    /// <summary>Makes the environment.</summary>
    /// <param name="goalVelocity">The least velocity at the goal: a <c>float</c> or <c>int</c>, the <c>int</c> 0 by default.</param>
    /// <param name="renderMode"><c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for a render mode that it does not offer.</exception>
    public MountainCar(Value? goalVelocity = null, string? renderMode = null, EnvironmentSpec? spec = null)
        : base("MountainCar", renderMode, spec, MakePhysics(goalVelocity ?? 0), ReadParameters)
    {
    }

    /// <inheritdoc/>
    public override Space ActionSpace => Actions.Space;

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        var choice = Actions.Read(action);
        if (!HasState)
            throw NeedsReset();
        var velocity = Velocity + ((choice - 1) * Parameters.Force + Slope() * -Parameters.Gravity);
        velocity = NumPyClip.Clip(velocity, -Parameters.MaxSpeed, Parameters.MaxSpeed);
        var position = NumPyClip.Clip(Position + velocity, Parameters.MinPosition, Parameters.MaxPosition);
        _hasStepped = true;
        _wasStopped = position == Parameters.MinPosition && velocity < 0;
        if (_wasStopped)
            velocity = 0;
        Place(position, velocity);
        var terminated = position >= Parameters.GoalPosition && velocity >= Parameters.GoalVelocity;
        return new(Observe(), -1.0, terminated, false, ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        var result = base.Start(options);
        _hasStepped = false;
        return result;
    }

    private static MountainCarParameters ReadParameters(PhysicsAttributes physics) => new(
        physics["min_position"],
        physics["max_position"],
        physics["max_speed"],
        physics["goal_position"],
        physics["goal_velocity"],
        physics["force"],
        physics["gravity"]);

    /// <inheritdoc/>
    private protected override Value DescribeState() => _hasStepped
        ? Value.Tuple(Value.Scalar(Position), _wasStopped ? 0 : Value.Scalar(Velocity))
        : NDArray.Of<double>([Position, Velocity]);

    /// <inheritdoc/>
    private protected override bool TryReadState(Value value)
    {
        if (!base.TryReadState(value))
            return false;
        _hasStepped = false;
        return true;
    }

    private static PhysicsAttributes MakePhysics(Value goalVelocity) => new(
        ("min_position", -1.2),
        ("max_position", 0.6),
        ("max_speed", 0.07),
        ("goal_position", 0.5),
        ("goal_velocity", goalVelocity),
        ("force", 0.001),
        ("gravity", 0.0025));
}
