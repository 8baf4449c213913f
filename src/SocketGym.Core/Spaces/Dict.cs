using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>A dictionary with one element from each of several spaces, by key, in order.</summary>
public sealed class Dict : Space
{
    /// <summary>Makes a dictionary space.</summary>
    /// <param name="spaces">
    /// Key and space of each element, in the order that elements have. Keys are strings, rarely ints or tuples.
    /// Gymnasium sorts a plain <c>dict</c> by its keys, and keeps the order of an <c>OrderedDict</c> or a list of pairs.
    /// </param>
    /// <exception cref="ArgumentException">A space is null, or a key comes twice.</exception>
    public Dict(params ImmutableArray<KeyValuePair<Value, Space>> spaces)
    {
        if (spaces.IsDefault || spaces.Any(entry => entry.Value is null))
            throw new ArgumentException("A space is null; give a space for each key.", nameof(spaces));
        var keys = new HashSet<Value>();
        foreach (var (key, _) in spaces)
        {
            if (!keys.Add(key))
                throw new ArgumentException($"The key {ArrayText.Key(key)} comes twice; give each key once.", nameof(spaces));
        }
        Spaces = spaces;
    }

    /// <summary>Key and space of each element, in order.</summary>
    public ImmutableArray<KeyValuePair<Value, Space>> Spaces { get; }

    /// <summary>The space of one element.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public Space this[Value key] => Find(key)
        ?? throw new KeyNotFoundException($"There is no key {ArrayText.Key(key)}; there are: {string.Join(", ", Spaces.Select(entry => ArrayText.Key(entry.Key)))}.");

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;

    /// <inheritdoc/>
    /// <remarks>The order of the keys does not matter. Keys are compared with their types, so <c>1</c> is not <c>True</c> as it is in Python.</remarks>
    public override bool Contains(Value value)
    {
        if (!TryParts(value, out var parts))
            return false;
        for (var index = 0; index < parts.Length; index++)
        {
            if (!Spaces[index].Value.Contains(parts[index]))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Takes a dictionary with a seed for each key too; gives the dictionary of their seeds, in the same order.</remarks>
    public override Value Seed(Value seed = default)
    {
        var used = new ValueDictionary();
        if (seed.IsNone || IsInt(seed))
        {
            if (!seed.IsNone)
                SeedOwn(seed);
            var seeds = seed.IsNone ? new Value[Spaces.Length] : DrawSeeds(Spaces.Length);
            for (var index = 0; index < seeds.Length; index++)
                used.Add(Spaces[index].Key, Spaces[index].Value.Seed(seeds[index]));
            return Value.Dict(used);
        }
        if (!TryParts(seed, out _))
            throw SeedRefused(seed, $"an int, None, or a dict of seeds with the keys {string.Join(", ", Spaces.Select(entry => ArrayText.Key(entry.Key)))}");
        foreach (var (key, part) in seed.AsDict())
            used.Add(key, this[key].Seed(part));
        return Value.Dict(used);
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is Dict dict && Spaces.Length == dict.Spaces.Length
        && Spaces.All(entry => entry.Value.Equals(dict.Find(entry.Key)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(Dict), Spaces.Length);

    /// <inheritdoc/>
    public override string ToString() => $"Dict({string.Join(", ", Spaces.Select(entry => $"{ArrayText.Key(entry.Key)}: {entry.Value}"))})";

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        var masks = MaskParts(mask);
        var probabilities = MaskParts(probability);
        var element = new ValueDictionary();
        for (var index = 0; index < Spaces.Length; index++)
            element.Add(Spaces[index].Key, Spaces[index].Value.Sample(masks[index], probabilities[index]));
        return Value.Dict(element);
    }

    private Value[] MaskParts(Value mask)
    {
        if (mask.IsNone)
            return new Value[Spaces.Length];
        return TryParts(mask, out var parts) ? parts : throw new ArgumentException(
            $"The mask or probability is {ValueText.TypeName(mask)} {mask}; it must be a dict with the keys {string.Join(", ", Spaces.Select(entry => ArrayText.Key(entry.Key)))}.", nameof(mask));
    }

    // A dictionary's values in the order of the spaces, where it has exactly their keys.
    private bool TryParts(Value value, out Value[] parts)
    {
        parts = [];
        if (value.Kind is not (ValueKind.Dict or ValueKind.OrderedDict) || value.AsDict().Count != Spaces.Length)
            return false;
        parts = new Value[Spaces.Length];
        var entries = value.AsDict();
        for (var index = 0; index < parts.Length; index++)
        {
            // Nearly always the order is the same, so the search begins where the key should be.
            var probe = 0;
            while (probe < parts.Length && !entries[(index + probe) % parts.Length].Key.Equals(Spaces[index].Key))
                probe++;
            if (probe == parts.Length)
                return false;
            parts[index] = entries[(index + probe) % parts.Length].Value;
        }
        return true;
    }

    private Space? Find(Value key)
    {
        foreach (var entry in Spaces)
        {
            if (entry.Key.Equals(key))
                return entry.Value;
        }
        return null;
    }
}
