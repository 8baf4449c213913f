using System.Collections.Immutable;
using System.Numerics;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>The integers start, ..., start + n - 1.</summary>
public sealed class Discrete : Space
{
    private readonly DType _native;
    private readonly Int128 _start;

    // As the dtype's arithmetic has it: for int8, 126 + 2 is -128, and nothing is contained, as in Gymnasium.
    private readonly Int128 _end;

    /// <summary>Makes a discrete space.</summary>
    /// <param name="n">How many elements; positive.</param>
    /// <param name="start">The smallest element.</param>
    /// <param name="dtype">An integer dtype that holds both; int64 by default.</param>
    /// <exception cref="ArgumentException">n is not positive, the dtype is no integer, or n or start leave it.</exception>
    public Discrete(BigInteger n, BigInteger start = default, DType? dtype = null)
    {
        if (n <= 0)
            throw new ArgumentException($"n is {n}; a Discrete space needs at least one element.", nameof(n));
        ElementType = dtype ?? Values.DType.Int64;
        if (ElementType.Kind is not ('i' or 'u'))
            throw new ArgumentException($"The dtype is {ElementType}; a Discrete space needs an integer dtype.", nameof(dtype));
        var (smallest, largest) = Number.Limits(ElementType);
        if (n > largest)
            throw new ArgumentException($"n is {n}; {ElementType} holds {smallest} to {largest}.", nameof(n));
        if (start < smallest || start > largest)
            throw new ArgumentException($"start is {start}; {ElementType} holds {smallest} to {largest}.", nameof(start));
        N = n;
        Start = start;
        _native = Number.Native(ElementType);
        _start = (Int128)start;
        _end = Number.Wrap((Int128)(start + n), ElementType);
    }

    /// <summary>How many elements.</summary>
    public BigInteger N { get; }

    /// <summary>The smallest element.</summary>
    public BigInteger Start { get; }

    /// <summary>The dtype of an element.</summary>
    public DType ElementType { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => [];

    /// <inheritdoc/>
    public override DType? DType => ElementType;

    /// <inheritdoc/>
    /// <remarks>An <c>int</c> beyond the dtype is not contained; NumPy 1 wraps it around with a warning, NumPy 2 raises.</remarks>
    public override bool Contains(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                return IsWithin(value.AsBool() ? 1 : 0);
            case ValueKind.Int when value.IsInt64:
                return IsWithin(value.AsInt64());
            case ValueKind.Int:
                return value.AsBigInteger() is var integer && integer >= Start && integer <= ulong.MaxValue && IsWithin((Int128)integer);
            case ValueKind.Scalar when CanHold(value.ScalarType):
                Span<byte> bytes = stackalloc byte[8];
                value.CopyScalarTo(bytes);
                return IsWithin(Number.Read(value.ScalarType, bytes[..value.ScalarType.ItemSize]).ToInteger());
            case ValueKind.Array when value.AsArray() is var array && array.Shape.IsEmpty && CanHold(array.DType):
                return IsWithin(Number.Read(array, 0).ToInteger());
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is Discrete discrete
        && N == discrete.N && Start == discrete.Start && ElementType.Equals(discrete.ElementType);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(N, Start, ElementType);

    /// <inheritdoc/>
    public override string ToString()
    {
        var start = Start.IsZero ? "" : $", start={Start}";
        var dtype = ElementType.Equals(Values.DType.Int64) ? "" : $", dtype={ArrayText.NameOf(ElementType)}";
        return $"Discrete({N}{start}{dtype})";
    }

    // No array that is longer could be given.
    private int Count => (int)BigInteger.Min(N, int.MaxValue);

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        if (!mask.IsNone)
            return Element(SampleMask.Choose(NpRandom, SampleMask.Flags(mask, [Count])) ?? 0);
        if (probability.IsNone)
            return Element(DrawUniform());
        var probabilities = SampleMask.Probabilities(probability, [Count]);
        SampleMask.CheckedSum(probabilities);
        return Element(NpRandom.ChoiceIndex(probabilities));
    }

    // The dtype decides which bits are drawn.
    private Int128 DrawUniform() => (_native.Kind, _native.ItemSize) switch
    {
        ('i', 1) => NpRandom.Integers<sbyte>(0, (Int128)N),
        ('i', 2) => NpRandom.Integers<short>(0, (Int128)N),
        ('i', 4) => NpRandom.Integers<int>(0, (Int128)N),
        ('i', _) => NpRandom.Integers(0, (long)N),
        (_, 1) => NpRandom.Integers<byte>(0, (Int128)N),
        (_, 2) => NpRandom.Integers<ushort>(0, (Int128)N),
        (_, 4) => NpRandom.Integers<uint>(0, (Int128)N),
        _ => NpRandom.Integers<ulong>(0, (Int128)N),
    };

    private Value Element(Int128 offset)
    {
        Span<byte> bytes = stackalloc byte[_native.ItemSize];
        ((Number)(_start + offset)).Write(_native, bytes);
        return Value.FromScalar(_native, bytes);
    }

    private bool CanHold(DType type) => type.Kind is 'i' or 'u' && Number.CanCast(type, ElementType);

    private bool IsWithin(Int128 element) => element >= _start && element < _end;
}
