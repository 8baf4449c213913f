using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

// Saving and restoring.
public sealed partial class Acrobot
{
    private const string PhysicsKey = "physics";

    /// <inheritdoc/>
    private protected override Value SaveState() => new ValueDictionary
    {
        [PhysicsKey] = _physics.Save(),
        [EquationsName] = _equations,
        [StateName] = DescribeState(),
    };

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        var physics = _physics.With(state[PhysicsKey], CanTake);
        var equations = state[EquationsName].AsString();
        var motion = state[StateName];
        if (motion.IsNone)
            _state = null;
        else if (!TryPlace(motion))
            throw NoState(StateName, motion, "an array of float64 or float32 and shape (4,), or None");
        (_physics, _equations) = (physics, equations);
        _parameters = ReadParameters();
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new Acrobot(RenderMode, Spec);
}
