using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>The observations of all environments as one batch, in memory that is used again: Gymnasium's <c>create_empty_array</c> and <c>concatenate</c>.</summary>
internal abstract class ObservationBatch
{
    /// <summary>The batch; valid until the next <see cref="Put"/>.</summary>
    public abstract Value Value { get; }

    /// <summary>Makes a batch for observations of a space, all zeros.</summary>
    /// <param name="space">The space of one observation.</param>
    /// <param name="count">How many there are.</param>
    public static ObservationBatch Of(Space space, int count) => space switch
    {
        Box or Discrete or MultiDiscrete or MultiBinary => new ArrayBatch(space, count),
        Spaces.Tuple tuple => new TupleBatch(tuple, count),
        Dict dict => new DictBatch(dict, count),
        _ => new ItemBatch(count),
    };

    /// <summary>Makes sure that the arrays of a batch can be as long as they would be.</summary>
    /// <param name="space">The space of one observation.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: one would be longer than an array can be.</exception>
    public static void RequireRoom(Space space, int count)
    {
        switch (space)
        {
            case Box or Discrete or MultiDiscrete or MultiBinary:
                var size = NDArray.CountOf(space.Shape!.Value.AsSpan()) * space.DType!.ItemSize;
                if (size > Array.MaxLength / count)
                    throw new SocketGymException(ErrorCode.InvalidArgument, $"num_envs is {count}, and one observation has {size} bytes; a batch has at most {Array.MaxLength}, so make fewer environments.");
                break;
            case Spaces.Tuple tuple:
                foreach (var part in tuple.Spaces)
                    RequireRoom(part, count);
                break;
            case Dict dict:
                foreach (var (_, part) in dict.Spaces)
                    RequireRoom(part, count);
                break;
        }
    }

    /// <summary>Takes one environment's observation.</summary>
    /// <param name="index">Which environment's.</param>
    /// <param name="observation">The observation; copied where the batch is an array.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.EnvironmentFault"/>: it has another form than the space.</exception>
    public abstract void Put(int index, Value observation);

    private static SocketGymException Misfit(Value observation, string expected) => new(
        ErrorCode.EnvironmentFault, $"An observation is {observation} ({ValueText.TypeName(observation)}), which does not fit a batch of {expected}.");

    private sealed class ArrayBatch : ObservationBatch
    {
        private readonly Space _space;
        private readonly NDArray _batch;
        private readonly int _size;

        public ArrayBatch(Space space, int count)
        {
            _space = space;
            _batch = new NDArray(space.DType!, [count, .. space.Shape!.Value]);
            _size = _batch.Bytes.Length / count;
            Value = _batch;
        }

        public override Value Value { get; }

        public override void Put(int index, Value observation)
        {
            var row = _batch.Bytes.Slice(index * _size, _size);
            var type = _batch.DType;
            switch (observation.Kind)
            {
                case ValueKind.Array when observation.AsArray() is var array && array.Shape.SequenceEqual(_batch.Shape[1..]):
                    if (array.DType.Equals(type))
                        array.Bytes.CopyTo(row);
                    else if (Number.Supports(array.DType) && Number.Supports(type) && IsSameKind(array.DType, type))
                        Number.Cast(array, type).Bytes.CopyTo(row);
                    else
                        throw Misfit(observation, _space.ToString());
                    break;
                case ValueKind.Int when observation.IsInt64 && type.Kind is not 'b' && _batch.Shape.Length == 1:
                    ((Number)(Int128)observation.AsInt64()).Write(type, row);
                    break;
                case ValueKind.Float when type.Kind == 'f' && _batch.Shape.Length == 1:
                    ((Number)observation.AsDouble()).Write(type, row);
                    break;
                case ValueKind.Bool when _batch.Shape.Length == 1:
                    ((Number)(observation.AsBool() ? Int128.One : Int128.Zero)).Write(type, row);
                    break;
                case ValueKind.Scalar when Number.Supports(observation.ScalarType) && IsSameKind(observation.ScalarType, type) && _batch.Shape.Length == 1:
                    Span<byte> scalar = stackalloc byte[8];
                    observation.CopyScalarTo(scalar);
                    Number.Read(observation.ScalarType, scalar[..observation.ScalarType.ItemSize]).Write(type, row);
                    break;
                default:
                    throw Misfit(observation, _space.ToString());
            }
        }

        // NumPy's rule "same_kind", by which np.stack(out=...) casts: within a kind and to a later one.
        private static bool IsSameKind(DType from, DType to) => Order(from) <= Order(to);

        private static int Order(DType type) => "buif".IndexOf(type.Kind, StringComparison.Ordinal);
    }

    private sealed class TupleBatch(Spaces.Tuple space, int count) : ObservationBatch
    {
        private readonly ObservationBatch[] _parts = [.. space.Spaces.Select(part => Of(part, count))];

        public override Value Value => Value.Tuple([.. _parts.Select(part => part.Value)]);

        public override void Put(int index, Value observation)
        {
            if (observation.Kind is not (ValueKind.Tuple or ValueKind.List) || observation.AsItems().Length != _parts.Length)
                throw Misfit(observation, space.ToString());
            for (var part = 0; part < _parts.Length; part++)
                _parts[part].Put(index, observation.AsItems()[part]);
        }
    }

    private sealed class DictBatch(Dict space, int count) : ObservationBatch
    {
        private readonly KeyValuePair<Value, ObservationBatch>[] _parts =
            [.. space.Spaces.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value, count)))];

        public override Value Value
        {
            get
            {
                var entries = new ValueDictionary();
                foreach (var (key, part) in _parts)
                    entries.Add(key, part.Value);
                return Value.Dict(entries);
            }
        }

        public override void Put(int index, Value observation)
        {
            if (observation.Kind is not (ValueKind.Dict or ValueKind.OrderedDict))
                throw Misfit(observation, space.ToString());
            var entries = observation.AsDict();
            foreach (var (key, part) in _parts)
                part.Put(index, Stacking.Lookup(entries, key) ?? throw Misfit(observation, space.ToString()));
        }
    }

    private sealed class ItemBatch(int count) : ObservationBatch
    {
        private readonly Value[] _items = new Value[count];

        public override Value Value => Value.Tuple([.. _items]);

        public override void Put(int index, Value observation) => _items[index] = observation.Copy();
    }
}
