namespace SocketGym.Core.Values;

/// <summary>A NumPy array of dtype <c>object</c>.</summary>
public sealed class ObjectArray : IEquatable<ObjectArray>
{
    private readonly int[] _shape;
    private readonly Value[] _items;

    /// <summary>Makes an array of objects.</summary>
    /// <param name="shape">The shape; copied.</param>
    /// <param name="items">Exactly product(shape) items in C order; kept.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or the item count does not fit the shape.</exception>
    public ObjectArray(ReadOnlySpan<int> shape, Value[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (NDArray.CountOf(shape) != items.Length)
            throw new ArgumentException($"Shape ({string.Join(", ", shape.ToArray())}) does not hold {items.Length} items.", nameof(items));
        _shape = shape.ToArray();
        _items = items;
    }

    /// <summary>The shape.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The items in C order.</summary>
    public ReadOnlySpan<Value> Items => _items;

    /// <inheritdoc/>
    public bool Equals(ObjectArray? other) => other is not null && Shape.SequenceEqual(other.Shape) && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ObjectArray);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Length;
}
