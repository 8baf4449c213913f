using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>An environment with a Discrete action space, whose observation is an array of numbers, or one number.</summary>
/// <typeparam name="TObservation">The C# type with the layout of the observation space's dtype, such as <c>float</c> for float32; an integer type for a Discrete.</typeparam>
/// <example>
/// <code>
/// internal sealed class Thermostat() : DiscreteActionEnvironment&lt;float&gt;(new Box(-20, 60, [1]), new Discrete(2))
/// {
///     private float _temperature;
///
///     protected override void Reset(Span&lt;float&gt; observation, ValueDictionary options) =&gt;
///         observation[0] = _temperature = (float)Random.Uniform(10, 30);
///
///     protected override Outcome Step(int action, Span&lt;float&gt; observation)
///     {
///         observation[0] = _temperature += action == 1 ? 0.3f : -0.2f;
///         return -Math.Abs(_temperature - 20);
///     }
/// }
/// </code>
/// </example>
public abstract class DiscreteActionEnvironment<TObservation> : GymEnvironment
    where TObservation : unmanaged
{
    private readonly Discrete _actions;
    private readonly ObservationBuffer<TObservation> _observation;

    /// <summary>Declares the spaces.</summary>
    /// <param name="observations">A Box, MultiDiscrete or MultiBinary whose dtype has the layout of <typeparamref name="TObservation"/>, or a Discrete.</param>
    /// <param name="actions">The actions, within the range of an <c>int</c>.</param>
    /// <param name="renderMode">One of the modes that the rendering declares, or null.</param>
    /// <param name="rendering">What can be drawn; null for nothing.</param>
    /// <exception cref="ArgumentException">A space is another.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for a render mode that is not declared.</exception>
    protected DiscreteActionEnvironment(Space observations, Discrete actions, string? renderMode = null, Rendering? rendering = null)
        : base(observations, actions, renderMode, rendering)
    {
        if (actions.Start < int.MinValue || actions.Start + actions.N - 1 > int.MaxValue)
            throw new ArgumentException($"The action space is {actions}; its actions must fit an int.", nameof(actions));
        _actions = actions;
        _observation = new(observations);
    }

    /// <summary>Starts an episode.</summary>
    /// <param name="observation">To be written: the first observation in C order, one element for a Discrete; zeros when the call begins.</param>
    /// <param name="options">What the caller chose; empty for nothing. Unknown ones are best ignored, as Gymnasium's environments do.</param>
    protected abstract void Reset(Span<TObservation> observation, ValueDictionary options);

    /// <summary>Takes one step.</summary>
    /// <param name="action">The action, which the space contains.</param>
    /// <param name="observation">To be written: the next observation, as in <see cref="Reset"/>.</param>
    /// <returns>The reward, and whether the episode is over.</returns>
    protected abstract Outcome Step(int action, Span<TObservation> observation);

    private protected sealed override Value Begin(ValueDictionary options)
    {
        Reset(_observation.Clear(), options);
        return _observation.Value;
    }

    private protected sealed override Outcome Advance(Value action, out Value observation)
    {
        if (!_actions.Contains(action))
            throw Refuse(action, $"send an int, or a NumPy integer without dimensions, from {_actions.Start} to {_actions.Start + _actions.N - 1}.");
        var outcome = Step((int)ActionElements.ToInt64(action), _observation.Clear());
        observation = _observation.Value;
        return outcome;
    }
}
