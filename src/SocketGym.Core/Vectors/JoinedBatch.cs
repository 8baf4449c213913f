using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>The observations of several vectors as the batch of one, in memory that is used again.</summary>
/// <remarks>Not thread-safe. Where the parts are arrays, or tuples and dictionaries of them, joining allocates nothing.</remarks>
public sealed class JoinedBatch
{
    private readonly Part _whole;

    /// <summary>Makes a batch, all zeros and <c>None</c>.</summary>
    /// <param name="single">The space of one observation.</param>
    /// <param name="count">How many observations the whole has; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public JoinedBatch(Space single, int count)
    {
        ArgumentNullException.ThrowIfNull(single);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _whole = Of(single, count);
    }

    /// <summary>The whole; valid until the next <see cref="TryPut"/>.</summary>
    public Value Value => _whole.Value;

    /// <summary>Takes a run of observations.</summary>
    /// <param name="first">The place of the first.</param>
    /// <param name="count">How many; with <paramref name="first"/> not beyond the whole.</param>
    /// <param name="batch">A batch of so many; copied.</param>
    /// <returns>Whether it has the form of such a batch; where not, the whole may hold some of it.</returns>
    public bool TryPut(int first, int count, Value batch) => _whole.TryPut(first, count, batch);

    private static Part Of(Space space, int count) => space switch
    {
        Box or Discrete or MultiDiscrete or MultiBinary => new ArrayPart(space, count),
        Spaces.Tuple tuple => new TuplePart([.. tuple.Spaces.Select(part => Of(part, count))]),
        Dict dict => new DictPart([.. dict.Spaces.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value, count)))]),
        _ => new ItemPart(count),
    };

    private abstract class Part
    {
        public abstract Value Value { get; }

        public abstract bool TryPut(int first, int count, Value batch);
    }

    private sealed class ArrayPart(Space space, int count) : Part
    {
        private readonly NDArray _array = new(space.DType!, [count, .. space.Shape!.Value]);

        public override Value Value => _array;

        public override bool TryPut(int first, int count, Value batch)
        {
            if (batch.Kind != ValueKind.Array)
                return false;
            var rows = batch.AsArray();
            if (!rows.DType.Equals(_array.DType) || rows.Shape.IsEmpty || rows.Shape[0] != count || !rows.Shape[1..].SequenceEqual(_array.Shape[1..]))
                return false;
            rows.Bytes.CopyTo(_array.Bytes[(first * (_array.Bytes.Length / _array.Shape[0]))..]);
            return true;
        }
    }

    private sealed class TuplePart(Part[] parts) : Part
    {
        private readonly Value[] _items = new Value[parts.Length];

        public override Value Value
        {
            get
            {
                for (var index = 0; index < parts.Length; index++)
                    _items[index] = parts[index].Value;
                return Value.Tuple(_items);
            }
        }

        public override bool TryPut(int first, int count, Value batch)
        {
            if (batch.Kind != ValueKind.Tuple || batch.AsItems().Length != parts.Length)
                return false;
            for (var index = 0; index < parts.Length; index++)
            {
                if (!parts[index].TryPut(first, count, batch.AsItems()[index]))
                    return false;
            }
            return true;
        }
    }

    private sealed class DictPart(KeyValuePair<Value, Part>[] parts) : Part
    {
        private readonly ValueDictionary _entries = [];

        public override Value Value
        {
            get
            {
                // Written anew, since the caller may have changed what it was handed.
                _entries.Clear();
                foreach (var (key, part) in parts)
                    _entries.Add(key, part.Value);
                return Value.Dict(_entries);
            }
        }

        public override bool TryPut(int first, int count, Value batch)
        {
            if (batch.Kind is not (ValueKind.Dict or ValueKind.OrderedDict) || batch.AsDict().Count != parts.Length)
                return false;
            foreach (var (key, part) in parts)
            {
                if (Stacking.Lookup(batch.AsDict(), key) is not { } value || !part.TryPut(first, count, value))
                    return false;
            }
            return true;
        }
    }

    private sealed class ItemPart(int count) : Part
    {
        private readonly Value[] _items = new Value[count];

        // Of an array of its own, since a tuple does not change.
        public override Value Value => Value.Tuple([.. _items]);

        public override bool TryPut(int first, int count, Value batch)
        {
            if (batch.Kind != ValueKind.Tuple || batch.AsItems().Length != count)
                return false;
            for (var index = 0; index < count; index++)
                _items[first + index] = batch.AsItems()[index].Copy();
            return true;
        }
    }
}
