using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>An element of exactly one of several spaces: a tuple of the space's index and the element.</summary>
public sealed class OneOf : Space
{
    /// <summary>Makes the space.</summary>
    /// <param name="spaces">The alternatives; at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public OneOf(params ImmutableArray<Space> spaces)
    {
        if (spaces.IsDefaultOrEmpty)
            throw new ArgumentException("A OneOf needs at least one space.", nameof(spaces));
        if (spaces.Contains(null!))
            throw new ArgumentException("A space is null; give a space for each alternative.", nameof(spaces));
        Spaces = spaces;
    }

    /// <summary>The alternatives.</summary>
    public ImmutableArray<Space> Spaces { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;

    /// <inheritdoc/>
    public override bool Contains(Value value)
    {
        if (value.Kind != ValueKind.Tuple || value.AsItems() is not [var choice, var element])
            return false;
        var index = choice.Kind switch
        {
            ValueKind.Bool => choice.AsBool() ? 1 : 0,
            ValueKind.Int when choice.IsInt64 => choice.AsInt64(),
            ValueKind.Scalar when choice.ScalarType.Equals(Values.DType.Int64) => choice.AsScalar<long>(),
            _ => -1,
        };
        return index >= 0 && index < Spaces.Length && Spaces[(int)index].Contains(element);
    }

    /// <inheritdoc/>
    /// <remarks>Takes a tuple or a list of seeds too: this space's and one for each alternative; gives the tuple of seeds in that order.</remarks>
    public override Value Seed(Value seed = default)
    {
        if (Iteration.TryTupleOrList(seed, out var given))
        {
            return given.Length == Spaces.Length + 1
                ? SeedAll(given[0], given[1..].ToArray())
                : throw SeedRefused(seed, $"an int, None, or a tuple or list of {Spaces.Length + 1} seeds");
        }
        if (seed.IsNone)
            return SeedAll(seed, new Value[Spaces.Length]);
        SeedOwn(seed);
        // Seeding again forgets that the seeds were drawn.
        return SeedAll(seed, DrawSeeds(Spaces.Length));
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is OneOf oneOf && Spaces.SequenceEqual(oneOf.Spaces);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(OneOf), Spaces.Length);

    /// <inheritdoc/>
    public override string ToString() => $"OneOf({string.Join(", ", Spaces)})";

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        var index = NpRandom.Integers(0, Spaces.Length);
        var element = Spaces[(int)index].Sample(
            mask.IsNone ? default : SampleMask.Parts(mask, Spaces.Length)[(int)index],
            probability.IsNone ? default : SampleMask.Parts(probability, Spaces.Length)[(int)index]);
        return Value.Tuple(Value.Scalar(index), element);
    }

    private Value SeedAll(Value own, Value[] seeds) =>
        Value.Tuple([SeedOwn(own), .. Spaces.Select((space, index) => space.Seed(seeds[index]))]);
}
