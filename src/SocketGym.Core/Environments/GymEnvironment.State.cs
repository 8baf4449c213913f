using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

// Saving and restoring.
public abstract partial class GymEnvironment : IStateful
{
    private const string TypeKey = "environment";
    private const string RandomKey = "random";
    private const string HasStateKey = "has_state";
    private const string OwnKey = "state";

    /// <inheritdoc/>
    /// <remarks>True where <see cref="SaveState"/> is overridden.</remarks>
    public bool KeepsState => !SaveState().IsNone;

    /// <inheritdoc/>
    public Value GetState()
    {
        var own = SaveState();
        return own.IsNone ? throw KeepsNone() : new ValueDictionary
        {
            [TypeKey] = GetType().Name,
            [HasStateKey] = HasState,
            [RandomKey] = GeneratorState.Save(Random),
            [OwnKey] = own,
        };
    }

    /// <inheritdoc/>
    public void SetState(Value state)
    {
        if (!KeepsState)
            throw KeepsNone();
        if (StateMethods.Entry(state, TypeKey) != GetType().Name)
            throw StateMethods.Refusal($"The state is of a {StateMethods.Entry(state, TypeKey)}; {GetType().Name} takes its own.");
        try
        {
            var random = GeneratorState.Restore(StateMethods.Entry(state, RandomKey));
            var hasState = StateMethods.Entry(state, HasStateKey).IsTrue;
            RestoreState(StateMethods.Entry(state, OwnKey));
            (_random, HasState) = (random, hasState);
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or OverflowException)
        {
            throw new SocketGymException(ErrorCode.InvalidArgument, $"{GetType().Name} cannot go back to the state {state}: {refusal.Message}", refusal);
        }
    }

    /// <inheritdoc/>
    public IEnvironment Clone()
    {
        var state = GetState();
        var clone = CreateAnother();
        clone.Spec = Spec;
        clone.SetState(state);
        return clone;
    }

    /// <summary>Saves what decides how the environment goes on, other than <see cref="Random"/>: override it together with <see cref="RestoreState"/>.</summary>
    /// <returns>Any value in memory of its own, such as a number, an array or a dictionary; <see cref="Value.None"/>, as it is unless overridden, where the state cannot be had.</returns>
    protected virtual Value SaveState() => Value.None;

    /// <summary>Goes back to what <see cref="SaveState"/> gave.</summary>
    /// <param name="state">The value; it comes from a caller and may have been changed: the exceptions that reading a <see cref="Value"/> or an index throws refuse it, before anything is changed.</param>
    protected virtual void RestoreState(Value state) => throw KeepsNone();

    /// <summary>Makes another environment with this one's constructor arguments, for <see cref="Clone"/>.</summary>
    /// <returns>The environment.</returns>
    protected virtual GymEnvironment CreateAnother() =>
        throw new NotSupportedException($"{GetType().Name} does not say how another like it is made; override CreateAnother.");

    private SocketGymException KeepsNone() =>
        new(ErrorCode.UnknownAttribute, $"{GetType().Name} does not keep its state; its class has to override SaveState and RestoreState.") { RemoteType = "AttributeError" };
}
