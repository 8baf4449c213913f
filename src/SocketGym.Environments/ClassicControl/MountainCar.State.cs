using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

// Saving and restoring.
public sealed partial class MountainCar
{
    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new MountainCar(InitialGoalVelocity, RenderMode, Spec);

    /// <inheritdoc/>
    private protected override bool TryRestoreMotion(Value value)
    {
        if (value.Kind != ValueKind.Tuple || value.AsItems() is not [var position, var velocity])
            return TryReadState(value);
        var wasStopped = velocity == 0;
        if (!IsDouble(position) || !(wasStopped || IsDouble(velocity)))
            return false;
        Place(position.ToDouble(), velocity.ToDouble());
        (_hasStepped, _wasStopped) = (true, wasStopped);
        return true;

        static bool IsDouble(Value number) => number.Kind == ValueKind.Scalar && number.ScalarType.Equals(DType.Float64);
    }
}
