using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// Gymnasium's <c>CartPole</c>, equal to the last bit: observations of shape (4,), float32 (position, velocity, angle, angular
/// velocity); the actions 0 (left) and 1 (right); a reward of 1.0 a step.
/// </summary>
/// <remarks>
/// The bare environment, without a time limit; <see cref="NativeEnvironments"/> adds what <c>gymnasium.make</c> adds.
/// Not thread-safe. A step allocates nothing, and so does a reset without a seed; the observation and the frame are written
/// again by the next call.
/// </remarks>
public sealed class CartPole : IEnvironment, IAttributes
{
    private static readonly DiscreteActions Actions = new(2);
    private static readonly Box Observations = MakeObservationSpace();

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "rgb_array"),
        ["render_fps"] = 50,
    };

    private const string StateName = "state";

    private readonly bool _suttonBartoReward;
    private readonly CartPoleAttributes _attributes = new();
    private readonly NDArray _observation = new(DType.Float32, 4);
    private NDArray? _frame;
    private Generator? _random;
    private CartPoleState? _state;
    private int? _stepsBeyondTerminated;

    /// <summary>Makes the environment.</summary>
    /// <param name="suttonBartoReward">Whether a step is rewarded with 0.0 and the last with -1.0, as in the original paper.</param>
    /// <param name="renderMode"><c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for another render mode.</exception>
    public CartPole(bool suttonBartoReward = false, string? renderMode = null, EnvironmentSpec? spec = null)
    {
        if (renderMode is not (null or "rgb_array"))
            throw new SocketGymException(
                ErrorCode.UnsupportedRenderMode, $"render_mode is '{renderMode}'; the native CartPole offers 'rgb_array' and None.");
        _suttonBartoReward = suttonBartoReward;
        RenderMode = renderMode;
        Spec = spec;
    }

    /// <inheritdoc/>
    public EnvironmentSpec? Spec { get; }

    /// <inheritdoc/>
    public Space ObservationSpace => Observations;

    /// <inheritdoc/>
    public Space ActionSpace => Actions.Space;

    /// <inheritdoc/>
    public ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    public string? RenderMode { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// The options <c>low</c> and <c>high</c> (-0.05 and 0.05 unless given) bound the uniform distribution of all four numbers of
    /// the first state. As in Gymnasium, a seed takes effect even where the options are then refused.
    /// </remarks>
    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        if (seed is not null || _random is null)
            _random = EnvironmentSeed.MakeGenerator(seed);
        var (low, high) = ResetBounds.Read(options, -0.05, 0.05);
        Span<double> numbers = stackalloc double[4];
        _random.Uniform(numbers, low, high);
        _state = new(numbers[0], numbers[1], numbers[2], numbers[3]);
        _stepsBeyondTerminated = null;
        return new(Observe(_state.Value), ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Steps beyond termination go on as in Gymnasium: the motion continues and the reward is 0.0 (-1.0 with the Sutton and Barto reward)
    /// wherever the state is terminal.
    /// </remarks>
    public StepResult Step(Value action)
    {
        var pushRight = Actions.Read(action) == 1;
        if (_state is not { } before)
        {
            throw new SocketGymException(ErrorCode.ResetNeeded, "Call reset before using step method.") { RemoteType = "AssertionError" };
        }
        var state = CartPolePhysics.Advance(before, pushRight, _attributes.Parameters);
        _state = state;
        var terminated = CartPolePhysics.IsTerminal(state, _attributes.Parameters);
        return new(Observe(state), Reward(terminated), terminated, false, ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    /// <returns>The frame, shape (400, 600, 3), uint8; <c>None</c> without a render mode.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/> where the cart is too far away to be drawn.</exception>
    public Value Render()
    {
        if (RenderMode is null || _state is not { } state)
            return Value.None;
        _frame ??= new NDArray(DType.UInt8, CartPoleRenderer.Height, CartPoleRenderer.Width, 3);
        try
        {
            CartPoleRenderer.Render(state.Position, state.Angle, _frame.Bytes, _attributes.Parameters);
        }
        catch (ArgumentOutOfRangeException outOfRange)
        {
            throw new SocketGymException(ErrorCode.EnvironmentFault, outOfRange.Message, outOfRange)
            {
                RemoteType = double.IsNaN(state.Position) || double.IsNaN(state.Angle) ? "ValueError" : "OverflowError",
            };
        }
        return _frame;
    }

    /// <inheritdoc/>
    /// <remarks>Those of <see cref="GetAttribute"/>; the methods of <see cref="IEnvironment"/> are not among them.</remarks>
    public AttributeKind FindAttribute(string name) => TryGetAttribute(name, out _) ? AttributeKind.Value : AttributeKind.None;

    /// <inheritdoc/>
    /// <remarks>
    /// Gymnasium's <c>gravity</c>, <c>masscart</c>, <c>masspole</c>, <c>total_mass</c>, <c>length</c>, <c>polemass_length</c>, <c>force_mag</c>, <c>tau</c>,
    /// <c>theta_threshold_radians</c>, <c>x_threshold</c>, <c>kinematics_integrator</c>, <c>state</c> (float64 of shape (4,), or <c>None</c>),
    /// <c>steps_beyond_terminated</c>, <c>metadata</c>, <c>render_mode</c>, <c>screen_width</c> and <c>screen_height</c>.
    /// </remarks>
    public Value GetAttribute(string name) => TryGetAttribute(name, out var value)
        ? value
        : throw Unknown($"has no attribute '{name}'");

    /// <inheritdoc/>
    /// <remarks>The parameters and <c>state</c> can be set, to values with which every step and frame is Gymnasium's to the last bit.</remarks>
    public bool SetAttribute(string name, Value value, bool force = true)
    {
        if (_attributes.TryGet(name, out _))
        {
            _attributes.Set(name, value, RenderMode is not null);
            return true;
        }
        if (name == StateName)
        {
            _state = ReadState(value);
            return true;
        }
        if (!force && !TryGetAttribute(name, out _))
            return false;
        throw Unknown($"cannot set '{name}'; it can set {_attributes.Names}, {StateName}");
    }

    /// <inheritdoc/>
    /// <remarks>There is nothing to call: what is no attribute is unknown.</remarks>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null) => throw (TryGetAttribute(name, out var value)
        ? new SocketGymException(ErrorCode.InvalidArgument, $"The attribute '{name}' is a {ValueText.TypeName(value)}, which cannot be called.")
        : Unknown($"has no method '{name}' to call by name"));

    /// <inheritdoc/>
    public void Close() => _frame = null;

    /// <inheritdoc/>
    public void Dispose() => Close();

    private double Reward(bool terminated)
    {
        if (terminated)
            _stepsBeyondTerminated = _stepsBeyondTerminated is { } steps ? steps + 1 : 0;
        if (_suttonBartoReward)
            return terminated ? -1.0 : 0.0;
        return terminated && _stepsBeyondTerminated > 0 ? 0.0 : 1.0;
    }

    private bool TryGetAttribute(string name, out Value value)
    {
        if (_attributes.TryGet(name, out value))
            return true;
        (var isKnown, value) = name switch
        {
            StateName => (true, _state is { } state ? NDArray.Of<double>([state.Position, state.Velocity, state.Angle, state.AngularVelocity]) : Value.None),
            "steps_beyond_terminated" => (true, _stepsBeyondTerminated is { } steps ? steps : Value.None),
            "metadata" => (true, Metadata),
            "render_mode" => (true, RenderMode),
            "screen_width" => (true, CartPoleRenderer.Width),
            "screen_height" => (true, CartPoleRenderer.Height),
            _ => (false, Value.None),
        };
        return isKnown;
    }

    private static CartPoleState ReadState(Value value)
    {
        if (value.Kind != ValueKind.Array || !value.AsArray().DType.Equals(DType.Float64) || !value.AsArray().Shape.SequenceEqual([4]))
        {
            throw new SocketGymException(
                ErrorCode.InvalidArgument,
                $"state is {value} ({ValueText.TypeName(value)}); the native CartPole takes an array of float64 and shape (4,). Make the environment with the prefix 'python:' to set anything.");
        }
        var numbers = value.AsArray().AsSpan<double>();
        return new(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static SocketGymException Unknown(string problem) =>
        new(ErrorCode.UnknownAttribute, $"The native CartPole {problem}. Make the environment with the prefix 'python:' to reach everything that Gymnasium's has.")
        {
            RemoteType = "AttributeError",
        };

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
