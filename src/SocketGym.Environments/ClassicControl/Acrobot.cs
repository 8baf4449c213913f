using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// Gymnasium's <c>Acrobot</c>, equal to the last bit: two links are to swing their tip above a line. The observation has shape (6,), float32: cosine and sine of the first
/// angle, of the second, and both angular velocities. The actions 0, 1, 2 are torques of -1, 0 and 1; a step is rewarded with -1.0, the last with 0.0.
/// </summary>
/// <remarks>
/// The options of a reset are <c>low</c> and <c>high</c>, -0.1 and 0.1 unless given, the bounds of the uniform distribution of all four numbers of the first state, which are
/// float32. Its sines are NumPy's own of float32, which are equal on every processor with a fused multiply-add and not on others (see the source). From the first step on the
/// state is float64 and sine and cosine are the C library's: NumPy before 1.25 has others on processors with AVX-512, up to 3 units in the last place away, unless
/// <c>NPY_DISABLE_CPU_FEATURES=AVX512_SKX</c> is set. Angles beyond 1e8, which Gymnasium wraps a turn at a time, are an error here.
/// Attributes are <c>dt</c>, the <c>LINK_</c> and <c>MAX_VEL_</c> numbers, <c>torque_noise_max</c>, <c>book_or_nips</c> and <c>state</c>, all of which can be set to values with
/// which every step and frame is Gymnasium's to the last bit; and <c>AVAIL_TORQUE</c>, <c>actions_num</c>, <c>SCREEN_DIM</c>, <c>metadata</c> and <c>render_mode</c>.
/// </remarks>
public sealed partial class Acrobot : NativeEnvironment
{
    private const string StateName = "state";
    private const string EquationsName = "book_or_nips";
    private const string NoiseName = "torque_noise_max";
    private const double LargestAngle = 1e8;

    /// <summary>The render modes of the native version.</summary>
    internal static readonly string[] RenderModes = ["rgb_array"];

    private static readonly IndexActions Actions = new(3);
    private static readonly double[] Torques = [-1.0, 0.0, 1];
    private static readonly Box Observations = MakeObservationSpace();

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "rgb_array"),
        ["render_fps"] = 15,
    };

    private PhysicsAttributes _physics = new(
        ("dt", 0.2),
        ("LINK_LENGTH_1", 1.0),
        ("LINK_LENGTH_2", 1.0),
        ("LINK_MASS_1", 1.0),
        ("LINK_MASS_2", 1.0),
        ("LINK_COM_POS_1", 0.5),
        ("LINK_COM_POS_2", 0.5),
        ("LINK_MOI", 1.0),
        ("MAX_VEL_1", 4 * Math.PI),
        ("MAX_VEL_2", 9 * Math.PI),
        (NoiseName, 0.0));

    private readonly NDArray _observation = new(DType.Float32, 6);
    private string _equations = "book";
    private AcrobotParameters _parameters;
    private AcrobotState? _state;
    private bool _isSingle;

    /// <summary>Makes the environment.</summary>
    /// <param name="renderMode"><c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for a render mode that it does not offer.</exception>
    public Acrobot(string? renderMode = null, EnvironmentSpec? spec = null)
        : base("Acrobot", RenderModes, renderMode, spec) => _parameters = ReadParameters();

    /// <inheritdoc/>
    public override Space ObservationSpace => Observations;

    /// <inheritdoc/>
    public override Space ActionSpace => Actions.Space;

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    private protected override string SettableNames => $"{_physics.Names}, {EquationsName}, {StateName}";

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        if (_state is not { } before)
            throw NeedsReset("AssertionError");
        var torque = Torques[Actions.Read(action)];
        if (_parameters.TorqueNoise > 0)
            torque += Random.Uniform(-_parameters.TorqueNoise, _parameters.TorqueNoise);
        var next = AcrobotPhysics.Advance(before, torque, _parameters);
        var state = new AcrobotState(
            Wrap(next.Angle1),
            Wrap(next.Angle2),
            NumPyClip.MinMax(next.Velocity1, -_parameters.MaxVelocity1, _parameters.MaxVelocity1),
            NumPyClip.MinMax(next.Velocity2, -_parameters.MaxVelocity2, _parameters.MaxVelocity2));
        (_state, _isSingle) = (state, false);
        var terminated = AcrobotPhysics.IsTerminal(state);
        return new(Observe(state), terminated ? 0.0 : -1.0, terminated, false, ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    /// <returns>The frame, shape (500, 500, 3), uint8; <c>None</c> without a render mode.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/> where an angle is not finite.</exception>
    public override Value Render()
    {
        if (RenderMode is null || _state is not { } state)
            return Value.None;
        var frame = Frame(AcrobotRenderer.Size, AcrobotRenderer.Size);
        try
        {
            AcrobotRenderer.Render(state, _isSingle, frame.Bytes, _parameters);
        }
        catch (ArgumentOutOfRangeException problem)
        {
            throw CannotDraw(problem, isNaN: true);
        }
        return frame;
    }

    /// <inheritdoc/>
    private protected override ResetResult Start(ValueDictionary? options)
    {
        var (low, high) = ResetBounds.Read(options, -0.1, 0.1);
        Span<double> numbers = stackalloc double[4];
        Random.Uniform(numbers, low, high);
        var state = new AcrobotState((float)numbers[0], (float)numbers[1], (float)numbers[2], (float)numbers[3]);
        (_state, _isSingle) = (state, true);
        return new(Observe(state), ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        if (_physics.TryGet(name, out value))
            return true;
        (var isKnown, value) = name switch
        {
            StateName => (true, DescribeState()),
            EquationsName => (true, _equations),
            "AVAIL_TORQUE" => (true, Value.List(-1.0, 0.0, 1)),
            "actions_num" => (true, Torques.Length),
            "SCREEN_DIM" => (true, 500),
            _ => (false, Value.None),
        };
        return isKnown || base.TryGetAttribute(name, out value);
    }

    /// <inheritdoc/>
    private protected override bool TrySetAttribute(string name, Value value)
    {
        if (name == EquationsName)
        {
            _equations = value.Kind == ValueKind.String ? value.AsString() : throw RefuseValue(name, value, "a str: 'nips', or anything else for the book's");
        }
        else if (name == StateName)
        {
            if (!TryPlace(value))
                throw RefuseValue(StateName, value, "an array of float64 or float32 and shape (4,)");
        }
        else
        {
            if (!_physics.TryGet(name, out var previous))
                return false;
            if (!_physics.TrySet(name, value))
                throw RefuseValue(name, value, PhysicsAttributes.Expected);
            if (!CanTake(name, value))
            {
                _physics.Restore(name, previous);
                throw RefuseValue(name, value, name == NoiseName ? "a number up to 1e300" : "a float from 0.05 to 5 where a render_mode is set");
            }
        }
        _parameters = ReadParameters();
        return true;
    }

    // The noise is drawn from twice as wide an interval, which must be finite.
    private bool CanTake(string name, Value value) => name switch
    {
        NoiseName => value.ToDouble() <= 1e300,
        "LINK_LENGTH_1" or "LINK_LENGTH_2" => RenderMode is null || IsDrawableLength(value),
        _ => true,
    };

    // Within these the corners stay where a pixel's number fits 16 bits.
    private static bool IsDrawableLength(Value value) => value.Kind is ValueKind.Float or ValueKind.Int && value.ToDouble() is >= 0.05 and <= 5;

    private bool TryPlace(Value value)
    {
        if (value.Kind == ValueKind.Array && value.AsArray().Shape.SequenceEqual([4]))
        {
            if (value.AsArray().DType.Equals(DType.Float64) && value.AsArray().AsSpan<double>() is [var a1, var a2, var v1, var v2])
            {
                (_state, _isSingle) = (new(a1, a2, v1, v2), false);
                return true;
            }
            if (value.AsArray().DType.Equals(DType.Float32) && value.AsArray().AsSpan<float>() is [var b1, var b2, var w1, var w2])
            {
                (_state, _isSingle) = (new(b1, b2, w1, w2), true);
                return true;
            }
        }
        return false;
    }

    private Value DescribeState()
    {
        if (_state is not { } state)
            return Value.None;
        return _isSingle
            ? NDArray.Of<float>([(float)state.Angle1, (float)state.Angle2, (float)state.Velocity1, (float)state.Velocity2])
            : NDArray.Of<double>([state.Angle1, state.Angle2, state.Velocity1, state.Velocity2]);
    }

    private NDArray Observe(in AcrobotState state)
    {
        var numbers = _observation.AsSpan<float>();
        numbers[0] = Cos(state.Angle1);
        numbers[1] = Sin(state.Angle1);
        numbers[2] = Cos(state.Angle2);
        numbers[3] = Sin(state.Angle2);
        numbers[4] = (float)state.Velocity1;
        numbers[5] = (float)state.Velocity2;
        return _observation;
    }

    private float Cos(double angle) => _isSingle ? NumPySingle.Cos((float)angle) : (float)Math.Cos(angle);

    private float Sin(double angle) => _isSingle ? NumPySingle.Sin((float)angle) : (float)Math.Sin(angle);

    private static double Wrap(double angle)
    {
        if (Math.Abs(angle) > LargestAngle)
        {
            throw new SocketGymException(
                ErrorCode.EnvironmentFault,
                $"An angle is {angle}, which Gymnasium would wrap a turn at a time, for long or without an end; reset within smaller bounds.");
        }
        while (angle > Math.PI)
            angle -= 2 * Math.PI;
        while (angle < -Math.PI)
            angle += 2 * Math.PI;
        return angle;
    }

    private AcrobotParameters ReadParameters() => new(
        _physics["dt"],
        _physics["LINK_LENGTH_1"],
        _physics["LINK_LENGTH_2"],
        _physics["LINK_MASS_1"],
        _physics["LINK_MASS_2"],
        _physics["LINK_COM_POS_1"],
        _physics["LINK_COM_POS_2"],
        _physics["LINK_MOI"],
        _physics["MAX_VEL_1"],
        _physics["MAX_VEL_2"],
        _physics[NoiseName],
        _equations == "nips");

    private static Box MakeObservationSpace()
    {
        ReadOnlySpan<float> high = [1, 1, 1, 1, (float)(4 * Math.PI), (float)(9 * Math.PI)];
        ReadOnlySpan<float> low = [-1, -1, -1, -1, -high[4], -high[5]];
        return new(NDArray.Of(low), NDArray.Of(high));
    }
}
