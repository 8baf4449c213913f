using System.Collections.Immutable;

namespace SocketGym.Core.Values;

/// <summary>One field of a structured dtype.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class DTypeField : IEquatable<DTypeField>
{
    /// <summary>Makes a field.</summary>
    /// <param name="name">The field's name; empty for padding.</param>
    /// <param name="type">The dtype of one element.</param>
    /// <param name="shape">The shape of a sub-array; empty for a single element.</param>
    /// <exception cref="ArgumentException">A dimension is negative.</exception>
    /// <exception cref="OverflowException">The field would be larger than 2 GiB.</exception>
    public DTypeField(string name, DType type, ImmutableArray<int> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(type);
        Name = name;
        Type = type;
        Shape = shape;
        Size = checked((int)(NDArray.CountOf(shape.AsSpan()) * type.ItemSize));
    }

    /// <summary>The field's name; empty for padding.</summary>
    public string Name { get; }

    /// <summary>The dtype of one element.</summary>
    public DType Type { get; }

    /// <summary>The shape of a sub-array; empty for a single element.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Bytes that the field takes in one item.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public bool Equals(DTypeField? other) => ReferenceEquals(this, other)
        || (other is not null && Name == other.Name && Type.Equals(other.Type) && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DTypeField);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Size);

    /// <inheritdoc/>
    public override string ToString() => Shape.IsEmpty ? $"('{Name}', {Type})" : $"('{Name}', {Type}, ({string.Join(", ", Shape)}))";
}
