using SocketGym.Core.Values;

namespace SocketGym.Environments.ClassicControl;

/// <summary>The numbers that an environment of classic control is made of, under the names and with the types that they have in Gymnasium's.</summary>
internal sealed class PhysicsAttributes
{
    /// <summary>What <see cref="TrySet"/> takes, in words.</summary>
    public const string Expected = "a finite float or np.float64, or an int from 1 to 1000";

    private const long LargestInt = 1000;

    private readonly ValueDictionary _values = [];
    private readonly ValueDictionary _defaults = [];

    /// <summary>Makes them.</summary>
    /// <param name="defaults">Names and values.</param>
    public PhysicsAttributes(params ReadOnlySpan<(string Name, Value Value)> defaults)
    {
        foreach (var (name, value) in defaults)
        {
            _values.Add(name, value);
            _defaults.Add(name, value);
        }
    }

    private PhysicsAttributes(ValueDictionary defaults) => _defaults = defaults;

    /// <summary>The names, for messages.</summary>
    public string Names => string.Join(", ", from entry in _values select entry.Key.AsString());

    /// <summary>The values that they were made with, by name.</summary>
    public ValueDictionary Defaults => _defaults;

    /// <summary>One as a number.</summary>
    /// <param name="name">Its name, which is there.</param>
    public double this[string name] => _values[name].ToDouble();

    /// <summary>Looks one up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Receives its value, of the type that it was set with.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, out Value value) => _values.TryGetValue(name, out value);

    /// <summary>Puts back what was there.</summary>
    /// <param name="name">Its name, which is there.</param>
    /// <param name="value">The value that <see cref="TryGet"/> gave.</param>
    public void Restore(string name, Value value) => _values[name] = value;

    /// <summary>Sets one, where everything that follows is Gymnasium's to the last bit: doubles compute as Python's numbers do.</summary>
    /// <param name="name">Its name, which is there.</param>
    /// <param name="value">The value: see <see cref="Expected"/>. Python's 0 has no sign, and products of larger ints are no doubles.</param>
    /// <returns>Whether it is such a value.</returns>
    public bool TrySet(string name, Value value)
    {
        var isExact = IsExact(value);
        if (isExact)
            _values[name] = value;
        return isExact;
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

    /// <summary>Makes others with the same defaults and what was saved.</summary>
    /// <param name="state">What <see cref="Save"/> gave.</param>
    /// <param name="isTaken">What the environment demands of a value beyond <see cref="TrySet"/>; null for nothing.</param>
    /// <returns>The others.</returns>
    /// <exception cref="ArgumentException">A value is neither its default nor one that could be set.</exception>
    public PhysicsAttributes With(Value state, Func<string, Value, bool>? isTaken = null)
    {
        var others = new PhysicsAttributes(_defaults);
        foreach (var (key, standard) in _defaults)
        {
            var value = state.AsDict()[key];
            if (value != standard && !(IsExact(value) && (isTaken is null || isTaken(key.AsString(), value))))
                throw new ArgumentException($"its {key} is {value}, which could not be set.", nameof(state));
            others._values.Add(key, value);
        }
        return others;
    }

    private static bool IsExact(Value value) => value.Kind switch
    {
        ValueKind.Int => value.IsInt64 && value.AsInt64() is >= 1 and <= LargestInt,
        ValueKind.Float => double.IsFinite(value.AsDouble()),
        ValueKind.Scalar => value.ScalarType.Equals(DType.Float64) && double.IsFinite(value.AsScalar<double>()),
        _ => false,
    };
}
