using System.Runtime.InteropServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Actions;

/// <summary>
/// The actions 0, ..., n - 1 of an environment that looks them up as the keys of a <c>dict</c>: takes whatever Python holds equal to one of
/// them, such as <c>True</c>, <c>1.0</c>, <c>np.float32(1)</c> or <c>1 + 0j</c>, though the action space does not contain it.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class KeyActions
{
    private readonly int _count;

    /// <summary>Makes the space Discrete(n) of int64 and what reads its actions.</summary>
    /// <param name="count">The n of the space.</param>
    public KeyActions(int count)
    {
        _count = count;
        Space = new Discrete(count);
    }

    /// <summary>The space.</summary>
    public Discrete Space { get; }

    /// <summary>Reads an action. Allocates nothing.</summary>
    /// <param name="action">The action.</param>
    /// <returns>The integer that it equals.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.InvalidAction"/>: it is none of the keys (Python's <c>KeyError</c>), or can be no key (<c>TypeError</c>), as arrays cannot, not even those
    /// without dimensions.
    /// </exception>
    public int Read(Value action)
    {
        var number = action.Kind switch
        {
            ValueKind.Int => action.IsInt64 ? action.AsInt64() : -1,
            ValueKind.Bool => action.AsBool() ? 1 : 0,
            ValueKind.Float => action.AsDouble(),
            ValueKind.Complex => action.AsComplex() is { Imaginary: 0 } complex ? complex.Real : -1,
            ValueKind.Scalar => ReadScalar(action),
            _ => -1,
        };
        // False for NaN, too. Beyond 2^53 an int that is not exact is no action either.
        return number >= 0 && number < _count && number == Math.Floor(number) ? (int)number : throw Refusal(action);
    }

    private static double ReadScalar(Value action)
    {
        var dtype = action.ScalarType;
        switch (dtype.Kind)
        {
            // A duration equals the number that it counts, of whatever unit.
            case 'i' or 'u' or 'b' or 'm':
                return (double)IntegerElement.OfScalar(action);
            case 'f' when dtype.ItemSize <= 8:
                return action.ToDouble();
            case 'f':
                return LongDouble.TryRead(action, 0, out var number) ? number : -1;
            case 'c':
                return ReadComplex(action, dtype.ItemSize);
            default:
                return -1;
        }
    }

    private static double ReadComplex(Value action, int size)
    {
        if (size > 16)
            return LongDouble.TryRead(action, 16, out var imaginary) && imaginary == 0 && LongDouble.TryRead(action, 0, out var real) ? real : -1;
        Span<byte> bytes = stackalloc byte[16];
        action.CopyScalarTo(bytes);
        if (action.ScalarType.ByteOrder == '>')
            return -1;
        var (first, second) = size == 8
            ? (MemoryMarshal.Read<float>(bytes), MemoryMarshal.Read<float>(bytes[4..]))
            : (MemoryMarshal.Read<double>(bytes), MemoryMarshal.Read<double>(bytes[8..]));
        return second == 0 ? first : -1;
    }

    private SocketGymException Refusal(Value action)
    {
        var unhashable = FindUnhashable(action);
        return unhashable is null
            ? new(ErrorCode.InvalidAction, $"{ValueText.Brief(action)} is no action; there are 0 to {_count - 1}.") { RemoteType = "KeyError" }
            : new(ErrorCode.InvalidAction, $"unhashable type: '{unhashable}'; the actions are the ints 0 to {_count - 1}, and what equals one of them.") { RemoteType = "TypeError" };
    }

    private static string? FindUnhashable(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.ByteArray or ValueKind.List or ValueKind.Dict or ValueKind.OrderedDict or ValueKind.Set or ValueKind.Array or ValueKind.ObjectArray:
                return ValueText.TypeName(value);
            case ValueKind.Graph:
                return "numpy.ndarray";
            case ValueKind.Scalar when value.ScalarType.Kind == 'V':
                return "writeable void-scalar";
            case ValueKind.Tuple:
                foreach (var item in value.AsItems())
                {
                    if (FindUnhashable(item) is { } unhashable)
                        return unhashable;
                }
                return null;
            default:
                return null;
        }
    }
}
