using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>An environment whose action is an array of numbers (a Box, MultiDiscrete or MultiBinary), and whose observation is an array of numbers, or one number.</summary>
/// <typeparam name="TAction">The C# type with the layout of the action space's dtype, such as <c>float</c> for float32.</typeparam>
/// <typeparam name="TObservation">The C# type with the layout of the observation space's dtype; an integer type for a Discrete.</typeparam>
/// <remarks>As in Gymnasium, an array of float64 is no element of a Box of float32: NumPy does not cast it safely. Actions out of bounds are refused; the wrapper ClipAction lets them in, clipped.</remarks>
public abstract class ArrayActionEnvironment<TAction, TObservation> : GymEnvironment
    where TAction : unmanaged
    where TObservation : unmanaged
{
    private readonly NDArray _action;
    private readonly ObservationBuffer<TObservation> _observation;

    /// <summary>Declares the spaces.</summary>
    /// <param name="observations">A Box, MultiDiscrete or MultiBinary whose dtype has the layout of <typeparamref name="TObservation"/>, or a Discrete.</param>
    /// <param name="actions">A Box, MultiDiscrete or MultiBinary whose dtype has the layout of <typeparamref name="TAction"/>.</param>
    /// <param name="renderMode">One of the modes that the rendering declares, or null.</param>
    /// <param name="rendering">What can be drawn; null for nothing.</param>
    /// <exception cref="ArgumentException">A space is another.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for a render mode that is not declared.</exception>
    protected ArrayActionEnvironment(Space observations, Space actions, string? renderMode = null, Rendering? rendering = null)
        : base(observations, actions, renderMode, rendering)
    {
        var type = NDArray.DTypeOf<TAction>();
        if (actions is not (Box or MultiDiscrete or MultiBinary) || !actions.DType!.Equals(type))
        {
            throw new ArgumentException(
                $"The action space is {actions}; an environment that reads {typeof(TAction).Name} needs a Box, MultiDiscrete or MultiBinary of dtype {type}.", nameof(actions));
        }
        _action = new NDArray(type, actions.Shape!.Value.AsSpan());
        _observation = new(observations);
    }

    /// <summary>Starts an episode.</summary>
    /// <param name="observation">To be written: the first observation in C order, one element for a Discrete; zeros when the call begins.</param>
    /// <param name="options">What the caller chose; empty for nothing. Unknown ones are best ignored, as Gymnasium's environments do.</param>
    protected abstract void Reset(Span<TObservation> observation, ValueDictionary options);

    /// <summary>Takes one step.</summary>
    /// <param name="action">The action in C order, which the space contains; valid during the call.</param>
    /// <param name="observation">To be written: the next observation, as in <see cref="Reset"/>.</param>
    /// <returns>The reward, and whether the episode is over.</returns>
    protected abstract Outcome Step(ReadOnlySpan<TAction> action, Span<TObservation> observation);

    private protected sealed override Value Begin(ValueDictionary options)
    {
        Reset(_observation.Clear(), options);
        return _observation.Value;
    }

    private protected sealed override Outcome Advance(Value action, out Value observation)
    {
        if (!ActionSpace.Contains(action) || ActionElements.ToArray(action, _action) is not { } array)
            throw Refuse(action, $"send an array of shape ({string.Join(", ", _action.Shape.ToArray())}) whose dtype casts safely to {_action.DType}, within the bounds; the wrapper ClipAction clips what lies outside.");
        var outcome = Step(array.AsSpan<TAction>(), _observation.Clear());
        observation = _observation.Value;
        return outcome;
    }
}
