using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>A tuple with one element from each of several spaces.</summary>
public sealed class Tuple : Space
{
    /// <summary>Makes a tuple space.</summary>
    /// <param name="spaces">The space of each element.</param>
    /// <exception cref="ArgumentException">A space is null.</exception>
    public Tuple(params ImmutableArray<Space> spaces)
    {
        if (spaces.IsDefault || spaces.Contains(null!))
            throw new ArgumentException("A space is null; give a space for each element.", nameof(spaces));
        Spaces = spaces;
    }

    /// <summary>The space of each element.</summary>
    public ImmutableArray<Space> Spaces { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;

    /// <inheritdoc/>
    /// <remarks>A list or an array stands for the tuple of its items.</remarks>
    public override bool Contains(Value value)
    {
        if (Iteration.TryTupleOrList(value, out var items))
            return AreElements(items);
        var shape = value.Kind switch
        {
            ValueKind.Array => value.AsArray().Shape,
            ValueKind.ObjectArray => value.AsObjectArray().Shape,
            _ => default,
        };
        return !shape.IsEmpty && shape[0] == Spaces.Length && Iteration.Items(value) is { } rows && AreElements(rows);
    }

    /// <inheritdoc/>
    /// <remarks>Takes a tuple or a list with a seed for each space too; gives the tuple of their seeds.</remarks>
    public override Value Seed(Value seed = default)
    {
        Value[]? seeds = null;
        if (IsInt(seed))
        {
            SeedOwn(seed);
            seeds = DrawSeeds(Spaces.Length);
        }
        else if (Iteration.TryTupleOrList(seed, out var given) && given.Length == Spaces.Length)
        {
            seeds = given.ToArray();
        }
        else if (!seed.IsNone)
        {
            throw SeedRefused(seed, $"an int, None, or a tuple or list of {Spaces.Length} seeds");
        }
        return Value.Tuple([.. Spaces.Select((space, index) => space.Seed(seeds?[index] ?? default))]);
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is Tuple tuple && Spaces.SequenceEqual(tuple.Spaces);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(Tuple), Spaces.Length);

    /// <inheritdoc/>
    public override string ToString() => $"Tuple({string.Join(", ", Spaces)})";

    private bool AreElements(ReadOnlySpan<Value> items)
    {
        if (items.Length != Spaces.Length)
            return false;
        for (var index = 0; index < items.Length; index++)
        {
            if (!Spaces[index].Contains(items[index]))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        var masks = mask.IsNone ? default : SampleMask.Parts(mask, Spaces.Length);
        var probabilities = probability.IsNone ? default : SampleMask.Parts(probability, Spaces.Length);
        var element = new Value[Spaces.Length];
        for (var index = 0; index < element.Length; index++)
            element[index] = Spaces[index].Sample(mask.IsNone ? default : masks[index], probability.IsNone ? default : probabilities[index]);
        return Value.Tuple(element);
    }
}
