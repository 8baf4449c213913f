using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Python.Workers.Sharing;

namespace SocketGym.Python.Vectors;

/// <summary>Memory that all workers of a vector share with the server: the actions of all environments, and what their steps give.</summary>
/// <remarks>The arrays over it change with every step, and what a worker wrote there is the environment's word and no more.</remarks>
internal sealed class VectorMemory : IDisposable
{
    private const int Alignment = 4096;
    private const int MostNumberBytes = 16;

    private readonly SharedMemory _memory;
    private readonly Dictionary<string, int> _places = [];
    private readonly List<int> _observations = [];
    private readonly int _count;
    private readonly int _actions;
    private int _length;

    private VectorMemory(SharedMemory memory, int actionBytes, int count)
    {
        _memory = memory;
        _count = count;
        ActionBytes = actionBytes;
        _places["actions"] = _actions = Take(actionBytes);
        Rewards = Place("rewards", DType.Float64);
        Terminations = Place("terminations", DType.Bool);
        Truncations = Place("truncations", DType.Bool);
    }

    /// <summary>The bytes that a batch of actions may take; 0 where actions are not arrays.</summary>
    public int ActionBytes { get; }

    /// <summary>Where a batch of actions goes.</summary>
    public Span<byte> Actions => _memory.GetSpan().Slice(_actions, ActionBytes);

    /// <summary>The rewards.</summary>
    public NDArray Rewards { get; }

    /// <summary>Which environments reached a terminal state; each byte that is not 0 means so.</summary>
    public NDArray Terminations { get; }

    /// <summary>Which episodes were cut short, in the same way.</summary>
    public NDArray Truncations { get; }

    /// <summary>Makes the memory for a vector. Pages that are never written take no room.</summary>
    /// <param name="observationSpace">The space of one observation.</param>
    /// <param name="actionSpace">The space of one action.</param>
    /// <param name="count">How many environments there are.</param>
    /// <returns>The memory; null where observations are not arrays of numbers, take more than 2 GiB, or the system has no such memory.</returns>
    public static VectorMemory? TryMake(Space observationSpace, Space actionSpace, int count)
    {
        if (WorkerBatch.FindArrays(observationSpace) is not { } arrays || !arrays.All(array => RawSteps.IsRaw(array.DType!)))
            return null;
        // Whatever number the caller's array has for each element.
        var actionBytes = actionSpace is Box or Discrete or MultiDiscrete or MultiBinary ? BytesOf(actionSpace, count) / actionSpace.DType!.ItemSize * MostNumberBytes : 0;
        var results = new[] { actionBytes, (long)count * sizeof(double), count, count };
        var length = results.Concat(arrays.Select(array => BytesOf(array, count))).Sum(bytes => bytes + Alignment);
        if (length > int.MaxValue || SharedMemory.TryMake((int)length) is not { } memory)
            return null;
        return new VectorMemory(memory, (int)actionBytes, count);
    }

    /// <summary>Makes the batch of observations that lies here; once.</summary>
    /// <param name="space">The space of one observation.</param>
    public WorkerBatch MakeBatch(Space space) => WorkerBatch.Of(space, _count, (dtype, shape) =>
    {
        var bytes = checked((int)(NDArray.CountOf(shape) * dtype.ItemSize));
        _observations.Add(Take(bytes));
        return new NDArray(dtype, shape, _memory.Memory.Slice(_observations[^1], bytes));
    });

    /// <summary>The request that has a worker map the memory, once the batch is made.</summary>
    public Value MapRequest
    {
        get
        {
            var (descriptor, identity) = _memory.Name;
            var layout = new ValueDictionary();
            foreach (var (name, place) in _places)
                layout.Add(name, place);
            layout.Add("observations", Value.List([.. _observations.Select(place => (Value)place)]));
            return Value.Tuple("map", Environment.ProcessId, descriptor, identity, layout);
        }
    }

    /// <summary>Closes the descriptor, once every worker has mapped the memory.</summary>
    public void CloseDescriptor() => _memory.CloseDescriptor();

    /// <inheritdoc/>
    public void Dispose() => _memory.Close();

    private static long BytesOf(Space space, int count)
    {
        // A shape of an environment's own may be of any size; beyond the limit it only has to stay there.
        var product = (UInt128)(uint)space.DType!.ItemSize * (uint)count;
        foreach (var dimension in space.Shape!.Value)
            product = UInt128.Min(product * (uint)dimension, uint.MaxValue);
        return (long)product;
    }

    private NDArray Place(string name, DType dtype)
    {
        var bytes = _count * dtype.ItemSize;
        _places[name] = Take(bytes);
        return new NDArray(dtype, [_count], _memory.Memory.Slice(_places[name], bytes));
    }

    private int Take(int bytes)
    {
        var place = _length;
        _length += (bytes + Alignment - 1) / Alignment * Alignment;
        return place;
    }
}
