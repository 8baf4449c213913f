using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Environments.Actions;

namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// Gymnasium's <c>Pendulum</c>, equal to the last bit: to swing up and stay up. The observation has shape (3,), float32: cosine and sine of the angle from upright, and the
/// angular velocity. The action is a torque, an array of shape (1,), limited to -2 to 2; the reward is a <c>np.float64</c>.
/// </summary>
/// <remarks>
/// The options of a reset are <c>x_init</c> and <c>y_init</c>, π and 1 unless given: the bounds, to either side, of the first angle and angular velocity. Sine and
/// cosine are the C library's: NumPy before 1.25 has others on processors with AVX-512, up to 3 units in the last place away, unless
/// <c>NPY_DISABLE_CPU_FEATURES=AVX512_SKX</c> is set. An action of float32 or float16 is widened as with NumPy 1; with NumPy 2 (NEP 50) products with it are float32 and
/// rewards and states differ by their rounding, while float64 actions give the same with both. Gymnasium's would go on with arrays of more dimensions, of objects or of
/// complex numbers; these are refused here. Attributes are <c>max_speed</c>, <c>max_torque</c>, <c>dt</c>, <c>g</c>, <c>m</c> and <c>l</c>, and <c>state</c> from the first reset on,
/// all of which can be set to values with which every step is Gymnasium's to the last bit; and <c>metadata</c>, <c>render_mode</c> and <c>screen_dim</c>.
/// </remarks>
public sealed partial class Pendulum : NativeEnvironment
{
    private const string StateName = "state";
    private const double FullTurn = 2 * Math.PI;

    /// <summary>The render modes of the native version.</summary>
    internal static readonly string[] RenderModes = ["rgb_array"];

    private static readonly Box Actions = new(-2.0, 2.0, [1]);
    private static readonly Box Observations = new(NDArray.Of<float>([-1, -1, -8]), NDArray.Of<float>([1, 1, 8]));

    private static readonly ValueDictionary SharedMetadata = new()
    {
        ["render_modes"] = Value.List("human", "rgb_array"),
        ["render_fps"] = 30,
    };

    private PhysicsAttributes _physics;
    private readonly NDArray _observation = new(DType.Float32, 3);
    private PendulumParameters _parameters;
    private double _angle;
    private double _angularVelocity;
    private bool _hasState;
    private double? _lastTorque;

    /// <summary>Makes the environment.</summary>
    /// <param name="gravity">The gravity, in metres per second squared: a <c>float</c> or <c>int</c>, 10.0 by default.</param>
    /// <param name="renderMode"><c>rgb_array</c>, or null for none.</param>
    /// <param name="spec">What it is made from; null when it is not made by an id.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedRenderMode"/> for a render mode that it does not offer.</exception>
    public Pendulum(Value? gravity = null, string? renderMode = null, EnvironmentSpec? spec = null)
        : base("Pendulum", RenderModes, renderMode, spec)
    {
        _physics = new PhysicsAttributes(
            ("max_speed", 8), ("max_torque", 2.0), ("dt", 0.05), ("g", gravity ?? 10.0), ("m", 1.0), ("l", 1.0));
        _parameters = ReadParameters(_physics);
    }

    /// <inheritdoc/>
    public override Space ObservationSpace => Observations;

    /// <inheritdoc/>
    public override Space ActionSpace => Actions;

    /// <inheritdoc/>
    public override ValueDictionary Metadata => SharedMetadata;

    /// <inheritdoc/>
    private protected override string SettableNames => $"{_physics.Names}, {StateName}";

    /// <inheritdoc/>
    public override StepResult Step(Value action)
    {
        if (!_hasState)
            throw NeedsReset();
        var (maxSpeed, maxTorque, time, gravity, mass, length) = _parameters;
        var torque = ReadTorque(action, maxTorque);
        _lastTorque = torque;
        var costs = Math.Pow(Normalize(_angle), 2) + 0.1 * Math.Pow(_angularVelocity, 2) + 0.001 * Math.Pow(torque, 2);
        var angularVelocity = _angularVelocity
            + (3 * gravity / (2 * length) * Math.Sin(_angle) + 3.0 / (mass * Math.Pow(length, 2)) * torque) * time;
        _angularVelocity = NumPyClip.Clip(angularVelocity, -maxSpeed, maxSpeed);
        _angle += _angularVelocity * time;
        return new(Observe(), Value.Scalar(-costs), false, false, ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    /// <returns>The frame, shape (500, 500, 3), uint8; <c>None</c> without a render mode.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/> where the angle is not finite.</exception>
    public override Value Render()
    {
        if (RenderMode is null)
            return Value.None;
        if (!_hasState)
            throw NeedsReset();
        var frame = Frame(PendulumRenderer.Size, PendulumRenderer.Size);
        try
        {
            PendulumRenderer.Render(_angle, _lastTorque, frame.Bytes);
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
        Span<double> high = [Math.PI, 1.0];
        if (options is not null)
            (high[0], high[1]) = (ResetBounds.ReadNumber(options, "x_init", Math.PI), ResetBounds.ReadNumber(options, "y_init", 1.0));
        Span<double> low = [-high[0], -high[1]];
        foreach (var bound in high)
        {
            if (!double.IsFinite(bound + bound))
                throw ResetBounds.Refusal("OverflowError", $"Range exceeds valid bounds: x_init is {high[0]} and y_init is {high[1]}; both must be finite.");
        }
        foreach (var bound in high)
        {
            // NumPy refuses by the sign bit, so -0.0 too.
            if (double.IsNegative(bound))
                throw ResetBounds.Refusal("ValueError", $"high - low < 0: x_init is {high[0]} and y_init is {high[1]}; neither may be negative.");
        }
        Span<double> numbers = stackalloc double[2];
        Random.Uniform(numbers, low, high);
        _lastTorque = null;
        Place(numbers[0], numbers[1]);
        return new(Observe(), ValueDictionary.Empty);
    }

    /// <inheritdoc/>
    private protected override bool TryGetAttribute(string name, out Value value)
    {
        if (_physics.TryGet(name, out value))
            return true;
        (var isKnown, value) = name switch
        {
            StateName when _hasState => (true, DescribeState()),
            "screen_dim" => (true, 500),
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
            if (!CanTake(name, value))
            {
                _physics.Restore(name, previous);
                var (smallest, largest) = Magnitudes(name);
                throw RefuseValue(name, value, $"a number of magnitude {smallest} to {largest}");
            }
            _parameters = ReadParameters(_physics);
            return true;
        }
        if (name != StateName || !_hasState)
            return false;
        if (!IsDoubles(value, 2))
            throw RefuseValue(name, value, "an array of float64 and shape (2,)");
        Place(value.AsArray().AsSpan<double>()[0], value.AsArray().AsSpan<double>()[1]);
        return true;
    }

    // Python divides by the first two, and raises for a zero; the torque must be a number in half precision.
    private static (double Smallest, double Largest) Magnitudes(string name) => name switch
    {
        "m" or "l" => (1e-50, 1e50),
        "max_torque" => (0, 60000),
        _ => (0, double.PositiveInfinity),
    };

    private static bool CanTake(string name, Value value) =>
        Math.Abs(value.ToDouble()) is var magnitude && magnitude >= Magnitudes(name).Smallest && magnitude <= Magnitudes(name).Largest;

    private void Place(double angle, double angularVelocity) => (_angle, _angularVelocity, _hasState) = (angle, angularVelocity, true);

    private NDArray Observe()
    {
        var numbers = _observation.AsSpan<float>();
        numbers[0] = (float)Math.Cos(_angle);
        numbers[1] = (float)Math.Sin(_angle);
        numbers[2] = (float)_angularVelocity;
        return _observation;
    }

    // Python's remainder has the sign of the divisor.
    private static double Normalize(double angle)
    {
        var remainder = (angle + Math.PI) % FullTurn;
        if (remainder == 0)
            remainder = 0;
        else if (remainder < 0)
            remainder += FullTurn;
        return remainder - Math.PI;
    }

    private static double ReadTorque(Value action, double maxTorque)
    {
        // NumPy reads a bytearray as an array of its bytes.
        if (action.Kind == ValueKind.ByteArray && !action.AsBytes().IsEmpty)
            return NumPyClip.Clip(action.AsBytes().Span[0], -maxTorque, maxTorque);
        if (!FirstElement.TryRead(action, out var element))
            throw FirstElement.Refusal(action, PythonType(action));
        // The bounds are of the array's precision, as the result is.
        var limit = FloatSizeOf(action) switch
        {
            sizeof(float) => (float)maxTorque,
            2 => (double)(Half)maxTorque,
            _ => maxTorque,
        };
        return NumPyClip.Clip(element.ToDouble(), -limit, limit);
    }

    // The bytes of an element of the array that NumPy makes of the action: 8 where it is no float.
    private static int FloatSizeOf(Value action)
    {
        if (action.Kind == ValueKind.Array)
            return SizeOf(action.AsArray().DType);
        var size = 0;
        foreach (var item in action.AsItems())
        {
            var itemSize = item.Kind == ValueKind.Scalar ? SizeOf(item.ScalarType) : sizeof(double);
            if (size != 0 && itemSize != size)
                return sizeof(double);
            size = itemSize;
        }
        return size;

        static int SizeOf(DType dtype) => dtype.Kind == 'f' ? dtype.ItemSize : sizeof(double);
    }

    // What NumPy raises for np.clip(action, ...)[0]; null where Gymnasium may go on.
    private static string? PythonType(Value action)
    {
        const string NoLoop = "numpy.core._exceptions._UFuncNoLoopError";
        if (FirstElement.IsEmpty(action))
            return "IndexError";
        switch (action.Kind)
        {
            case ValueKind.Bool or ValueKind.Float or ValueKind.Complex:
                return "IndexError";
            case ValueKind.Int:
                // What no integer dtype holds becomes an object, and is clipped to a float.
                return action.AsBigInteger() >= long.MinValue && action.AsBigInteger() <= ulong.MaxValue ? "IndexError" : "TypeError";
            case ValueKind.String or ValueKind.Bytes:
                return NoLoop;
            case ValueKind.ByteArray:
                return "IndexError";
            case ValueKind.List or ValueKind.Tuple:
                return action.AsItems() switch
                {
                    [{ Kind: ValueKind.String }] => NoLoop,
                    [{ Kind: ValueKind.None }] => "TypeError",
                    _ => null,
                };
            case ValueKind.Array:
                return action.AsArray() is { Shape.Length: <= 1 } array ? PythonType(array.DType, array.Shape.IsEmpty) : null;
            case ValueKind.Scalar:
                return PythonType(action.ScalarType, isScalar: true);
            case ValueKind.ObjectArray:
                return action.AsObjectArray().Shape.IsEmpty ? "TypeError" : null;
            default:
                return "TypeError";
        }

        static string? PythonType(DType dtype, bool isScalar) => dtype.Kind switch
        {
            'm' or 'M' => "TypeError",
            'U' or 'S' => NoLoop,
            'b' or 'i' or 'u' or 'f' or 'c' when isScalar => "IndexError",
            _ => null,
        };
    }

    private static PendulumParameters ReadParameters(PhysicsAttributes physics) =>
        new(physics["max_speed"], physics["max_torque"], physics["dt"], physics["g"], physics["m"], physics["l"]);
}
