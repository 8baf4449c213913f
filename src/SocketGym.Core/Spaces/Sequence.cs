using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Sequences of any length whose elements belong to one space: a tuple, or stacked into one batch.</summary>
public sealed class Sequence : Space
{
    /// <summary>Makes a sequence space.</summary>
    /// <param name="featureSpace">The space of each element.</param>
    /// <param name="stack">Whether elements come stacked into one batch rather than as a tuple.</param>
    public Sequence(Space featureSpace, bool stack = false)
    {
        ArgumentNullException.ThrowIfNull(featureSpace);
        FeatureSpace = featureSpace;
        Stack = stack;
    }

    /// <summary>The space of each element.</summary>
    public Space FeatureSpace { get; }

    /// <summary>Whether elements come stacked.</summary>
    public bool Stack { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;

    /// <inheritdoc/>
    public override bool Contains(Value value)
    {
        if (Stack)
            return Stacking.Iterate(FeatureSpace, value) is { } parts && parts.All(FeatureSpace.Contains);
        if (!Iteration.TryTuple(value, out var items))
            return false;
        foreach (var item in items)
        {
            if (!FeatureSpace.Contains(item))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Takes a tuple or a list of two seeds too: this space's and the feature space's; gives the tuple of seeds in that order.</remarks>
    public override Value Seed(Value seed = default)
    {
        if (Iteration.TryTupleOrList(seed, out var given))
        {
            return given.Length == 2
                ? Value.Tuple(SeedOwn(given[0]), FeatureSpace.Seed(given[1]))
                : throw SeedRefused(seed, "an int, None, or a tuple or list of 2 seeds");
        }
        var own = SeedOwn(seed);
        if (seed.IsNone)
            return Value.Tuple(own, FeatureSpace.Seed());
        Value featureSeed = NpRandom.Integers(int.MaxValue);
        // Seeding again forgets that the feature's seed was drawn.
        return Value.Tuple(SeedOwn(seed), FeatureSpace.Seed(featureSeed));
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is Sequence sequence && FeatureSpace.Equals(sequence.FeatureSpace) && Stack == sequence.Stack;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(Sequence), FeatureSpace, Stack);

    /// <inheritdoc/>
    public override string ToString() => $"Sequence({FeatureSpace}, stack={(Stack ? "True" : "False")})";

    /// <summary>The value of an <c>int</c> or a NumPy integer; null for anything else, <c>bool</c> too, or beyond 64 bits.</summary>
    internal static long? IntegerOf(Value value)
    {
        if (value.IsInt64)
            return value.AsInt64();
        if (value.Kind != ValueKind.Scalar || value.ScalarType.Kind is not ('i' or 'u'))
            return null;
        Span<byte> bytes = stackalloc byte[8];
        value.CopyScalarTo(bytes);
        var integer = Number.Read(value.ScalarType, bytes[..value.ScalarType.ItemSize]).ToInteger();
        return integer <= long.MaxValue ? (long)integer : null;
    }

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        var given = mask.IsNone ? probability : mask;
        var (lengthPart, featurePart) = given.IsNone ? default : PairOf(given);
        var elements = new Value[checked((int)DrawLength(lengthPart))];
        foreach (ref var element in elements.AsSpan())
            element = mask.IsNone ? FeatureSpace.Sample(default, featurePart) : FeatureSpace.Sample(featurePart);
        return Stack ? Stacking.Concatenate(FeatureSpace, elements) : Value.Tuple(elements);
    }

    private long DrawLength(Value part)
    {
        // The mean length of 4 is Gymnasium's choice.
        if (part.IsNone)
            return NpRandom.Geometric(0.25);
        if (IntegerOf(part) is { } length and >= 0)
            return length;
        if (part.Kind == ValueKind.Array && part.AsArray() is { DType.Kind: 'i' or 'u', Shape.Length: 1 } lengths)
        {
            for (var index = 0L; index < lengths.Count; index++)
            {
                if (Number.Read(lengths, index).ToInteger() < 0)
                    throw new ArgumentException($"A length is {Number.Read(lengths, index).ToInteger()}; it must not be negative.", nameof(part));
            }
            return (long)Number.Read(lengths, NpRandom.ChoiceIndex(lengths.Count)).ToInteger();
        }
        throw new ArgumentException($"The length is {ValueText.TypeName(part)} {part}; it must be None, an integer that is not negative, or a 1-dimensional array of them.", nameof(part));
    }

    private static (Value Length, Value Feature) PairOf(Value mask) => Iteration.TryTupleOrList(mask, out var parts) && parts.Length >= 2
        ? (parts[0], parts[1])
        : throw new ArgumentException($"The mask or probability is {ValueText.TypeName(mask)} {mask}; it must be a tuple of a length and one for the elements.", nameof(mask));
}
