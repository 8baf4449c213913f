using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

// Saving and restoring.
public abstract partial class TabularEnvironment
{
    /// <inheritdoc/>
    private protected override Value SaveState() => new ValueDictionary
    {
        [StateName] = State < 0 ? Value.None : StateValue,
        [LastActionName] = LastAction,
    };

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        var (number, action) = (state[StateName], state[LastActionName]);
        var isScalar = false;
        var index = -1;
        if (!number.IsNone && !TryReadNumber(number, out index, out isScalar))
            throw NoState(StateName, number, $"an int or np.int64 from 0 to {_stateCount - 1}, or None");
        LastChoice = action.IsNone ? null : _actions.Read(action);
        LastAction = action;
        Enter(index, isScalar);
    }
}
