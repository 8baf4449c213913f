using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>A batch of actions divided into the batches of several vectors, by the rules of Gymnasium's <c>iterate</c>: nothing is cast.</summary>
/// <remarks>Not thread-safe. An array of the dtype and shape of the one before allocates nothing.</remarks>
public sealed class DividedBatch
{
    private readonly Space _batched;
    private readonly int _count;
    private readonly Part _whole;

    /// <summary>Says how batches are divided.</summary>
    /// <param name="single">The space of one action.</param>
    /// <param name="counts">How many actions each vector takes, in order; all positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or one is not positive.</exception>
    public DividedBatch(Space single, params ReadOnlySpan<int> counts)
    {
        ArgumentNullException.ThrowIfNull(single);
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(counts));
            _count += count;
        }
        _batched = SpaceBatching.Batch(single, _count);
        _whole = Of(single, counts.ToArray());
    }

    /// <summary>Divides a batch.</summary>
    /// <param name="actions">The batch.</param>
    /// <returns>A batch for each vector; valid until the next call.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/>: it has more or fewer elements, or no parts.</exception>
    public ReadOnlySpan<Value> Divide(Value actions) => _whole.TryDivide(actions)
        ? _whole.Pieces
        : throw new SocketGymException(
            ErrorCode.InvalidAction, $"The actions are {actions} ({ValueText.TypeName(actions)}), which is no batch of {_count}; pass an element of {_batched}.");

    private static Part Of(Space space, int[] counts) => space switch
    {
        Spaces.Tuple tuple => new TuplePart([.. tuple.Spaces.Select(part => Of(part, counts))], counts),
        Dict dict => new DictPart([.. dict.Spaces.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value, counts)))], counts),
        _ => new ItemPart(counts),
    };

    private abstract class Part(int[] counts)
    {
        public Value[] Pieces { get; } = new Value[counts.Length];

        protected int[] Counts { get; } = counts;

        public abstract bool TryDivide(Value batch);
    }

    private sealed class TuplePart(Part[] parts, int[] counts) : Part(counts)
    {
        public override bool TryDivide(Value batch)
        {
            // Parts are taken by their number, which sets and dictionaries do not offer.
            var items = batch.Kind is ValueKind.Set or ValueKind.FrozenSet or ValueKind.Dict or ValueKind.OrderedDict ? null : Iteration.Items(batch);
            if (items is null || items.Length < parts.Length || parts.Length == 0)
                return false;
            for (var index = 0; index < parts.Length; index++)
            {
                if (!parts[index].TryDivide(items[index]))
                    return false;
            }
            for (var piece = 0; piece < Pieces.Length; piece++)
                Pieces[piece] = Value.Tuple([.. parts.Select(part => part.Pieces[piece])]);
            return true;
        }
    }

    private sealed class DictPart(KeyValuePair<Value, Part>[] parts, int[] counts) : Part(counts)
    {
        public override bool TryDivide(Value batch)
        {
            if (batch.Kind is not (ValueKind.Dict or ValueKind.OrderedDict) || parts.Length == 0)
                return false;
            foreach (var (key, part) in parts)
            {
                if (Stacking.Lookup(batch.AsDict(), key) is not { } value || !part.TryDivide(value))
                    return false;
            }
            for (var piece = 0; piece < Pieces.Length; piece++)
            {
                var entries = new ValueDictionary();
                foreach (var (key, part) in parts)
                    entries.Add(key, part.Pieces[piece]);
                Pieces[piece] = Value.Dict(entries);
            }
            return true;
        }
    }

    private sealed class ItemPart(int[] sizes) : Part(sizes)
    {
        private readonly int _total = sizes.Sum();
        private NDArray[]? _arrays;

        public override bool TryDivide(Value batch) => batch.Kind == ValueKind.Array ? TryDivideArray(batch.AsArray()) : TryDivideItems(Iteration.Items(batch));

        private bool TryDivideArray(NDArray batch)
        {
            if (batch.Shape.IsEmpty || batch.Shape[0] != _total)
                return false;
            if (_arrays is null || !_arrays[0].DType.Equals(batch.DType) || !_arrays[0].Shape[1..].SequenceEqual(batch.Shape[1..]))
            {
                _arrays = new NDArray[Counts.Length];
                for (var piece = 0; piece < Counts.Length; piece++)
                    _arrays[piece] = new NDArray(batch.DType, [Counts[piece], .. batch.Shape[1..]]);
            }
            var rest = batch.Bytes;
            for (var piece = 0; piece < Counts.Length; piece++)
            {
                var bytes = _arrays[piece].Bytes;
                rest[..bytes.Length].CopyTo(bytes);
                rest = rest[bytes.Length..];
                Pieces[piece] = _arrays[piece];
            }
            return true;
        }

        private bool TryDivideItems(Value[]? items)
        {
            if (items is null || items.Length != _total)
                return false;
            var first = 0;
            for (var piece = 0; piece < Counts.Length; piece++)
            {
                Pieces[piece] = Value.Tuple(items[first..(first + Counts[piece])]);
                first += Counts[piece];
            }
            return true;
        }
    }
}
