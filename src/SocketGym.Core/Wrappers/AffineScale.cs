using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>The affine map between a Box and the same Box with other bounds, as Gymnasium's <c>rescale_box</c> computes it.</summary>
/// <remarks>The result lies in memory that the next call writes again.</remarks>
internal sealed class AffineScale
{
    private readonly NDArray _gradient;
    private readonly NDArray _intercept;
    private NDArray? _result;

    /// <summary>Computes the map.</summary>
    /// <param name="box">The Box, of float32 or float64.</param>
    /// <param name="low">The new lower bound of every element; minus infinity exactly where the Box has that.</param>
    /// <param name="high">The new upper bound of every element; infinity exactly where the Box has that.</param>
    /// <exception cref="ArgumentException">The Box has another dtype, a lower bound lies above its upper one, or only one of two bounds is infinite.</exception>
    public AffineScale(Box box, ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        if (box.DType is not { Kind: 'f', ItemSize: 4 or 8, ByteOrder: '<' })
            throw new ArgumentException($"The space is {box}; only a Box of float32 or float64 can be rescaled.", nameof(box));
        _gradient = new NDArray(box.DType, box.Low.Shape);
        _intercept = new NDArray(box.DType, box.Low.Shape);
        var (newLow, newHigh) = (new NDArray(box.DType, box.Low.Shape), new NDArray(box.DType, box.Low.Shape));
        for (var index = 0; index < box.Low.Count; index++)
        {
            var (oldLow, oldHigh) = (Number.Read(box.Low, index).ToDouble, Number.Read(box.High, index).ToDouble);
            if (!(low[index] <= high[index]) || !Fits(low[index], oldLow) || !Fits(high[index], oldHigh))
                throw new ArgumentException($"The new bounds of element {index} are {low[index]} and {high[index]}, and the old ones {oldLow} and {oldHigh}; the lower must not lie above the upper, and infinite bounds must stay as they are.", nameof(low));
            var (hasLow, hasHigh) = (double.IsFinite(low[index]), double.IsFinite(high[index]));
            Number one = hasLow && hasHigh ? (high[index] - low[index]) / (oldHigh - oldLow) : 1.0;
            one.Write(_gradient, index);
            // The product is taken in the Box's dtype; where both bounds are finite, the lower one decides.
            var shift = hasLow ? low[index] + Product(Number.Read(_gradient, index).ToDouble, -oldLow) : hasHigh ? high[index] - oldHigh : 0.0;
            ((Number)shift).Write(_intercept, index);
            ((Number)low[index]).Write(newLow, index);
            ((Number)high[index]).Write(newHigh, index);
        }
        Space = new Box(newLow, newHigh);
    }

    /// <summary>The Box with the new bounds.</summary>
    public Box Space { get; }

    /// <summary>From the old bounds to the new ones.</summary>
    /// <param name="value">An element of the Box, or what NumPy makes one of.</param>
    /// <returns>The array; null where C# cannot compute with the value, see <see cref="Elementwise.AsArray"/>.</returns>
    public NDArray? Forward(Value value) => Map(value, (element, gradient, intercept) => (gradient * element) + intercept, (element, gradient, intercept) => (gradient * element) + intercept);

    /// <summary>From the new bounds to the old ones.</summary>
    /// <param name="value">An element of <see cref="Space"/>, or what NumPy makes one of.</param>
    /// <returns>The array; null where C# cannot compute with the value, see <see cref="Elementwise.AsArray"/>.</returns>
    public NDArray? Backward(Value value) => Map(value, (element, gradient, intercept) => (element - intercept) / gradient, (element, gradient, intercept) => (element - intercept) / gradient);

    private NDArray? Map(Value value, Func<float, float, float, float> single, Func<double, double, double, double> full)
    {
        if (Elementwise.AsArray(value, _gradient.Shape) is not { } array)
            return null;
        var type = Elementwise.ResultType(array.DType, _gradient.DType);
        if (_result is null || !_result.DType.Equals(type))
            _result = new NDArray(type, _gradient.Shape);
        for (var index = 0; index < array.Count; index++)
        {
            var (element, gradient, intercept) = (Number.Read(array, index).ToDouble, Number.Read(_gradient, index).ToDouble, Number.Read(_intercept, index).ToDouble);
            Number mapped = type.ItemSize == sizeof(float) ? single((float)element, (float)gradient, (float)intercept) : full(element, gradient, intercept);
            mapped.Write(_result, index);
        }
        return _result;
    }

    private double Product(double gradient, double bound) => _gradient.DType.ItemSize == sizeof(float) ? (float)gradient * (float)bound : gradient * bound;

    private static bool Fits(double bound, double old) => (double.IsFinite(bound) && double.IsFinite(old)) || bound == old;
}
