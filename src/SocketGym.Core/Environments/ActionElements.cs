using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>Reads actions that a space was found to contain, without an allocation where the caller sends what the space describes.</summary>
internal static class ActionElements
{
    /// <summary>The integer of an <c>int</c>, a <c>bool</c>, a NumPy scalar, or an array without dimensions.</summary>
    /// <param name="action">One of those.</param>
    public static long ToInt64(Value action)
    {
        switch (action.Kind)
        {
            case ValueKind.Bool:
                return action.AsBool() ? 1 : 0;
            case ValueKind.Scalar:
                Span<byte> bytes = stackalloc byte[8];
                action.CopyScalarTo(bytes);
                return (long)Number.Read(action.ScalarType, bytes[..action.ScalarType.ItemSize]).ToInteger();
            case ValueKind.Array:
                return (long)Number.Read(action.AsArray(), 0).ToInteger();
            default:
                return action.AsInt64();
        }
    }

    /// <summary>The elements of an action in a dtype that holds them.</summary>
    /// <param name="action">An array of the buffer's shape, or what NumPy makes one of.</param>
    /// <param name="buffer">Where the elements go unless the action is an array of the dtype itself.</param>
    /// <returns>The array; null where C# has no such numbers, as in an array of complex zeros and ones.</returns>
    public static NDArray? ToArray(Value action, NDArray buffer)
    {
        if (action.Kind != ValueKind.Array)
            return ArrayConversion.TryConvert(action, buffer.DType);
        var array = action.AsArray();
        if (array.DType.Equals(buffer.DType))
            return array;
        if (!Number.Supports(array.DType))
            return null;
        for (var index = 0L; index < buffer.Count; index++)
            Number.Read(array, index).Write(buffer, index);
        return buffer;
    }
}
