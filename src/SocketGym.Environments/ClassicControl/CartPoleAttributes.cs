using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

/// <summary>The parameters of a <see cref="CartPole"/> under the names, and with the types, that they have in Gymnasium's.</summary>
internal sealed class CartPoleAttributes
{
    private const string ForceName = "force_mag";
    private const string IntegratorName = "kinematics_integrator";
    private const string LengthName = "length";
    private const string PositionThresholdName = "x_threshold";

    // Beyond it not every int is a double.
    private const long MaxExactInt = 1L << 53;

    private readonly ValueDictionary _values = Describe(CartPoleParameters.Default);
    private CartPoleParameters _parameters = CartPoleParameters.Default;

    /// <summary>The parameters.</summary>
    public ref readonly CartPoleParameters Parameters => ref _parameters;

    /// <summary>The names, for messages.</summary>
    public string Names => string.Join(", ", from entry in _values select entry.Key.AsString());

    /// <summary>Looks a parameter up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Receives its value, of the type that it was set with.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, out Value value) => _values.TryGetValue(name, out value);

    /// <summary>Sets a parameter, where the motion and the picture that follow are Gymnasium's to the last bit.</summary>
    /// <param name="name">Its name, which <see cref="TryGet"/> knows.</param>
    /// <param name="value">A number, or for the integrator a text: <c>euler</c> is explicit, everything else semi-implicit.</param>
    /// <param name="isDrawn">Whether the environment has a render mode.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: exactness cannot be promised for the value.</exception>
    public void Set(string name, Value value, bool isDrawn)
    {
        if (name == IntegratorName)
        {
            if (value.Kind != ValueKind.String)
                throw Refusal(name, value, "a str");
        }
        else if (!IsExact(name, value))
        {
            throw Refusal(name, value, "a finite number: a float, an np.float64, or an int up to 2**53");
        }
        else if (isDrawn && !CanDraw(name, value.ToDouble()))
        {
            throw Refusal(name, value, $"a number from {(name == LengthName ? "0.05 to 5" : "0.5 to 50")} where a render_mode is set");
        }
        _values[name] = value;
        _parameters = Read(_values);
    }

    /// <summary>Saves all of them.</summary>
    /// <returns>A <c>dict</c> of names and values.</returns>
    public Value Save()
    {
        var state = new ValueDictionary();
        foreach (var (name, value) in _values)
            state.Add(name, value);
        return state;
    }

    /// <summary>Makes others from what was saved.</summary>
    /// <param name="state">What <see cref="Save"/> gave.</param>
    /// <param name="isDrawn">Whether the environment has a render mode.</param>
    /// <returns>The others.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: a value could not be set.</exception>
    public static CartPoleAttributes Restore(Value state, bool isDrawn)
    {
        var others = new CartPoleAttributes();
        foreach (var (name, _) in Describe(CartPoleParameters.Default))
            others.Set(name.AsString(), state.AsDict()[name], isDrawn);
        return others;
    }

    private static bool IsExact(string name, Value value) => value.Kind switch
    {
        // Python's -0 is 0, and a double's is not.
        ValueKind.Int => value.IsInt64 && Math.Abs((decimal)value.AsInt64()) <= MaxExactInt && !(name == ForceName && value.AsInt64() == 0),
        ValueKind.Float => double.IsFinite(value.AsDouble()),
        ValueKind.Scalar => value.ScalarType.Equals(DType.Float64) && double.IsFinite(value.AsScalar<double>()),
        _ => false,
    };

    // Within these the corners of the pole stay where a pixel's number fits 16 bits.
    private static bool CanDraw(string name, double number) => name switch
    {
        LengthName => number is >= 0.05 and <= 5,
        PositionThresholdName => number is >= 0.5 and <= 50,
        _ => true,
    };

    private static ValueDictionary Describe(in CartPoleParameters parameters) => new()
    {
        ["gravity"] = parameters.Gravity,
        ["masscart"] = parameters.CartMass,
        ["masspole"] = parameters.PoleMass,
        ["total_mass"] = parameters.TotalMass,
        [LengthName] = parameters.HalfPoleLength,
        ["polemass_length"] = parameters.PoleMassLength,
        [ForceName] = parameters.ForceMagnitude,
        ["tau"] = parameters.TimeStep,
        ["theta_threshold_radians"] = parameters.AngleThreshold,
        [PositionThresholdName] = parameters.PositionThreshold,
        [IntegratorName] = "euler",
    };

    private static CartPoleParameters Read(ValueDictionary values) => new(
        values["gravity"].ToDouble(),
        values["masscart"].ToDouble(),
        values["masspole"].ToDouble(),
        values["total_mass"].ToDouble(),
        values[LengthName].ToDouble(),
        values["polemass_length"].ToDouble(),
        values[ForceName].ToDouble(),
        values["tau"].ToDouble(),
        values["theta_threshold_radians"].ToDouble(),
        values[PositionThresholdName].ToDouble(),
        values[IntegratorName].AsString() != "euler");

    private static SocketGymException Refusal(string name, Value value, string what) => new(
        ErrorCode.InvalidArgument,
        $"{name} is {value} ({ValueText.TypeName(value)}); the native CartPole takes {what}. Make the environment with the prefix 'python:' to set anything.");
}
