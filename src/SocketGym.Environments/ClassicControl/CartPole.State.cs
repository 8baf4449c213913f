using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

// Saving and restoring.
public sealed partial class CartPole
{
    private const string PhysicsKey = "physics";
    private const string StepsBeyondKey = "steps_beyond_terminated";

    /// <inheritdoc/>
    private protected override Value SaveState() => new ValueDictionary
    {
        [PhysicsKey] = _attributes.Save(),
        [StateName] = DescribeState(),
        [StepsBeyondKey] = DescribeStepsBeyond(),
    };

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        var attributes = CartPoleAttributes.Restore(state[PhysicsKey], RenderMode is not null);
        var (motion, stepsBeyond) = (state[StateName], state[StepsBeyondKey]);
        if (!motion.IsNone && !IsDoubles(motion, 4))
            throw NoState(StateName, motion, "an array of float64 and shape (4,), or None");
        if (!stepsBeyond.IsNone && !(stepsBeyond.IsInt64 && stepsBeyond.AsInt64() is >= 0 and < int.MaxValue))
            throw NoState(StepsBeyondKey, stepsBeyond, "an int that counts, or None");
        _attributes = attributes;
        _state = motion.IsNone ? null : ReadState(motion);
        _stepsBeyondTerminated = stepsBeyond.IsNone ? null : (int)stepsBeyond.AsInt64();
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new CartPole(_suttonBartoReward, RenderMode, Spec);

    private Value DescribeState() =>
        _state is { } state ? NDArray.Of<double>([state.Position, state.Velocity, state.Angle, state.AngularVelocity]) : Value.None;

    private Value DescribeStepsBeyond() => _stepsBeyondTerminated is { } steps ? steps : Value.None;
}
