using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments;

/// <summary>The reset options <c>low</c> and <c>high</c> of the classic-control environments, checked as Gymnasium and NumPy check them.</summary>
internal static class ResetBounds
{
    /// <summary>Reads the bounds of the first state's distribution.</summary>
    /// <param name="options">The options of <c>reset</c>; null for none. Other keys are ignored, as in Gymnasium.</param>
    /// <param name="defaultLow">The lower bound where none is given.</param>
    /// <param name="defaultHigh">The upper bound where none is given.</param>
    /// <returns>Bounds from which <c>uniform(low, high)</c> can draw.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.InvalidArgument"/>: a bound is no number, low is above high, or high - low is not finite.
    /// </exception>
    public static (double Low, double High) Read(ValueDictionary? options, double defaultLow, double defaultHigh)
    {
        if (options is null)
            return (defaultLow, defaultHigh);
        var low = ReadNumber(options, "low", defaultLow);
        var high = ReadNumber(options, "high", defaultHigh);
        if (low > high)
            throw Refusal("ValueError", $"Lower bound ({Text(low)}) must be lower than higher bound ({Text(high)}).");
        var range = high - low;
        if (!double.IsFinite(range))
            throw Refusal("OverflowError", $"high - low range exceeds valid bounds: low is {Text(low)}, high is {Text(high)}; both must be finite.");
        // Only low = 0.0 with high = -0.0 comes here: NumPy refuses a range by its sign bit.
        if (double.IsNegative(range))
            throw Refusal("ValueError", $"high - low < 0: low is {Text(low)}, high is {Text(high)}; give both zeros the same sign.");
        return (low, high);
    }

    /// <summary>Reads one option that is a number.</summary>
    /// <param name="options">The options.</param>
    /// <param name="key">Its key.</param>
    /// <param name="defaultBound">The number where it is not given.</param>
    /// <returns>The number, which may be NaN or infinite.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is no number, or an <c>int</c> beyond every float.</exception>
    public static double ReadNumber(ValueDictionary options, string key, double defaultBound)
    {
        if (!options.TryGetValue(key, out var option))
            return defaultBound;
        if (!PythonFloat.TryConvert(option, out var bound))
            throw Refusal("ValueError", $"An option ({ValueText.Brief(option)}) could not be converted to a float; '{key}' takes one number.");
        if (double.IsInfinity(bound) && option.Kind == ValueKind.Int)
            throw Refusal("OverflowError", $"int too large to convert to float; '{key}' takes a number within the range of a float.");
        return bound;
    }

    private static string Text(double number) => ValueText.Brief(number);

    /// <summary>The refusal of an option.</summary>
    /// <param name="pythonType">The type of Gymnasium's exception.</param>
    /// <param name="message">What is wrong.</param>
    /// <returns>The exception.</returns>
    public static SocketGymException Refusal(string pythonType, string message) =>
        new(ErrorCode.InvalidArgument, message) { RemoteType = pythonType };
}
