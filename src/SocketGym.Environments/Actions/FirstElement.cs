using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Actions;

/// <summary>The action of an environment that takes a Box of shape (1,) and reads its first number, whatever else the action is.</summary>
internal static class FirstElement
{
    /// <summary>
    /// Reads the first number: of an array with one dimension, of up to 64 bits an element, or of a list or tuple of plain numbers. Never cast, never checked
    /// against the space. Allocates nothing.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <param name="element">The number with its type, where the result is true.</param>
    /// <returns>Whether it is one of those and not empty.</returns>
    public static bool TryRead(Value action, out Value element)
    {
        element = default;
        switch (action.Kind)
        {
            case ValueKind.Array when action.AsArray() is { Shape.Length: 1, Count: > 0 } array && IsReal(array.DType):
                element = Value.FromScalar(array.DType, array.Bytes[..array.DType.ItemSize]);
                return true;
            case ValueKind.List or ValueKind.Tuple:
                foreach (var item in action.AsItems())
                {
                    if (!IsReal(item))
                        return false;
                }
                if (action.AsItems() is not [var first, ..])
                    return false;
                element = first;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether the action is what Python or NumPy finds nothing in: an array without elements in its one dimension, or an empty list or tuple.</summary>
    /// <param name="action">The action.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsEmpty(Value action) => action.Kind switch
    {
        ValueKind.Array => action.AsArray() is { Shape.Length: 1, Count: 0 },
        ValueKind.List or ValueKind.Tuple => action.AsItems().IsEmpty,
        _ => false,
    };

    /// <summary>The refusal of an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="pythonType">The type of Gymnasium's exception; null where Gymnasium might go on with what the native version does not take.</param>
    /// <returns>The exception.</returns>
    public static SocketGymException Refusal(Value action, string? pythonType)
    {
        var advice = pythonType is null
            ? "Make the environment with the prefix 'python:' for anything else that Gymnasium's may take."
            : "The action space is a Box of shape (1,) and dtype float32.";
        return new(
            ErrorCode.InvalidAction,
            $"{ValueText.Brief(action)} ({ValueText.TypeName(action)}) is no action: send an array of one number, or a list or tuple. {advice}")
        {
            RemoteType = pythonType,
        };
    }

    private static bool IsReal(Value item) => item.Kind is ValueKind.Bool or ValueKind.Int or ValueKind.Float || (item.Kind == ValueKind.Scalar && IsReal(item.ScalarType));

    private static bool IsReal(DType dtype) => dtype.Kind is 'b' or 'i' or 'u' or 'f' && dtype.ItemSize <= sizeof(double);
}
