using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Python.Vectors;

/// <summary>The observations of all workers' environments as one batch, in memory that is used again (python/worker's <c>batches.py</c> makes the parts).</summary>
internal abstract class WorkerBatch
{
    /// <summary>Makes the memory of one array of a batch.</summary>
    /// <param name="dtype">Its dtype.</param>
    /// <param name="shape">Its shape.</param>
    public delegate NDArray Allocate(DType dtype, ReadOnlySpan<int> shape);

    /// <summary>The batch; valid until the next <see cref="Put"/>.</summary>
    public abstract Value Value { get; }

    /// <summary>Whether it is made of arrays alone, so that its value is always the same one.</summary>
    protected virtual bool IsOfArrays => true;

    /// <summary>Makes a batch.</summary>
    /// <param name="space">The space of one observation.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="allocate">Called for each array of the batch, in the worker's order.</param>
    public static WorkerBatch Of(Space space, int count, Allocate allocate) => space switch
    {
        Box or Discrete or MultiDiscrete or MultiBinary => new ArrayBatch(allocate(space.DType!, [count, .. space.Shape!.Value])),
        Core.Spaces.Tuple tuple => new TupleBatch([.. tuple.Spaces.Select(part => Of(part, count, allocate))]),
        Dict dict => new DictBatch([.. dict.Spaces.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value, count, allocate)))]),
        _ => new ItemBatch(count),
    };

    /// <summary>The spaces of a batch's arrays, in their order.</summary>
    /// <param name="space">The space of one observation or action.</param>
    /// <returns>The spaces; null where a part of the batch is no array.</returns>
    public static List<Space>? FindArrays(Space space)
    {
        var arrays = new List<Space>();
        return Collect(space) ? arrays : null;

        bool Collect(Space part)
        {
            switch (part)
            {
                case Box or Discrete or MultiDiscrete or MultiBinary:
                    arrays.Add(part);
                    return true;
                case Core.Spaces.Tuple tuple:
                    return tuple.Spaces.All(Collect);
                case Dict dict:
                    return dict.Spaces.All(entry => Collect(entry.Value));
                default:
                    return false;
            }
        }
    }

    /// <summary>Takes what one worker's environments observed.</summary>
    /// <param name="first">Which environment the first one is.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="part">Their batch; copied where it is an array.</param>
    /// <exception cref="InvalidDataException">It has another form.</exception>
    public abstract void Put(int first, int count, Value part);

    private static InvalidDataException Misfit(Value part) => new($"It sent {part} for a batch of observations.");

    private sealed class ArrayBatch(NDArray batch) : WorkerBatch
    {
        public override Value Value { get; } = batch;

        public override void Put(int first, int count, Value part)
        {
            if (part.Kind != ValueKind.Array || part.AsArray() is not { } array || !array.DType.Equals(batch.DType)
                || array.Shape.IsEmpty || array.Shape[0] != count || !array.Shape[1..].SequenceEqual(batch.Shape[1..]))
            {
                throw Misfit(part);
            }
            array.Bytes.CopyTo(batch.Bytes[(first * (array.Bytes.Length / count))..]);
        }
    }

    private sealed class TupleBatch(WorkerBatch[] parts) : WorkerBatch
    {
        private readonly Value? _value = parts.All(part => part.IsOfArrays) ? (Value?)Join(parts) : null;

        public override Value Value => _value ?? Join(parts);

        protected override bool IsOfArrays => _value is not null;

        public override void Put(int first, int count, Value part)
        {
            if (part.Kind != ValueKind.Tuple || part.AsItems().Length != parts.Length)
                throw Misfit(part);
            for (var index = 0; index < parts.Length; index++)
                parts[index].Put(first, count, part.AsItems()[index]);
        }

        private static Value Join(WorkerBatch[] parts) => Value.Tuple([.. parts.Select(part => part.Value)]);
    }

    private sealed class DictBatch(KeyValuePair<Value, WorkerBatch>[] parts) : WorkerBatch
    {
        private readonly Value? _value = parts.All(part => part.Value.IsOfArrays) ? (Value?)Join(parts) : null;

        public override Value Value => _value ?? Join(parts);

        protected override bool IsOfArrays => _value is not null;

        public override void Put(int first, int count, Value part)
        {
            if (part.Kind != ValueKind.Dict || part.AsDict().Count != parts.Length)
                throw Misfit(part);
            for (var index = 0; index < parts.Length; index++)
            {
                if (!part.AsDict()[index].Key.Equals(parts[index].Key))
                    throw Misfit(part);
                parts[index].Value.Put(first, count, part.AsDict()[index].Value);
            }
        }

        private static Value Join(KeyValuePair<Value, WorkerBatch>[] parts)
        {
            var entries = new ValueDictionary();
            foreach (var (key, part) in parts)
                entries.Add(key, part.Value);
            return Value.Dict(entries);
        }
    }

    private sealed class ItemBatch(int count) : WorkerBatch
    {
        private readonly Value[] _items = new Value[count];

        public override Value Value => Value.Tuple([.. _items]);

        protected override bool IsOfArrays => false;

        public override void Put(int first, int count, Value part)
        {
            if (part.Kind != ValueKind.Tuple || part.AsItems().Length != count)
                throw Misfit(part);
            part.AsItems().CopyTo(_items.AsSpan(first));
        }
    }
}
