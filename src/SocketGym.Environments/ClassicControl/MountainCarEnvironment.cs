using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// A car in a valley that is too weak for the slope (Moore, "Efficient memory-based learning for robot control", 1990): what Gymnasium's two versions have in common.
/// The observation has shape (2,), float32: position and velocity.
/// </summary>
/// <remarks>
/// The options of a reset are <c>low</c> and <c>high</c>, -0.6 and -0.4 unless given, the bounds of the uniform distribution of the first position. Steps beyond
/// termination go on as in Gymnasium. Attributes are <c>min_position</c>, <c>max_position</c>, <c>max_speed</c>, <c>goal_position</c> and <c>goal_velocity</c>, and <c>state</c> from
/// the first reset on, all of which can be set to values with which every step and frame is Gymnasium's to the last bit; and <c>metadata</c>, <c>render_mode</c>,
/// <c>screen_width</c> and <c>screen_height</c>.
/// </remarks>
public abstract partial class MountainCarEnvironment : NativeEnvironment
{
    private const string StateName = "state";

    private static readonly Box Observations = new(NDArray.Of<float>([-1.2f, -0.07f]), NDArray.Of<float>([0.6f, 0.07f]));

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "rgb_array"),
        ["render_fps"] = 30,
    };

    private PhysicsAttributes _physics;
    private readonly Func<PhysicsAttributes, MountainCarParameters> _readParameters;
    private readonly NDArray _observation = new(DType.Float32, 2);
    private MountainCarParameters _parameters;
    private MountainCarRenderer? _renderer;

    private protected MountainCarEnvironment(
        string name, string? renderMode, EnvironmentSpec? spec, PhysicsAttributes physics, Func<PhysicsAttributes, MountainCarParameters> readParameters)
        : base(name, RenderModes, renderMode, spec)
    {
        _physics = physics;
        _readParameters = readParameters;
        _parameters = readParameters(physics);
    }

    /// <inheritdoc/>
    public override Space ObservationSpace => Observations;

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <summary>The render modes of the native version.</summary>
    internal static string[] RenderModes { get; } = ["rgb_array"];

    /// <inheritdoc/>
    private protected override string SettableNames => $"{_physics.Names}, {StateName}";

    /// <summary>The present parameters.</summary>
    private protected ref readonly MountainCarParameters Parameters => ref _parameters;

    /// <summary>Whether there is a state.</summary>
    private protected bool HasState { get; private set; }

    /// <summary>The position.</summary>
    private protected double Position { get; private set; }

    /// <summary>The velocity, per step.</summary>
    private protected double Velocity { get; private set; }

    /// <inheritdoc/>
    /// <returns>The frame, shape (400, 600, 3), uint8; <c>None</c> without a render mode.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/> where the car is too far away to be drawn.</exception>
    public override Value Render()
    {
        if (RenderMode is null)
            return Value.None;
        if (!HasState)
            throw NeedsReset();
        var frame = Frame(MountainCarRenderer.Height, MountainCarRenderer.Width);
        _renderer ??= new MountainCarRenderer(_parameters);
        try
        {
            _renderer.Render(Position, frame.Bytes);
        }
        catch (ArgumentOutOfRangeException problem)
        {
            throw CannotDraw(problem, double.IsNaN(Position));
        }
        return frame;
    }

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        var (low, high) = ResetBounds.Read(options, -0.6, -0.4);
        Place(Random.Uniform(low, high), 0);
        return new(Observe(), ValueDictionary.Empty);
    }

    // Within these the flag and the hill stay where a pixel's number fits 16 bits.
    private static bool CanDraw(in MountainCarParameters parameters) => parameters is { MinPosition: >= -5 and <= 5, MaxPosition: >= -5 and <= 5, GoalPosition: >= -5 and <= 5 }
        && parameters.MaxPosition - parameters.MinPosition >= 0.5;

    /// <summary>The state as Gymnasium shows it.</summary>
    /// <returns>An array or a tuple.</returns>
    private protected abstract Value DescribeState();

    /// <summary>Takes a state that was set.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it is one that the native version takes.</returns>
    private protected virtual bool TryReadState(Value value)
    {
        if (!IsDoubles(value, 2))
            return false;
        var numbers = value.AsArray().AsSpan<double>();
        Place(numbers[0], numbers[1]);
        return true;
    }

    /// <summary>Makes a state the present one.</summary>
    /// <param name="position">The position.</param>
    /// <param name="velocity">The velocity.</param>
    private protected void Place(double position, double velocity) => (Position, Velocity, HasState) = (position, velocity, true);

    /// <summary>The present observation.</summary>
    /// <returns>The array, which the next call writes again.</returns>
    private protected NDArray Observe()
    {
        var numbers = _observation.AsSpan<float>();
        numbers[0] = (float)Position;
        numbers[1] = (float)Velocity;
        return _observation;
    }

    /// <summary>Python's <c>math.cos</c> of three times the position: the slope.</summary>
    /// <returns>The cosine.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/>: three times the position is infinite.</exception>
    private protected double Slope()
    {
        var angle = 3 * Position;
        return double.IsInfinity(angle)
            ? throw new SocketGymException(ErrorCode.EnvironmentFault, $"math domain error: the position is {Position}; reset within smaller bounds.") { RemoteType = "ValueError" }
            : Math.Cos(angle);
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        if (_physics.TryGet(name, out value))
            return true;
        if (name == StateName && HasState)
        {
            value = DescribeState();
            return true;
        }
        (var isKnown, value) = name switch
        {
            "screen_width" => (true, 600),
            "screen_height" => (true, 400),
            _ => (false, Value.None),
        };
        return isKnown || base.TryGetAttribute(name, out value);
    }

    /// <inheritdoc/>
    private protected override bool TrySetAttribute(string name, Value value)
    {
        if (_physics.TryGet(name, out var previous))
        {
            if (!_physics.TrySet(name, value))
                throw RefuseValue(name, value, PhysicsAttributes.Expected);
            var parameters = _readParameters(_physics);
            if (RenderMode is not null && !CanDraw(parameters))
            {
                _physics.Restore(name, previous);
                throw RefuseValue(name, value, "where a render_mode is set positions of -5 to 5, the ends in order, at least 0.5 apart");
            }
            (_parameters, _renderer) = (parameters, null);
            return true;
        }
        if (name != StateName || !HasState)
            return false;
        return TryReadState(value) ? true : throw RefuseValue(name, value, "an array of float64 and shape (2,)");
    }
}
