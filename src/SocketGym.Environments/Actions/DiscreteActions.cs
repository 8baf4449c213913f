using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Actions;

/// <summary>The actions 0, ..., n - 1 of an environment: takes exactly what <c>gymnasium.spaces.Discrete(n).contains</c> takes.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class DiscreteActions
{
    private readonly int _count;

    /// <summary>Makes the space Discrete(n) of int64 and what reads its actions.</summary>
    /// <param name="count">The n of the space.</param>
    public DiscreteActions(int count)
    {
        _count = count;
        Space = new Discrete(count);
    }

    /// <summary>The space.</summary>
    public Discrete Space { get; }

    /// <summary>
    /// Reads an action: an <c>int</c> or <c>bool</c>, or a NumPy integer (scalar or 0-dimensional array, of either byte order) whose
    /// dtype casts safely to int64, so not a uint64. Floats, <c>np.bool_</c> and arrays with dimensions are refused. Allocates nothing.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/>: the space does not contain the action.</exception>
    public int Read(Value action)
    {
        var choice = action.Kind switch
        {
            ValueKind.Int when action.IsInt64 => action.AsInt64(),
            ValueKind.Bool => action.AsBool() ? 1 : 0,
            ValueKind.Scalar when CastsToInt64(action.ScalarType) => (long)IntegerElement.OfScalar(action),
            ValueKind.Array when action.AsArray() is { Shape.Length: 0 } array && CastsToInt64(array.DType) =>
                (long)IntegerElement.Read(array.Bytes, array.DType),
            _ => -1,
        };
        return (ulong)choice < (ulong)_count ? (int)choice : throw Refusal(action);
    }

    private SocketGymException Refusal(Value action) => new(
        ErrorCode.InvalidAction,
        $"{ValueText.Brief(action)} (<class '{ValueText.TypeName(action)}'>) invalid: the action space is Discrete({_count}); send an int, "
        + $"or a NumPy integer other than uint64 and without dimensions, from 0 to {_count - 1}.")
    {
        // An int that int64 cannot hold fails in NumPy before Gymnasium asserts anything.
        RemoteType = action.Kind == ValueKind.Int && !action.IsInt64 ? "OverflowError" : "AssertionError",
    };

    private static bool CastsToInt64(DType dtype) => dtype.Kind == 'i' || (dtype.Kind == 'u' && dtype.ItemSize < 8);
}
