using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

// Saving and restoring.
public sealed partial class Pendulum
{
    private const string PhysicsKey = "physics";
    private const string LastTorqueKey = "last_u";

    /// <inheritdoc/>
    private protected override Value SaveState() => new ValueDictionary
    {
        [PhysicsKey] = _physics.Save(),
        [StateName] = _hasState ? DescribeState() : Value.None,
        [LastTorqueKey] = _lastTorque is { } torque ? torque : Value.None,
    };

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        var physics = _physics.With(state[PhysicsKey], CanTake);
        var (motion, torque) = (state[StateName], state[LastTorqueKey]);
        if (!motion.IsNone && !IsDoubles(motion, 2))
            throw NoState(StateName, motion, "an array of float64 and shape (2,), or None");
        _lastTorque = torque.IsNone ? null : torque.AsDouble();
        if (motion.IsNone)
            _hasState = false;
        else
            Place(motion.AsSpan<double>()[0], motion.AsSpan<double>()[1]);
        _physics = physics;
        _parameters = ReadParameters(physics);
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new Pendulum(_physics.Defaults["g"], RenderMode, Spec);

    private NDArray DescribeState() => NDArray.Of<double>([_angle, _angularVelocity]);
}
