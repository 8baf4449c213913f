using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

// Saving and restoring.
public sealed partial class Taxi
{
    private const string FickleStepName = "fickle_step";
    private const string DirectionName = "taxi_orientation";

    /// <inheritdoc/>
    private protected override Value SaveState()
    {
        var state = base.SaveState();
        state.AsDict()[FickleStepName] = _fickleStep;
        state.AsDict()[DirectionName] = _direction;
        return state;
    }

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        var (fickleStep, direction) = (state[FickleStepName].AsBool(), state[DirectionName]);
        if (!direction.IsInt64 || (ulong)direction.AsInt64() >= (ulong)Moves.Length)
            throw NoState(DirectionName, direction, $"an int from 0 to {Moves.Length - 1}");
        base.RestoreState(state);
        (_fickleStep, _direction) = (fickleStep, (int)direction.AsInt64());
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() =>
        new Taxi(_isRainy, _hasFicklePassenger, _rainyProbability, _fickleProbability, RenderMode, Spec);
}
