using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>The memory into which an environment writes its observations.</summary>
/// <typeparam name="T">The C# type of an element.</typeparam>
internal sealed class ObservationBuffer<T>
    where T : unmanaged
{
    private readonly NDArray _array;
    private readonly bool _isInteger;

    /// <summary>Makes the memory for an element of a space.</summary>
    /// <param name="space">A space of arrays of <typeparamref name="T"/>, or a Discrete, whose elements are Python ints.</param>
    /// <exception cref="ArgumentException">The space is another.</exception>
    public ObservationBuffer(Space space)
    {
        _isInteger = space is Discrete;
        var type = NDArray.DTypeOf<T>();
        if (space.Shape is not { } shape || space.DType is not { } own || space is Text || !(_isInteger ? type.Kind is 'i' or 'u' : own.Equals(type)))
        {
            throw new ArgumentException(
                $"The observation space is {space}; an environment that writes {typeof(T).Name} needs a Box, MultiDiscrete or MultiBinary of dtype {type}, or for an integer type a Discrete. "
                + "ValueEnvironment takes every space.",
                nameof(space));
        }
        _array = new NDArray(type, shape.AsSpan());
    }

    /// <summary>The elements to write, zeros at first.</summary>
    public Span<T> Clear()
    {
        _array.Bytes.Clear();
        return _array.AsSpan<T>();
    }

    /// <summary>What was written, as a caller sees it.</summary>
    public Value Value => _isInteger ? Values.Value.FromInt((long)Number.Read(_array, 0).ToInteger()) : _array;
}
