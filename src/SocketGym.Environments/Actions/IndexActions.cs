using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Actions;

/// <summary>
/// The actions 0, ..., n - 1 of an environment that looks them up in a <c>list</c>: takes whatever Python takes as an index, so also <c>True</c>, and -1 for the last.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class IndexActions
{
    private readonly int _count;

    /// <summary>Makes the space Discrete(n) of int64 and what reads its actions.</summary>
    /// <param name="count">The n of the space.</param>
    public IndexActions(int count)
    {
        _count = count;
        Space = new Discrete(count);
    }

    /// <summary>The space.</summary>
    public Discrete Space { get; }

    /// <summary>
    /// Reads an action: an <c>int</c>, a <c>bool</c>, a NumPy integer or an array of one without dimensions, from -n to n - 1; and a <c>np.bool_</c>,
    /// which NumPy calls deprecated. Allocates nothing.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <returns>The integer, from 0 to n - 1.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/>: it is no index (Python's <c>TypeError</c>), or out of range (<c>IndexError</c>).</exception>
    public int Read(Value action)
    {
        Int128? index = action.Kind switch
        {
            ValueKind.Int => action.IsInt64 ? action.AsInt64() : Int128.MaxValue,
            ValueKind.Bool => action.AsBool() ? 1 : 0,
            ValueKind.Scalar when action.ScalarType.Kind is 'i' or 'u' or 'b' => IntegerElement.OfScalar(action),
            ValueKind.Array when action.AsArray() is { Shape.Length: 0, DType.Kind: 'i' or 'u' } array => IntegerElement.Read(array.Bytes, array.DType),
            _ => null,
        };
        if (index is not { } number)
            throw Refusal(action, "list indices must be integers or slices", "TypeError");
        return number >= -_count && number < _count ? (int)(number < 0 ? number + _count : number) : throw Refusal(action, "list index out of range", "IndexError");
    }

    private SocketGymException Refusal(Value action, string problem, string pythonType) =>
        new(ErrorCode.InvalidAction, $"{problem}: {ValueText.Brief(action)} ({ValueText.TypeName(action)}); the actions are 0 to {_count - 1}.") { RemoteType = pythonType };
}
