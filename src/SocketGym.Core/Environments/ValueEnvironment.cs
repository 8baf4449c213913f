using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>An environment of any spaces, such as Dict and Tuple: observations are returned, and actions come, as <see cref="Value"/>.</summary>
public abstract class ValueEnvironment : GymEnvironment
{
    /// <summary>Declares the spaces.</summary>
    /// <param name="observations">The space of every observation.</param>
    /// <param name="actions">The space of every action.</param>
    /// <param name="renderMode">One of the modes that the rendering declares, or null.</param>
    /// <param name="rendering">What can be drawn; null for nothing.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for a render mode that is not declared.</exception>
    protected ValueEnvironment(Space observations, Space actions, string? renderMode = null, Rendering? rendering = null)
        : base(observations, actions, renderMode, rendering)
    {
    }

    /// <summary>Starts an episode.</summary>
    /// <param name="options">What the caller chose; empty for nothing. Unknown ones are best ignored, as Gymnasium's environments do.</param>
    /// <returns>The first observation, valid until the next call: its memory may be used again, but should hold nothing that the environment reads.</returns>
    protected abstract Value Reset(ValueDictionary options);

    /// <summary>Takes one step.</summary>
    /// <param name="action">The action, which the space contains; valid during the call. <see cref="ToInt64"/> reads an integer of any type.</param>
    /// <param name="observation">The next observation, as <see cref="Reset"/> returns it.</param>
    /// <returns>The reward, and whether the episode is over.</returns>
    protected abstract Outcome Step(Value action, out Value observation);

    /// <summary>The integer of an element of a Discrete space: a Python <c>int</c>, a NumPy scalar, or an array without dimensions.</summary>
    /// <param name="element">The element, whole or part of an action.</param>
    /// <returns>The integer.</returns>
    protected static long ToInt64(Value element) => ActionElements.ToInt64(element);

    private protected sealed override Value Begin(ValueDictionary options) => Reset(options);

    private protected sealed override Outcome Advance(Value action, out Value observation) => ActionSpace.Contains(action)
        ? Step(action, out observation)
        : throw Refuse(action, "send an element of it, such as its sample() gives.");
}
