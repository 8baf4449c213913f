using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SocketGym.Core.Values;

/// <summary>
/// Any value that an environment takes or gives: an observation, an action, a reward, an entry of <c>info</c>, a keyword argument.
/// It keeps the exact Python type, so that a client receives what a local environment would have returned.
/// </summary>
/// <remarks>
/// A small structure: numbers, flags and NumPy scalars of up to 8 bytes allocate nothing. Containers and arrays are
/// references: an array stays valid as long as whoever handed it out says. <c>default</c> is <c>None</c>.
/// Equality is bit-exact: type, dtype, shape and bytes; NaN equals the same NaN, and -0.0 differs from 0.0.
/// </remarks>
public readonly partial struct Value : IEquatable<Value>
{
    private readonly object? _reference;
    private readonly long _bits;

    private Value(ValueKind kind, object? reference, long bits = 0)
    {
        Kind = kind;
        _reference = reference;
        _bits = bits;
    }

    /// <summary>Which Python type the value has.</summary>
    public ValueKind Kind { get; }

    /// <summary>Python's <c>None</c>.</summary>
    public static Value None => default;

    /// <summary>Whether the value is <c>None</c>.</summary>
    public bool IsNone => Kind == ValueKind.None;

    /// <summary>Whether the value is an <c>int</c> that fits 64 signed bits.</summary>
    public bool IsInt64 => Kind == ValueKind.Int && _reference is null;

    /// <summary>The <c>bool</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public bool AsBool() => Expect(ValueKind.Bool)._bits != 0;

    /// <summary>The <c>int</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    /// <exception cref="OverflowException">The integer does not fit 64 signed bits; see <see cref="AsBigInteger"/>.</exception>
    public long AsInt64() => Expect(ValueKind.Int)._reference is null ? _bits : (long)(BigInteger)_reference!;

    /// <summary>The <c>int</c>, of any size.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public BigInteger AsBigInteger() => Expect(ValueKind.Int)._reference is BigInteger big ? big : _bits;

    /// <summary>The <c>float</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public double AsDouble() => BitConverter.Int64BitsToDouble(Expect(ValueKind.Float)._bits);

    /// <summary>The <c>complex</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public Complex AsComplex() => (Complex)Expect(ValueKind.Complex)._reference!;

    /// <summary>The <c>str</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public string AsString() => (string)Expect(ValueKind.String)._reference!;

    /// <summary>The bytes of a <c>bytes</c> or <c>bytearray</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public ReadOnlyMemory<byte> AsBytes() => (byte[])(Kind == ValueKind.ByteArray ? this : Expect(ValueKind.Bytes))._reference!;

    /// <summary>The items of a <c>list</c>, <c>tuple</c>, <c>set</c> or <c>frozenset</c>, in order.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public ReadOnlySpan<Value> AsItems() => Kind is ValueKind.Tuple or ValueKind.Set or ValueKind.FrozenSet
        ? (Value[])_reference!
        : (Value[])Expect(ValueKind.List)._reference!;

    /// <summary>The entries of a <c>dict</c> or <c>OrderedDict</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public ValueDictionary AsDict() => (ValueDictionary)(Kind == ValueKind.OrderedDict ? this : Expect(ValueKind.Dict))._reference!;

    /// <summary>The array of plain data.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public NDArray AsArray() => (NDArray)Expect(ValueKind.Array)._reference!;

    /// <summary>The array of objects.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public ObjectArray AsObjectArray() => (ObjectArray)Expect(ValueKind.ObjectArray)._reference!;

    /// <summary>The graph.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public GraphInstance AsGraph() => (GraphInstance)Expect(ValueKind.Graph)._reference!;

    /// <summary>What stands for a value that could not travel.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public Opaque AsOpaque() => (Opaque)Expect(ValueKind.Opaque)._reference!;

    /// <summary>The dtype of a NumPy scalar.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public DType ScalarType => Expect(ValueKind.Scalar)._reference is NDArray array ? array.DType : (DType)_reference!;

    /// <summary>Copies the bytes of a NumPy scalar, in its dtype's byte order.</summary>
    /// <param name="destination">At least the dtype's item size.</param>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public void CopyScalarTo(Span<byte> destination)
    {
        if (Expect(ValueKind.Scalar)._reference is NDArray array)
        {
            array.Bytes.CopyTo(destination);
            return;
        }
        Span<byte> bits = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bits, _bits);
        bits[..((DType)_reference!).ItemSize].CopyTo(destination);
    }

    /// <summary>A NumPy scalar as the C# type with its dtype's layout.</summary>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidOperationException">The value is no NumPy scalar of that dtype.</exception>
    public T AsScalar<T>()
        where T : unmanaged
    {
        if (!ScalarType.Equals(NDArray.DTypeOf<T>()))
            throw new InvalidOperationException($"The scalar is {ScalarType}, not {typeof(T)}.");
        Span<byte> bytes = stackalloc byte[8];
        CopyScalarTo(bytes);
        return MemoryMarshal.Read<T>(bytes);
    }

    /// <summary>Whether type, dtype, shape and bytes are equal, in depth.</summary>
    /// <param name="other">The other value.</param>
    /// <returns>Whether they are equal. Sets compare in their order.</returns>
    public bool Equals(Value other)
    {
        if (Kind != other.Kind || _bits != other._bits)
            return false;
        return _reference switch
        {
            null => other._reference is null,
            Value[] items => items.AsSpan().SequenceEqual((Value[])other._reference!),
            byte[] bytes => bytes.AsSpan().SequenceEqual((byte[])other._reference!),
            Complex number => BitsOf(number) == BitsOf((Complex)other._reference!),
            var reference => reference.Equals(other._reference),
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _reference switch
    {
        Value[] items => HashCode.Combine(Kind, items.Length, items.Length == 0 ? 0 : items[0].GetHashCode()),
        byte[] bytes => HashCode.Combine(Kind, bytes.Length),
        Complex number => BitsOf(number).GetHashCode(),
        var reference => HashCode.Combine(Kind, _bits, reference),
    };

    /// <summary>Whether two values are equal, bit for bit.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>The value in Python's notation, shortened; for messages.</summary>
    public override string ToString() => ValueText.Brief(this);

    private static (long Real, long Imaginary) BitsOf(Complex number) =>
        (BitConverter.DoubleToInt64Bits(number.Real), BitConverter.DoubleToInt64Bits(number.Imaginary));

    private Value Expect(ValueKind kind) => Kind == kind
        ? this
        : throw new InvalidOperationException($"The value is {ValueText.TypeName(this)}, not {kind}: {ValueText.Brief(this)}.");
}
