using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

// Saving and restoring.
public abstract partial class MountainCarEnvironment
{
    private const string PhysicsKey = "physics";

    /// <summary>The least velocity at the goal that the constructor was given.</summary>
    private protected Value InitialGoalVelocity => _physics.Defaults["goal_velocity"];

    /// <inheritdoc/>
    private protected override Value SaveState() => new ValueDictionary
    {
        [PhysicsKey] = _physics.Save(),
        [StateName] = HasState ? DescribeState() : Value.None,
    };

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        var physics = _physics.With(state[PhysicsKey]);
        var parameters = _readParameters(physics);
        if (RenderMode is not null && !CanDraw(parameters))
            throw NoState(PhysicsKey, state[PhysicsKey], "what can be drawn");
        var motion = state[StateName];
        if (motion.IsNone)
            HasState = false;
        else if (!TryRestoreMotion(motion))
            throw NoState(StateName, motion, "a position and a velocity, or None");
        (_physics, _parameters, _renderer) = (physics, parameters, null);
    }

    /// <summary>Takes what <see cref="DescribeState"/> gave, of which not all can be set.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it is that; where it is not, nothing is changed.</returns>
    private protected virtual bool TryRestoreMotion(Value value) => TryReadState(value);
}
