using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;

namespace SocketGym.Core.Values;

/// <summary>A NumPy dtype: how one element of an array or one NumPy scalar lies in memory.</summary>
/// <remarks>Immutable and thread-safe. Two dtypes are equal when NumPy's array-interface descriptors are.</remarks>
public sealed class DType : IEquatable<DType>
{
    private static readonly ConcurrentDictionary<string, DType> Known = new(StringComparer.Ordinal);

    private DType(string descriptor, char byteOrder, char kind, int itemSize, ImmutableArray<DTypeField> fields)
    {
        Descriptor = descriptor;
        ByteOrder = byteOrder;
        Kind = kind;
        ItemSize = itemSize;
        Fields = fields;
        Name = NameOf(kind, itemSize, descriptor);
    }

    /// <summary>NumPy's <c>bool_</c>.</summary>
    public static DType Bool { get; } = Parse("|b1");

    /// <summary>NumPy's <c>int8</c>.</summary>
    public static DType Int8 { get; } = Parse("|i1");

    /// <summary>NumPy's <c>int16</c>.</summary>
    public static DType Int16 { get; } = Parse("<i2");

    /// <summary>NumPy's <c>int32</c>.</summary>
    public static DType Int32 { get; } = Parse("<i4");

    /// <summary>NumPy's <c>int64</c>.</summary>
    public static DType Int64 { get; } = Parse("<i8");

    /// <summary>NumPy's <c>uint8</c>.</summary>
    public static DType UInt8 { get; } = Parse("|u1");

    /// <summary>NumPy's <c>uint16</c>.</summary>
    public static DType UInt16 { get; } = Parse("<u2");

    /// <summary>NumPy's <c>uint32</c>.</summary>
    public static DType UInt32 { get; } = Parse("<u4");

    /// <summary>NumPy's <c>uint64</c>.</summary>
    public static DType UInt64 { get; } = Parse("<u8");

    /// <summary>NumPy's <c>float16</c>.</summary>
    public static DType Float16 { get; } = Parse("<f2");

    /// <summary>NumPy's <c>float32</c>.</summary>
    public static DType Float32 { get; } = Parse("<f4");

    /// <summary>NumPy's <c>float64</c>.</summary>
    public static DType Float64 { get; } = Parse("<f8");

    /// <summary>NumPy's <c>complex64</c>.</summary>
    public static DType Complex64 { get; } = Parse("<c8");

    /// <summary>NumPy's <c>complex128</c>.</summary>
    public static DType Complex128 { get; } = Parse("<c16");

    /// <summary>The array-interface type string, such as <c>&lt;f4</c>; empty for a structured dtype.</summary>
    public string Descriptor { get; }

    /// <summary>One of <c>&lt;</c> (little-endian), <c>&gt;</c> (big-endian) and <c>|</c> (does not apply).</summary>
    public char ByteOrder { get; }

    /// <summary>NumPy's kind letter: one of <c>b i u f c S U V M m</c>. A structured dtype is <c>V</c> with fields.</summary>
    public char Kind { get; }

    /// <summary>Bytes per element; 0 for an empty string dtype.</summary>
    public int ItemSize { get; }

    /// <summary>The fields of a structured dtype in their order in memory, padding included (unnamed); else empty.</summary>
    public ImmutableArray<DTypeField> Fields { get; }

    /// <summary>NumPy's name, such as <c>float32</c>; for dtypes without one, the descriptor.</summary>
    public string Name { get; }

    /// <summary>Whether the dtype has fields.</summary>
    public bool IsStructured => !Fields.IsEmpty;

    /// <summary>Reads a type string of NumPy's array interface, such as <c>&lt;f4</c> or <c>&lt;M8[ns]</c>.</summary>
    /// <param name="descriptor">The type string.</param>
    /// <returns>The dtype; the same object for the same string of the plain numeric kinds.</returns>
    /// <exception cref="FormatException">The string is not one that holds plain data (objects are refused).</exception>
    public static DType Parse(string descriptor) => TryParse(descriptor, out var dtype)
        ? dtype
        : throw new FormatException($"'{descriptor}' is not a NumPy type string of plain data, such as '<f4', '|b1' or '<M8[ns]'.");

    /// <summary>Reads a type string of NumPy's array interface.</summary>
    /// <param name="descriptor">The type string.</param>
    /// <param name="dtype">The dtype when the result is true.</param>
    /// <returns>Whether the string names a dtype that holds plain data.</returns>
    public static bool TryParse(string descriptor, out DType dtype)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (Known.TryGetValue(descriptor, out dtype!))
            return true;
        var parsed = ParseNew(descriptor);
        if (parsed is null)
            return false;
        // Only the closed set of numeric kinds is kept, so that a peer cannot make this table grow.
        dtype = "biufc".Contains(parsed.Kind, StringComparison.Ordinal) ? Known.GetOrAdd(descriptor, parsed) : parsed;
        return true;
    }

    /// <summary>Makes a structured dtype.</summary>
    /// <param name="fields">At least one field, in memory order, padding as unnamed <c>V</c> fields.</param>
    /// <returns>The dtype.</returns>
    /// <exception cref="ArgumentException">There is no field.</exception>
    /// <exception cref="OverflowException">The item would be larger than 2 GiB.</exception>
    public static DType Structured(ImmutableArray<DTypeField> fields)
    {
        if (fields.IsDefaultOrEmpty)
            throw new ArgumentException("A structured dtype needs at least one field.", nameof(fields));
        var size = 0;
        foreach (var field in fields)
            size = checked(size + field.Size);
        return new DType("", '|', 'V', size, fields);
    }

    /// <inheritdoc/>
    public bool Equals(DType? other) => ReferenceEquals(this, other)
        || (other is not null && Descriptor == other.Descriptor && Fields.SequenceEqual(other.Fields));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DType);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Descriptor, Fields.Length, ItemSize);

    /// <inheritdoc/>
    public override string ToString() => IsStructured ? $"[{string.Join(", ", Fields)}]" : Name;

    private static DType? ParseNew(string text)
    {
        if (text.Length < 3 || !"<>|".Contains(text[0], StringComparison.Ordinal))
            return null;
        var kind = text[1];
        var unit = text.IndexOf('[', StringComparison.Ordinal);
        if (unit == 1)
            return null;
        var digits = text.AsSpan(2, (unit < 0 ? text.Length : unit) - 2);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return null;
        if (digits.Length > 1 && digits[0] == '0')
            return null;
        var itemSize = kind == 'U' ? size <= int.MaxValue / 4 ? size * 4 : -1 : size;
        var sizeFits = kind switch
        {
            'b' => size == 1,
            'i' or 'u' => size is 1 or 2 or 4 or 8,
            'f' => size is 2 or 4 or 8 or 16,
            'c' => size is 8 or 16 or 32,
            'S' or 'V' or 'U' => itemSize >= 0,
            'M' or 'm' => size == 8,
            _ => false,
        };
        // NumPy writes '|' exactly where byte order does not apply; one spelling per dtype keeps equality simple.
        var hasOrder = kind is 'U' or 'M' or 'm' || (kind is 'i' or 'u' or 'f' or 'c' && size > 1);
        if (!sizeFits || hasOrder == (text[0] == '|'))
            return null;
        if (unit >= 0 && (kind is not ('M' or 'm') || !IsDateUnit(text.AsSpan(unit))))
            return null;
        return new DType(text, text[0], kind, itemSize, []);
    }

    private static bool IsDateUnit(ReadOnlySpan<char> unit)
    {
        // '[ns]', '[25s]': a count that is optional, then one of NumPy's unit names.
        if (unit.Length is < 3 or > 24 || unit[^1] != ']')
            return false;
        var body = unit[1..^1];
        var name = body.TrimStart("0123456789");
        if (body.Length - name.Length > 9)
            return false;
        return name is "Y" or "M" or "W" or "D" or "h" or "m" or "s" or "ms" or "us" or "ns" or "ps" or "fs" or "as";
    }

    private static string NameOf(char kind, int itemSize, string descriptor) => kind switch
    {
        'b' => "bool",
        'i' => "int" + (itemSize * 8).ToString(CultureInfo.InvariantCulture),
        'u' => "uint" + (itemSize * 8).ToString(CultureInfo.InvariantCulture),
        'f' => "float" + (itemSize * 8).ToString(CultureInfo.InvariantCulture),
        'c' => "complex" + (itemSize * 8).ToString(CultureInfo.InvariantCulture),
        _ => descriptor,
    };
}
