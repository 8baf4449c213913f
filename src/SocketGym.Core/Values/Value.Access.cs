namespace SocketGym.Core.Values;

// Reaching into containers and arrays in one word: observation["position"].AsSpan<float>().
public readonly partial struct Value
{
    /// <summary>The entry of a <c>dict</c> under a text key, such as a part of a <c>Dict</c> space's observation.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="InvalidOperationException">The value is no <c>dict</c>.</exception>
    /// <exception cref="KeyNotFoundException">There is no such key; the message names those that there are.</exception>
    public Value this[string key] => AsDict()[key];

    /// <summary>An item of a <c>tuple</c> or <c>list</c>, such as a part of a <c>Tuple</c> space's observation.</summary>
    /// <param name="index">The item's position, counted from 0.</param>
    /// <exception cref="InvalidOperationException">The value is neither.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no item at the position.</exception>
    public Value this[int index]
    {
        get
        {
            var items = Kind is ValueKind.List or ValueKind.Tuple ? AsItems() : Expect(ValueKind.Tuple).AsItems();
            return (uint)index < (uint)items.Length
                ? items[index]
                : throw new ArgumentOutOfRangeException(nameof(index), index, $"The {ValueText.TypeName(this)} has {items.Length} items.");
        }
    }

    /// <summary>The elements of an <c>ndarray</c>, without a copy.</summary>
    /// <typeparam name="T">The C# type with the array's dtype: <c>float</c> for float32, <c>byte</c> for uint8, ...</typeparam>
    /// <returns>The elements in C order; valid as long as the array.</returns>
    /// <exception cref="InvalidOperationException">The value is no array, or one of another dtype; the message says which.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged => AsArray().AsSpan<T>();
}
