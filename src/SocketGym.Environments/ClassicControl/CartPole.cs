using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// Gymnasium's <c>CartPole</c>, equal to the last bit: observations of shape (4,), float32 (position, velocity, angle, angular
/// velocity); the actions 0 (left) and 1 (right); a reward of 1.0 a step.
/// </summary>
/// <remarks>
/// The options <c>low</c> and <c>high</c> of a reset (-0.05 and 0.05 unless given) bound the uniform distribution of all four numbers of the first state. Attributes are
/// Gymnasium's <c>gravity</c>, <c>masscart</c>, <c>masspole</c>, <c>total_mass</c>, <c>length</c>, <c>polemass_length</c>, <c>force_mag</c>, <c>tau</c>,
/// <c>theta_threshold_radians</c>, <c>x_threshold</c>, <c>kinematics_integrator</c> and <c>state</c> (float64 of shape (4,), or <c>None</c>), all of which can be set to values
/// with which every step and frame is Gymnasium's to the last bit; and <c>steps_beyond_terminated</c>, <c>metadata</c>, <c>render_mode</c>, <c>screen_width</c> and
/// <c>screen_height</c>.
/// </remarks>
public sealed partial class CartPole : NativeEnvironment
{
    /// <summary>The render modes of the native version.</summary>
    internal static readonly string[] RenderModes = ["rgb_array"];

    /// <summary>The lower bound of the first state's numbers.</summary>
    internal const double DefaultLow = -0.05;

    /// <summary>The upper bound of the first state's numbers.</summary>
    internal const double DefaultHigh = 0.05;

    private static readonly DiscreteActions Actions = new(2);
    private static readonly Box Observations = MakeObservationSpace();

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "rgb_array"),
        ["render_fps"] = 50,
    };

    private const string StateName = "state";

    private readonly bool _suttonBartoReward;
    private CartPoleAttributes _attributes = new();
    private readonly NDArray _observation = new(DType.Float32, 4);
    private CartPoleState? _state;
    private int? _stepsBeyondTerminated;

    /// <summary>Makes the environment.</summary>
    /// <param name="suttonBartoReward">Whether a step is rewarded with 0.0 and the last with -1.0, as in the original paper.</param>
    /// <param name="renderMode"><c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for another render mode.</exception>
    public CartPole(bool suttonBartoReward = false, string? renderMode = null, EnvironmentSpec? spec = null)
        : base("CartPole", RenderModes, renderMode, spec) => _suttonBartoReward = suttonBartoReward;

    /// <inheritdoc/>
    public override Space ObservationSpace => Observations;

    /// <inheritdoc/>
    public override Space ActionSpace => Actions.Space;

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    private protected override string SettableNames => $"{_attributes.Names}, {StateName}";

    /// <inheritdoc/>
    /// <remarks>
    /// Steps beyond termination go on as in Gymnasium: the motion continues and the reward is 0.0 (-1.0 with the Sutton and Barto reward)
    /// wherever the state is terminal.
    /// </remarks>
    public override StepResult Step(Value action)
    {
        var pushRight = Actions.Read(action) == 1;
        if (_state is not { } before)
            throw NeedsReset("AssertionError");
        var state = CartPolePhysics.Advance(before, pushRight, _attributes.Parameters);
        _state = state;
        var terminated = CartPolePhysics.IsTerminal(state, _attributes.Parameters);
        return new(Observe(state), Reward(terminated), terminated, false, ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    /// <returns>The frame, shape (400, 600, 3), uint8; <c>None</c> without a render mode.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/> where the cart is too far away to be drawn.</exception>
    public override Value Render()
    {
        if (RenderMode is null || _state is not { } state)
            return Value.None;
        var frame = Frame(CartPoleRenderer.Height, CartPoleRenderer.Width);
        try
        {
            CartPoleRenderer.Render(state.Position, state.Angle, frame.Bytes, _attributes.Parameters);
        }
        catch (ArgumentOutOfRangeException problem)
        {
            throw CannotDraw(problem, double.IsNaN(state.Position) || double.IsNaN(state.Angle));
        }
        return frame;
    }

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        var (low, high) = ResetBounds.Read(options, DefaultLow, DefaultHigh);
        Span<double> numbers = stackalloc double[4];
        Random.Uniform(numbers, low, high);
        _state = new(numbers[0], numbers[1], numbers[2], numbers[3]);
        _stepsBeyondTerminated = null;
        return new(Observe(_state.Value), ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    private protected override bool TrySetAttribute(string name, Value value)
    {
        if (_attributes.TryGet(name, out _))
        {
            _attributes.Set(name, value, RenderMode is not null);
            return true;
        }
        if (name != StateName)
            return false;
        _state = ReadState(value);
        return true;
    }

    private double Reward(bool terminated)
    {
        if (terminated)
            _stepsBeyondTerminated = _stepsBeyondTerminated is { } steps ? steps + 1 : 0;
        if (_suttonBartoReward)
            return terminated ? -1.0 : 0.0;
        return terminated && _stepsBeyondTerminated > 0 ? 0.0 : 1.0;
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        if (_attributes.TryGet(name, out value))
            return true;
        (var isKnown, value) = name switch
        {
            StateName => (true, DescribeState()),
            StepsBeyondKey => (true, DescribeStepsBeyond()),
            "screen_width" => (true, CartPoleRenderer.Width),
            "screen_height" => (true, CartPoleRenderer.Height),
            _ => (false, Value.None),
        };
        return isKnown || base.TryGetAttribute(name, out value);
    }

    private CartPoleState ReadState(Value value)
    {
        if (!IsDoubles(value, 4))
            throw RefuseValue(StateName, value, "an array of float64 and shape (4,)");
        var numbers = value.AsArray().AsSpan<double>();
        return new(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private NDArray Observe(CartPoleState state)
    {
        var numbers = _observation.AsSpan<float>();
        numbers[0] = (float)state.Position;
        numbers[1] = (float)state.Velocity;
        numbers[2] = (float)state.Angle;
        numbers[3] = (float)state.AngularVelocity;
        return _observation;
    }

    private static Box MakeObservationSpace()
    {
        // Twice the thresholds, so that the observation of a terminal state is within bounds.
        ReadOnlySpan<float> high =
        [
            (float)(CartPoleParameters.Default.PositionThreshold * 2),
            float.PositiveInfinity,
            (float)(CartPoleParameters.Default.AngleThreshold * 2),
            float.PositiveInfinity,
        ];
        ReadOnlySpan<float> low = [-high[0], -high[1], -high[2], -high[3]];
        return new(NDArray.Of(low), NDArray.Of(high));
    }
}
