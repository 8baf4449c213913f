using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Wrappers;

/// <summary>What NumPy's arithmetic between a caller's value and the arrays of a Box begins with: the value as an array, and the dtype of the result.</summary>
internal static class Elementwise
{
    private static readonly DType[] Wider = [DType.Int16, DType.Int32, DType.Int64, DType.Float16, DType.Float32, DType.Float64];

    /// <summary>The value as an array of a shape.</summary>
    /// <param name="value">An array, a NumPy scalar, a number, or lists and tuples of numbers.</param>
    /// <param name="shape">The shape.</param>
    /// <returns>The array, not a copy where the value is one; null where it has another shape, or elements for which C# has no type.</returns>
    public static NDArray? AsArray(Value value, ReadOnlySpan<int> shape)
    {
        var array = value.Kind == ValueKind.Array ? value.AsArray() : TypeOf(value) is { } type ? ArrayConversion.TryConvert(value, type) : null;
        return array is not null && array.Shape.SequenceEqual(shape) && Number.Supports(array.DType) ? array : null;
    }

    /// <summary>The dtype in which NumPy combines two arrays.</summary>
    /// <param name="left">One array's dtype.</param>
    /// <param name="right">The other's.</param>
    /// <returns>The smallest dtype to which both cast safely, in this machine's byte order.</returns>
    public static DType ResultType(DType left, DType right)
    {
        if (Number.CanCast(left, right))
            return Number.Native(right);
        if (Number.CanCast(right, left))
            return Number.Native(left);
        // A loop, because a function for Array.Find would be allocated with every step.
        foreach (var type in Wider)
        {
            if (Number.CanCast(left, type) && Number.CanCast(right, type))
                return type;
        }
        return DType.Float64;
    }

    /// <summary>An array as NumPy's arithmetic gives it: without dimensions it is a scalar.</summary>
    /// <param name="array">The array.</param>
    public static Value Result(NDArray array) => array.Shape.IsEmpty ? Number.ScalarOf(array) : array;

    // The dtype that np.asarray finds; null where C# has no type for the elements.
    private static DType? TypeOf(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                return DType.Bool;
            case ValueKind.Int:
                return DType.Int64;
            case ValueKind.Float:
                return DType.Float64;
            case ValueKind.Scalar when Number.Supports(value.ScalarType):
                return value.ScalarType;
            case ValueKind.Array when Number.Supports(value.AsArray().DType):
                return value.AsArray().DType;
            case ValueKind.List or ValueKind.Tuple:
                DType? common = null;
                foreach (var item in value.AsItems())
                {
                    if (TypeOf(item) is not { } type)
                        return null;
                    common = common is null ? type : ResultType(common, type);
                }
                return common;
            default:
                return null;
        }
    }
}
