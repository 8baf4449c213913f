using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>An environment that can be put back where it was: a planner branches from one state as often as it likes.</summary>
/// <remarks>
/// The state is everything that decides what the following calls return, the random generator included, so the continuation is exact; the generators of the spaces,
/// from which only callers draw, are not part of it. Callers elsewhere reach it as the methods <c>get_state</c> and <c>set_state</c> of <see cref="IAttributes.Call"/>.
/// As little thread-safe as the environment.
/// </remarks>
public interface IStateful
{
    /// <summary>Whether the state can be had; a wrapper's can where that of what it wraps can.</summary>
    bool KeepsState { get; }

    /// <summary>Saves the state.</summary>
    /// <returns>The state, in memory of its own; to be given back unread, since what it consists of may change between versions.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnknownAttribute"/> where the state cannot be had.</exception>
    Value GetState();

    /// <summary>Goes back to a state.</summary>
    /// <param name="state">The state of this environment, or of another that was made the same way. Copied where it is kept.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnknownAttribute"/> where the state cannot be set, <see cref="ErrorCode.InvalidArgument"/> for another environment's state.</exception>
    void SetState(Value state);

    /// <summary>Makes an independent environment in the same state.</summary>
    /// <returns>The environment; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnknownAttribute"/> where the state cannot be had.</exception>
    /// <exception cref="NotSupportedException">The environment, or a wrapper, does not say how another like it is made.</exception>
    IEnvironment Clone();
}
