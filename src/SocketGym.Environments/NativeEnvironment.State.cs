using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Values;

namespace SocketGym.Environments;

// Saving and restoring.
public abstract partial class NativeEnvironment : IStateful
{
    private const string NameKey = "environment";
    private const string RandomKey = "random";
    private const string OwnKey = "state";

    /// <inheritdoc/>
    /// <remarks>True: every native environment keeps its state.</remarks>
    public bool KeepsState => true;

    /// <inheritdoc/>
    /// <remarks>A <c>dict</c> of plain values, which any client can keep and send back: the attributes that can be set are part of it, the constructor's arguments are not.</remarks>
    public Value GetState() => new ValueDictionary
    {
        [NameKey] = _name,
        [RandomKey] = GeneratorState.Save(Random),
        [OwnKey] = SaveState(),
    };

    /// <inheritdoc/>
    /// <remarks>Nothing is changed where it is refused.</remarks>
    public void SetState(Value state)
    {
        if (StateMethods.Entry(state, NameKey) is var name && name != _name)
            throw StateMethods.Refusal($"The state is of a {name}, and here is a {_name}; give a state of an environment that was made the same way.");
        try
        {
            var random = GeneratorState.Restore(StateMethods.Entry(state, RandomKey));
            RestoreState(StateMethods.Entry(state, OwnKey));
            _random = random;
        }
        catch (Exception refusal) when (refusal is SocketGymException or ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The native {_name} cannot go back to the state: {refusal.Message}", refusal);
        }
    }

    /// <inheritdoc/>
    public IEnvironment Clone()
    {
        var clone = CreateAnother();
        clone.SetState(GetState());
        return clone;
    }

    /// <summary>Saves what decides how the environment goes on, other than the generator and the constructor's arguments.</summary>
    /// <returns>The value, in memory of its own.</returns>
    private protected abstract Value SaveState();

    /// <summary>Goes back to what <see cref="SaveState"/> gave.</summary>
    /// <param name="state">The value, which may have been changed: an exception refuses it, before anything is changed.</param>
    private protected abstract void RestoreState(Value state);

    /// <summary>Makes another environment with this one's constructor arguments.</summary>
    /// <returns>The environment.</returns>
    private protected abstract NativeEnvironment CreateAnother();

    /// <summary>Whether a value is an array of so many float64 in one row.</summary>
    /// <param name="value">The value.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether it is.</returns>
    private protected static bool IsDoubles(Value value, int count) =>
        value.Kind == ValueKind.Array && value.AsArray().DType.Equals(DType.Float64) && value.AsArray().Shape.SequenceEqual([count]);

    /// <summary>The refusal of a part of a state.</summary>
    /// <param name="name">The part.</param>
    /// <param name="value">What it is.</param>
    /// <param name="what">What it has to be, in words.</param>
    /// <returns>The exception.</returns>
    private protected static ArgumentException NoState(string name, Value value, string what) => new($"its {name} is {value}, which is not {what}.");
}
