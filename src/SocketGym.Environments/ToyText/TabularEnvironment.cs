using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ToyText;

/// <summary>
/// An environment of few states with known transitions: Gymnasium's toy texts with a <c>P</c>. The observation is the state's number, an <c>int</c>; an action is
/// whatever Python holds equal to its number.
/// </summary>
/// <remarks>
/// Steps beyond termination go on from the terminal state, as in Gymnasium. Attributes are <c>P</c>, <c>initial_state_distrib</c>, <c>metadata</c>, <c>render_mode</c>, and from the
/// first reset on <c>s</c>, which can be set to an <c>int</c> or <c>np.int64</c> (<c>lastaction</c> and the reward then stay what they were), and <c>lastaction</c>.
/// </remarks>
public abstract partial class TabularEnvironment : NativeEnvironment
{
    private const int MaxOutcomes = 3;
    private const string StateName = "s";
    private const string LastActionName = "lastaction";

    private readonly int _stateCount;
    private readonly KeyActions _actions;
    private readonly Discrete _observations;
    private readonly double[] _initialDistribution;
    private readonly double[] _cumulativeInitial;
    private readonly Transition[] _outcomes = new Transition[MaxOutcomes];
    private readonly ValueDictionary _info = [];

    private protected TabularEnvironment(
        string name, ReadOnlySpan<string> renderModes, string? renderMode, EnvironmentSpec? spec, int actionCount, double[] initialDistribution)
        : base(name, renderModes, renderMode, spec)
    {
        _stateCount = initialDistribution.Length;
        _actions = new KeyActions(actionCount);
        _observations = new Discrete(_stateCount);
        _initialDistribution = initialDistribution;
        _cumulativeInitial = new double[_stateCount];
        var sum = 0.0;
        for (var state = 0; state < _stateCount; state++)
            _cumulativeInitial[state] = sum += initialDistribution[state];
    }

    /// <inheritdoc/>
    public override Space ObservationSpace => _observations;

    /// <inheritdoc/>
    public override Space ActionSpace => _actions.Space;

    /// <summary>The state; -1 before the first reset.</summary>
    private protected int State { get; private set; } = -1;

    /// <summary>The state as Gymnasium's <c>s</c> shows it, an <c>int</c> or a <c>np.int64</c>.</summary>
    private protected Value StateValue { get; private set; }

    /// <summary>The last action as it was given; <c>None</c> after a reset.</summary>
    private protected Value LastAction { get; private set; }

    /// <summary>The last action's number; null after a reset.</summary>
    private protected int? LastChoice { get; private set; }

    /// <summary>What a reset's <c>info</c> has as <c>prob</c>.</summary>
    private protected virtual Value ResetProbability => 1;

    /// <summary>Whether the states in <c>P</c> are <c>np.int64</c> rather than <c>int</c>.</summary>
    private protected virtual bool StatesAreScalars => false;

    /// <inheritdoc/>
    private protected override string SettableNames => StateName;

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        if (State < 0)
            throw NeedsReset();
        var choice = _actions.Read(action);
        var outcomes = _outcomes.AsSpan(0, FindOutcomes(State, choice, _outcomes));
        var transition = outcomes[Draw(outcomes)];
        LastAction = action;
        LastChoice = choice;
        var previous = State;
        Enter(transition.State, StatesAreScalars);
        Move(previous, transition.State);
        return new(State, transition.Reward, transition.Terminated, false, Describe(transition.Probability));
    }

    /// <inheritdoc/>
    public override Value Render()
    {
        if (RenderMode is null)
            return Value.None;
        return State < 0 ? throw NeedsReset() : RenderFrame(RenderMode);
    }

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        var uniform = Random.Random();
        var start = 0;
        // The first that is above, or 0 where none is, as NumPy's argmax has it.
        for (var state = 0; state < _cumulativeInitial.Length; state++)
        {
            if (_cumulativeInitial[state] > uniform)
            {
                start = state;
                break;
            }
        }
        Enter(start, isScalar: true);
        LastAction = Value.None;
        LastChoice = null;
        return new(State, Describe(ResetProbability));
    }

    /// <summary>Writes the outcomes of an action, in Gymnasium's order.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="action">The action.</param>
    /// <param name="outcomes">Receives them, three at most.</param>
    /// <returns>How many there are.</returns>
    private protected abstract int FindOutcomes(int state, int action, Span<Transition> outcomes);

    /// <summary>Draws the present state.</summary>
    /// <param name="mode">The render mode.</param>
    /// <returns>The frame or the text.</returns>
    private protected abstract Value RenderFrame(string mode);

    /// <summary>Follows a step: an environment that changes the state further overrides it.</summary>
    /// <param name="previous">The state before.</param>
    /// <param name="next">The state after, which is the present one already.</param>
    private protected virtual void Move(int previous, int next)
    {
    }

    /// <summary>Adds to <c>info</c> what it has beside <c>prob</c>.</summary>
    /// <param name="info">The entries.</param>
    private protected virtual void AddInfo(ValueDictionary info)
    {
    }

    /// <summary>Makes a state the present one.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isScalar">Whether Gymnasium's <c>s</c> is a <c>np.int64</c> then.</param>
    private protected void Enter(int state, bool isScalar)
    {
        State = state;
        StateValue = isScalar ? Value.Scalar((long)state) : state;
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        switch (name)
        {
            // Gymnasium makes both in the first reset.
            case StateName when State >= 0:
                value = StateValue;
                return true;
            case LastActionName when State >= 0:
                value = LastAction;
                return true;
            case "P":
                value = DescribeTransitions();
                return true;
            case "initial_state_distrib":
                value = NDArray.Of<double>(_initialDistribution);
                return true;
            default:
                return base.TryGetAttribute(name, out value);
        }
    }

    /// <inheritdoc/>
    private protected override bool TrySetAttribute(string name, Value value)
    {
        // Before the first reset there is no s, and Gymnasium would set one of a wrapper, without an effect.
        if (name != StateName || State < 0)
            return false;
        if (!TryReadNumber(value, out var state, out var isScalar))
            throw RefuseValue(name, value, $"an int or np.int64 from 0 to {_stateCount - 1}");
        Enter(state, isScalar);
        return true;
    }

    private bool TryReadNumber(Value value, out int state, out bool isScalar)
    {
        isScalar = value.Kind == ValueKind.Scalar && value.ScalarType.Equals(DType.Int64);
        var number = isScalar ? value.AsScalar<long>() : value.IsInt64 ? value.AsInt64() : -1;
        state = (int)number;
        return (ulong)number < (ulong)_stateCount;
    }

    /// <summary>The name of the last action among those of a <c>list</c>.</summary>
    /// <param name="names">A name for each action.</param>
    /// <returns>The name; null after a reset.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/>: Python takes it as a key but not as an index, as <c>1.0</c>.</exception>
    private protected string? LastActionIn(ReadOnlySpan<string> names) => LastChoice is { } choice ? names[AsIndex(choice)] : null;

    /// <summary>Checks that the last action can index a <c>list</c>.</summary>
    /// <param name="choice">The action's number.</param>
    /// <returns>The number.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/>: Python takes it as a key but not as an index, as <c>1.0</c>.</exception>
    private protected int AsIndex(int choice)
    {
        var isIndex = LastAction.Kind is ValueKind.Int or ValueKind.Bool || (LastAction.Kind == ValueKind.Scalar && LastAction.ScalarType.Kind is 'i' or 'u' or 'b');
        return isIndex ? choice : throw new SocketGymException(
            ErrorCode.EnvironmentFault, $"list indices must be integers or slices, not {ValueText.TypeName(LastAction)}; the last action cannot be drawn, take a step with an int.")
        {
            RemoteType = "TypeError",
        };
    }

    private int Draw(ReadOnlySpan<Transition> outcomes)
    {
        var uniform = Random.Random();
        var cumulative = 0.0;
        for (var index = 0; index < outcomes.Length; index++)
        {
            cumulative += outcomes[index].Probability.ToDouble();
            if (cumulative > uniform)
                return index;
        }
        return 0;
    }

    private ValueDictionary Describe(Value probability)
    {
        _info["prob"] = probability;
        AddInfo(_info);
        return _info;
    }

    private ValueDictionary DescribeTransitions()
    {
        var outcomes = new Transition[MaxOutcomes];
        var states = new ValueDictionary();
        for (var state = 0; state < _stateCount; state++)
        {
            var actions = new ValueDictionary();
            for (var action = 0; action < (int)_actions.Space.N; action++)
            {
                var found = outcomes.AsSpan(0, FindOutcomes(state, action, outcomes)).ToArray();
                actions.Add(action, Value.List([.. from outcome in found select AsTuple(outcome)]));
            }
            states.Add(state, actions);
        }
        return states;
    }

    private Value AsTuple(Transition transition) => Value.Tuple(
        transition.Probability,
        StatesAreScalars ? Value.Scalar((long)transition.State) : transition.State,
        transition.Reward,
        transition.Terminated);
}
