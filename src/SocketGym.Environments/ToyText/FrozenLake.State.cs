using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

// Saving and restoring.
public sealed partial class FrozenLake
{
    private const string MapName = "desc";

    /// <inheritdoc/>
    /// <remarks>With the map, since two environments without a name for one are made with different ones.</remarks>
    private protected override Value SaveState()
    {
        var state = base.SaveState();
        state.AsDict()[MapName] = _map.ToArray();
        return state;
    }

    /// <inheritdoc/>
    private protected override void RestoreState(Value state)
    {
        if (state[MapName] != _map.ToArray())
            throw new ArgumentException("it is of another map.", nameof(state));
        base.RestoreState(state);
    }

    /// <inheritdoc/>
    private protected override NativeEnvironment CreateAnother() => new FrozenLake(_map, _isSlippery, _successRate, _rewards, RenderMode, Spec);
}
