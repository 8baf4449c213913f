using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Protocol.Sharing;
using SocketGym.Python.Workers.Sharing;

namespace SocketGym.Python.Vectors;

/// <summary>Memory that all workers of a vector share with the server: the actions of all environments, and what their steps give.</summary>
/// <remarks>The arrays over it change with every step, and what a worker wrote there is the environment's word and no more.</remarks>
internal sealed class VectorMemory : IDisposable
{
    private const int Alignment = 4096;
    private const int MostNumberBytes = 16;

    private readonly SharedMemory _memory;
    private readonly List<int> _arrays = [];
    private readonly ValueDictionary _layout = [];
    private readonly int _count;
    private readonly int _actions;
    private readonly int _actionBytes;
    private int _length;

    private VectorMemory(SharedMemory memory, Space observationSpace, int actionBytes, int count)
    {
        _memory = memory;
        _count = count;
        _actionBytes = actionBytes;
        _actions = Take(actionBytes);
        _layout.Add("actions", _actions);
        Rewards = Place("rewards", DType.Float64);
        Terminations = Place("terminations", DType.Bool);
        Truncations = Place("truncations", DType.Bool);
        Observations = BatchOf(observationSpace);
        _layout.Add("observations", Value.List([.. _arrays.Select(place => (Value)place)]));
    }

    /// <summary>Where a batch of actions goes; empty where actions are not arrays.</summary>
    public Span<byte> Actions => _memory.GetSpan().Slice(_actions, _actionBytes);

    /// <summary>The observations: what Gymnasium's <c>concatenate</c> makes of all.</summary>
    public Value Observations { get; }

    /// <summary>The rewards.</summary>
    public NDArray Rewards { get; }

    /// <summary>Which environments reached a terminal state; each byte that is not 0 means so.</summary>
    public NDArray Terminations { get; }

    /// <summary>Which episodes were cut short, in the same way.</summary>
    public NDArray Truncations { get; }

    /// <summary>The request that has a worker use messages again.</summary>
    public static Value UnmapRequest { get; } = Value.Tuple("map", Value.None, Value.None, Value.None, Value.None);

    /// <summary>The request that has a worker map the memory.</summary>
    public Value MapRequest
    {
        get
        {
            var (descriptor, identity) = (_memory.Descriptor, _memory.Identity);
            return Value.Tuple("map", Environment.ProcessId, descriptor, identity, _layout);
        }
    }

    /// <summary>What a batch of observations takes.</summary>
    /// <param name="observationSpace">The space of one observation.</param>
    /// <param name="count">How many environments there are.</param>
    /// <returns>The bytes, as far as they are below 4 GiB for each array; null where observations are not arrays of numbers.</returns>
    public static long? BytesOfBatch(Space observationSpace, int count)
    {
        var arrays = new List<Space>();
        return TryFindArrays(observationSpace, arrays) ? arrays.Sum(array => BytesOf(array, count)) : null;
    }

    /// <summary>Makes the memory for a vector. Pages that are never written take no room.</summary>
    /// <param name="observationSpace">The space of one observation.</param>
    /// <param name="actionSpace">The space of one action.</param>
    /// <param name="count">How many environments there are.</param>
    /// <returns>The memory; null where observations are not arrays of numbers, take more than 2 GiB, or the system has no such memory.</returns>
    public static VectorMemory? TryMake(Space observationSpace, Space actionSpace, int count)
    {
        var arrays = new List<Space>();
        if (!TryFindArrays(observationSpace, arrays))
            return null;
        // Whatever number the caller's array has for each element.
        var actionBytes = actionSpace is Box or Discrete or MultiDiscrete or MultiBinary ? BytesOf(actionSpace, count) / actionSpace.DType!.ItemSize * MostNumberBytes : 0;
        var length = actionBytes + ((long)count * (sizeof(double) + 2)) + arrays.Sum(array => BytesOf(array, count)) + ((arrays.Count + 4L) * Alignment);
        return length <= int.MaxValue && SharedMemory.TryMake((int)length) is { } memory
            ? new VectorMemory(memory, observationSpace, (int)actionBytes, count)
            : null;
    }

    /// <summary>Closes the descriptor, once every worker has mapped the memory.</summary>
    public void CloseDescriptor() => _memory.CloseDescriptor();

    /// <inheritdoc/>
    public void Dispose() => _memory.Close();

    private static bool TryFindArrays(Space space, List<Space> arrays)
    {
        switch (space)
        {
            case Box or Discrete or MultiDiscrete or MultiBinary:
                arrays.Add(space);
                return RawSteps.IsRaw(space.DType!);
            case Core.Spaces.Tuple tuple:
                return tuple.Spaces.All(part => TryFindArrays(part, arrays));
            case Dict dict:
                return dict.Spaces.All(entry => TryFindArrays(entry.Value, arrays));
            default:
                return false;
        }
    }

    private static long BytesOf(Space space, int count)
    {
        // Beyond the limit it need only stay there.
        var product = (UInt128)space.DType!.ItemSize * (uint)count;
        foreach (var dimension in space.Shape!.Value)
            product = UInt128.Min(product * (uint)dimension, uint.MaxValue);
        return (long)product;
    }

    // In the order in which python/worker's batches.py asks for the arrays.
    private Value BatchOf(Space space)
    {
        switch (space)
        {
            case Core.Spaces.Tuple tuple:
                return Value.Tuple([.. tuple.Spaces.Select(BatchOf)]);
            case Dict dict:
                var entries = new ValueDictionary();
                foreach (var (key, part) in dict.Spaces)
                    entries.Add(key, BatchOf(part));
                return Value.Dict(entries);
            default:
                var bytes = (int)BytesOf(space, _count);
                _arrays.Add(Take(bytes));
                return new NDArray(space.DType!, [_count, .. space.Shape!.Value], _memory.Memory.Slice(_arrays[^1], bytes));
        }
    }

    private NDArray Place(string name, DType dtype)
    {
        var (place, bytes) = (Take(_count * dtype.ItemSize), _count * dtype.ItemSize);
        _layout.Add(name, place);
        return new NDArray(dtype, [_count], _memory.Memory.Slice(place, bytes));
    }

    private int Take(int bytes)
    {
        var place = _length;
        _length += (bytes + Alignment - 1) / Alignment * Alignment;
        return place;
    }
}
