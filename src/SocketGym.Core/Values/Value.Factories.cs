using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SocketGym.Core.Values;

// How values are made: named factories, and implicit conversions where C# and Python agree on the type.
public readonly partial struct Value
{
    /// <summary>Makes an <c>int</c> of any size.</summary>
    /// <param name="number">The integer.</param>
    public static Value FromInt(BigInteger number) => number >= long.MinValue && number <= long.MaxValue
        ? new(ValueKind.Int, null, (long)number)
        : new(ValueKind.Int, number);

    /// <summary>Makes an <c>int</c>.</summary>
    /// <param name="number">The integer.</param>
    public static Value FromInt(long number) => new(ValueKind.Int, null, number);

    /// <summary>Makes a <c>float</c>.</summary>
    /// <param name="number">The number.</param>
    public static Value FromFloat(double number) => new(ValueKind.Float, null, BitConverter.DoubleToInt64Bits(number));

    /// <summary>Makes a <c>bool</c>.</summary>
    /// <param name="flag">The flag.</param>
    public static Value FromBool(bool flag) => new(ValueKind.Bool, null, flag ? 1 : 0);

    /// <summary>Makes a <c>complex</c>.</summary>
    /// <param name="number">The number.</param>
    public static Value FromComplex(Complex number) => new(ValueKind.Complex, number);

    /// <summary>Makes a <c>str</c>.</summary>
    /// <param name="text">The text.</param>
    public static Value FromString(string text) => new(ValueKind.String, text ?? throw new ArgumentNullException(nameof(text)));

    /// <summary>Makes a <c>bytes</c> over the given array, which must not change afterwards.</summary>
    /// <param name="bytes">The bytes.</param>
    public static Value FromBytes(byte[] bytes) => new(ValueKind.Bytes, bytes ?? throw new ArgumentNullException(nameof(bytes)));

    /// <summary>Makes a <c>bytearray</c> over the given array, which must not change afterwards.</summary>
    /// <param name="bytes">The bytes.</param>
    public static Value FromByteArray(byte[] bytes) => new(ValueKind.ByteArray, bytes ?? throw new ArgumentNullException(nameof(bytes)));

    /// <summary>Makes a <c>list</c> over the given array, which must not change afterwards.</summary>
    /// <param name="items">The items.</param>
    public static Value List(params Value[] items) => new(ValueKind.List, items ?? throw new ArgumentNullException(nameof(items)));

    /// <summary>Makes a <c>tuple</c> over the given array, which must not change afterwards.</summary>
    /// <param name="items">The items.</param>
    public static Value Tuple(params Value[] items) => new(ValueKind.Tuple, items ?? throw new ArgumentNullException(nameof(items)));

    /// <summary>Makes a <c>set</c> over the given array, which must not change afterwards.</summary>
    /// <param name="items">The items, each once.</param>
    public static Value Set(params Value[] items) => new(ValueKind.Set, items ?? throw new ArgumentNullException(nameof(items)));

    /// <summary>Makes a <c>frozenset</c> over the given array, which must not change afterwards.</summary>
    /// <param name="items">The items, each once.</param>
    public static Value FrozenSet(params Value[] items) => new(ValueKind.FrozenSet, items ?? throw new ArgumentNullException(nameof(items)));

    /// <summary>Makes a <c>dict</c>.</summary>
    /// <param name="entries">The entries; kept, not copied.</param>
    public static Value Dict(ValueDictionary entries) => new(ValueKind.Dict, entries ?? throw new ArgumentNullException(nameof(entries)));

    /// <summary>Makes a <c>collections.OrderedDict</c>.</summary>
    /// <param name="entries">The entries; kept, not copied.</param>
    public static Value OrderedDict(ValueDictionary entries) =>
        new(ValueKind.OrderedDict, entries ?? throw new ArgumentNullException(nameof(entries)));

    /// <summary>Makes an array of plain data.</summary>
    /// <param name="array">The array; kept, not copied.</param>
    public static Value FromArray(NDArray array) => new(ValueKind.Array, array ?? throw new ArgumentNullException(nameof(array)));

    /// <summary>Makes an array of objects.</summary>
    /// <param name="array">The array; kept, not copied.</param>
    public static Value FromObjectArray(ObjectArray array) => new(ValueKind.ObjectArray, array ?? throw new ArgumentNullException(nameof(array)));

    /// <summary>Makes a graph.</summary>
    /// <param name="graph">The graph; kept, not copied.</param>
    public static Value FromGraph(GraphInstance graph) => new(ValueKind.Graph, graph ?? throw new ArgumentNullException(nameof(graph)));

    /// <summary>Makes what stands for a value that cannot travel.</summary>
    /// <param name="opaque">The type's name and the <c>repr</c>.</param>
    public static Value FromOpaque(Opaque opaque) => new(ValueKind.Opaque, opaque ?? throw new ArgumentNullException(nameof(opaque)));

    /// <summary>Makes a NumPy scalar from its bytes, copying them.</summary>
    /// <param name="dtype">The scalar's dtype.</param>
    /// <param name="bytes">Exactly the dtype's item size, in the dtype's byte order.</param>
    /// <returns>The scalar; of up to 8 bytes without an allocation.</returns>
    /// <exception cref="ArgumentException">The byte count is another one.</exception>
    public static Value FromScalar(DType dtype, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        if (bytes.Length != dtype.ItemSize)
            throw new ArgumentException($"A scalar of {dtype} takes {dtype.ItemSize} bytes, not {bytes.Length}.", nameof(bytes));
        if (bytes.Length > 8)
            return new(ValueKind.Scalar, new NDArray(dtype, [], bytes.ToArray()));
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        bytes.CopyTo(padded);
        return new(ValueKind.Scalar, dtype, BinaryPrimitives.ReadInt64LittleEndian(padded));
    }

    /// <summary>Makes a NumPy scalar from a C# number: <c>Scalar(1.5f)</c> is <c>np.float32(1.5)</c>.</summary>
    /// <typeparam name="T">One of bool, the integers of 8 to 64 bits, <see cref="Half"/>, float and double.</typeparam>
    /// <param name="number">The number.</param>
    /// <returns>The scalar, without an allocation.</returns>
    public static Value Scalar<T>(T number)
        where T : unmanaged => FromScalar(NDArray.DTypeOf<T>(), MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in number)));

    /// <summary>A <c>bool</c>.</summary>
    /// <param name="flag">The flag.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The factories have Python's names.")]
    public static implicit operator Value(bool flag) => FromBool(flag);

    /// <summary>An <c>int</c>.</summary>
    /// <param name="number">The integer.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The factories have Python's names.")]
    public static implicit operator Value(long number) => FromInt(number);

    /// <summary>An <c>int</c>.</summary>
    /// <param name="number">The integer.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The factories have Python's names.")]
    public static implicit operator Value(int number) => FromInt((long)number);

    /// <summary>A <c>float</c>.</summary>
    /// <param name="number">The number.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The factories have Python's names.")]
    public static implicit operator Value(double number) => FromFloat(number);

    /// <summary>A <c>str</c>, or <c>None</c> for null.</summary>
    /// <param name="text">The text.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The factories have Python's names.")]
    public static implicit operator Value(string? text) => text is null ? None : FromString(text);

    /// <summary>An <c>ndarray</c>.</summary>
    /// <param name="array">The array.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The factories have Python's names.")]
    public static implicit operator Value(NDArray array) => FromArray(array);

    /// <summary>A <c>dict</c>, or <c>None</c> for null.</summary>
    /// <param name="entries">The entries.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The factories have Python's names.")]
    public static implicit operator Value(ValueDictionary? entries) => entries is null ? None : Dict(entries);
}
