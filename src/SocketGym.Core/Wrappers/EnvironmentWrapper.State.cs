using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

// A wrapper's state is its own around that of what it wraps.
public abstract partial class EnvironmentWrapper : IStateful
{
    private const string WrapperKey = "wrapper";
    private const string OwnKey = "own";
    private const string InnerKey = "inner";

    /// <inheritdoc/>
    public bool KeepsState => Inner is IStateful { KeepsState: true };

    /// <inheritdoc/>
    public Value GetState() => new ValueDictionary
    {
        [WrapperKey] = GetType().Name,
        [OwnKey] = SaveState(),
        [InnerKey] = StatefulInner().GetState(),
    };

    /// <inheritdoc/>
    public void SetState(Value state)
    {
        var inner = StatefulInner();
        if (StateMethods.Entry(state, WrapperKey) != GetType().Name)
            throw StateMethods.Refusal($"The state is of a wrapper {StateMethods.Entry(state, WrapperKey)}, and here is {GetType().Name}; give a state of an environment that is wrapped the same way.");
        var (own, innerState) = (StateMethods.Entry(state, OwnKey), StateMethods.Entry(state, InnerKey));
        var before = SaveState();
        try
        {
            RestoreState(own);
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or OverflowException)
        {
            throw new SocketGymException(ErrorCode.InvalidArgument, $"{GetType().Name} cannot go back to the state {own}: {refusal.Message}", refusal);
        }
        try
        {
            inner.SetState(innerState);
        }
        catch
        {
            RestoreState(before);
            throw;
        }
    }

    /// <inheritdoc/>
    public IEnvironment Clone()
    {
        var clone = Rewrap(StatefulInner().Clone());
        clone.RestoreState(SaveState());
        return clone;
    }

    /// <summary>Saves what the wrapper itself remembers between calls.</summary>
    /// <returns>The value, in memory of its own; <c>None</c>, as it is unless overridden, for nothing.</returns>
    protected virtual Value SaveState() => Value.None;

    /// <summary>Goes back to what <see cref="SaveState"/> gave.</summary>
    /// <param name="state">The value; it comes from a caller and may have been changed: the exceptions that reading a <see cref="Value"/> or an index throws refuse it, before anything is changed.</param>
    protected virtual void RestoreState(Value state)
    {
    }

    /// <summary>Makes another wrapper with this one's constructor arguments, for <see cref="Clone"/>.</summary>
    /// <param name="inner">The clone of what is inside.</param>
    /// <returns>The wrapper.</returns>
    protected virtual EnvironmentWrapper Rewrap(IEnvironment inner) =>
        throw new NotSupportedException($"{GetType().Name} does not say how another like it is made; override Rewrap.");

    private IStateful StatefulInner() => KeepsState ? (IStateful)Inner : throw new SocketGymException(
        ErrorCode.UnknownAttribute, $"The environment in {GetType().Name} does not keep its state; an environment in C# does where it overrides SaveState and RestoreState.")
    {
        RemoteType = "AttributeError",
    };
}
