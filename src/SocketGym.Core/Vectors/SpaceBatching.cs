using System.Numerics;
using System.Text;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>The space of a batch of elements: Gymnasium's <c>batch_space</c>.</summary>
public static class SpaceBatching
{
    private const long MostPartSeeds = 100_000_000;

    /// <summary>Makes the space of batches.</summary>
    /// <param name="space">The space of one element; its generator is copied, so that batches are drawn as Gymnasium draws them.</param>
    /// <param name="count">How many elements a batch has.</param>
    /// <returns>A Box for Box, MultiDiscrete and MultiBinary, a MultiDiscrete for Discrete, the same of each part for Tuple and Dict, and a Tuple of as many copies for the others.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    /// <exception cref="NotSupportedException">It is none of Gymnasium's spaces.</exception>
    public static Space Batch(Space space, int count)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Prepare(space, count).Value;
    }

    /// <summary>Prepares the space of batches, whose bounds take as much memory as several batches, for where it may never be asked for.</summary>
    /// <param name="space">As for <see cref="Batch"/>; its generator is copied now.</param>
    /// <param name="count">As there.</param>
    /// <returns>The space; it is made when it is first asked for, and not thread-safe.</returns>
    internal static Lazy<Space> Prepare(Space space, int count)
    {
        Func<Generator, Space> make = space switch
        {
            Spaces.Tuple tuple => PrepareTuple(tuple, count),
            Dict dict => PrepareDict(dict, count),
            Spaces.Text or Sequence or Graph or OneOf => random => Copies(space, random, count),
            _ => _ => Make(space, count),
        };
        // After those of the parts: a Tuple or Dict that has none of its own seeds them anew.
        var random = CopyOf(space.NpRandom);
        return new(
            () =>
            {
                var batched = make(random);
                batched.NpRandom = random;
                return batched;
            },
            LazyThreadSafetyMode.None);
    }

    /// <summary>The space with the keys of its dictionaries in the order that those of its batches have.</summary>
    /// <param name="space">The space of one element.</param>
    /// <returns>The space itself where there is no dictionary in it.</returns>
    internal static Space InBatchOrder(Space space) => space switch
    {
        Spaces.Tuple tuple => new Spaces.Tuple([.. tuple.Spaces.Select(InBatchOrder)]),
        Dict dict => new Dict([.. Sorted(dict).Select(entry => KeyValuePair.Create(entry.Key, InBatchOrder(entry.Value)))]),
        _ => space,
    };

    private static Space Make(Space space, int count) => space switch
    {
        Box box => new Box(
            Tile(box.Low, count),
            Tile(box.High, count),
            [.. Enumerable.Repeat(box.BoundedBelow, count).SelectMany(flags => flags)],
            [.. Enumerable.Repeat(box.BoundedAbove, count).SelectMany(flags => flags)]),
        Discrete discrete => new MultiDiscrete(Full(discrete.N, discrete.ElementType, count), Full(discrete.Start, discrete.ElementType, count)),
        MultiDiscrete multi => new Box(Tile(multi.Start, count), Tile(Largest(multi), count)),
        MultiBinary binary => new Box(0, 1, [count, .. binary.Shape!.Value], binary.DType),
        _ => throw new NotSupportedException($"{space} is none of Gymnasium's spaces, so there is no space of its batches."),
    };

    private static Func<Generator, Space> PrepareTuple(Spaces.Tuple tuple, int count)
    {
        Lazy<Space>[] parts = [.. tuple.Spaces.Select(part => Prepare(part, count))];
        return _ => new Spaces.Tuple([.. parts.Select(part => part.Value)]);
    }

    private static Func<Generator, Space> PrepareDict(Dict dict, int count)
    {
        KeyValuePair<Value, Lazy<Space>>[] parts = [.. Sorted(dict).Select(entry => KeyValuePair.Create(entry.Key, Prepare(entry.Value, count)))];
        return _ => new Dict([.. parts.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Value))]);
    }

    // Gymnasium makes the batch's Dict of a plain dict, whose keys it sorts, by code points, where they can be compared.
    private static IEnumerable<KeyValuePair<Value, Space>> Sorted(Dict dict)
    {
        if (dict.Spaces.All(entry => entry.Key.Kind == ValueKind.String))
            return dict.Spaces.OrderBy(entry => Encoding.UTF8.GetBytes(entry.Key.AsString()), Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
        return dict.Spaces.All(entry => entry.Key.Kind == ValueKind.Int)
            ? dict.Spaces.OrderBy(entry => entry.Key.AsBigInteger())
            : dict.Spaces;
    }

    private static Spaces.Tuple Copies(Space space, Generator random, int count)
    {
        var tuple = new Spaces.Tuple([.. Enumerable.Range(0, count).Select(_ => SpaceCopy.Of(space))]);
        var seeds = new long[count];
        CopyOf(random).Integers(seeds, 0, MostPartSeeds);
        tuple.Seed(Value.List([.. seeds.Select(Value.FromInt)]));
        return tuple;
    }

    private static Generator CopyOf(Generator generator) => new(new Pcg64(generator.BitGenerator.State));

    private static NDArray Tile(NDArray array, int count)
    {
        var tiled = new NDArray(array.DType, [count, .. array.Shape]);
        for (var row = 0; row < count; row++)
            array.Bytes.CopyTo(tiled.Bytes[(row * array.Bytes.Length)..]);
        return tiled;
    }

    private static NDArray Full(BigInteger number, DType type, int count)
    {
        var array = new NDArray(type, count);
        for (var index = 0; index < count; index++)
            ((Number)(Int128)number).Write(array, index);
        return array;
    }

    private static NDArray Largest(MultiDiscrete space)
    {
        var largest = new NDArray(space.Nvec.DType, space.Nvec.Shape);
        for (var index = 0L; index < largest.Count; index++)
            ((Number)(Number.Read(space.Start, index).ToInteger() + Number.Read(space.Nvec, index).ToInteger() - 1)).Write(largest, index);
        return largest;
    }
}
