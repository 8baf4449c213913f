using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Python.Workers.Sharing;

namespace SocketGym.Python.Vectors;

/// <summary>Divides batches of actions among workers, as Gymnasium's <c>iterate</c> does; an array of a form seen before goes through the vector's memory and allocates nothing.</summary>
/// <param name="team">The workers; not owned.</param>
/// <param name="memory">The vector's memory; null where there is none. Not owned.</param>
/// <param name="single">The space of one action.</param>
/// <param name="batched">The space of a batch of them.</param>
/// <param name="count">How many environments there are.</param>
internal sealed class WorkerActions(WorkerTeam team, VectorMemory? memory, Space single, Space batched, int count)
{
    private static readonly Value StepName = "step";

    private readonly ActionBatch _batch = new(single, batched, count);
    private readonly bool _isOfArrays = single is Box or Discrete or MultiDiscrete or MultiBinary;
    private Value[] _items = [];
    private NDArray? _array;
    private NDArray? _pattern;
    private bool _isPatternKnown;

    /// <summary>Takes a batch.</summary>
    /// <param name="actions">The batch; read until it was sent.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/>: there are more or fewer, or it has no parts.</exception>
    public void Take(Value actions)
    {
        _array = _isOfArrays && actions.Kind == ValueKind.Array ? actions.AsArray() : null;
        if (_array is null)
            _items = _batch.Divide(actions);
        else if (_array.Shape.IsEmpty || _array.Shape[0] != count)
            throw new SocketGymException(ErrorCode.InvalidAction, $"The actions are {actions} ({ValueText.TypeName(actions)}), which is no batch of {count}; pass an element of {batched}.");
    }

    /// <summary>Asks every worker for a step with the batch that was taken.</summary>
    public void Send()
    {
        if (_array is null)
            SendItems();
        else if (_isPatternKnown && _array.DType.Equals(_pattern!.DType) && _array.Shape.SequenceEqual(_pattern.Shape))
            SendRaw(_array);
        else
            SendArray(_array);
        _array = null;
        _items = [];
    }

    /// <summary>Notes that every worker has answered: what was sent last is what they know.</summary>
    public void Confirm() => _isPatternKnown = _pattern is not null;

    private void SendRaw(NDArray array)
    {
        array.Bytes.CopyTo(memory!.Actions);
        for (var part = 0; part < team.Count; part++)
            team.SendStep(part);
    }

    private void SendArray(NDArray array)
    {
        var isPattern = memory is not null && RawSteps.IsRaw(array.DType) && array.Bytes.Length <= memory.Actions.Length;
        _isPatternKnown = false;
        // Only its form matters later; the caller may write into the memory.
        _pattern = isPattern ? array.Copy() : null;
        var row = array.Bytes.Length / count;
        for (var part = 0; part < team.Count; part++)
        {
            var (first, rows) = (team.FirstOf(part), team.CountOf(part));
            var slice = new NDArray(array.DType, [rows, .. array.Shape[1..]], array.Data.Slice(first * row, rows * row));
            team.Send(part, Value.Tuple(StepName, slice, isPattern));
        }
    }

    private void SendItems()
    {
        for (var part = 0; part < team.Count; part++)
            team.Send(part, Value.Tuple(StepName, Value.List(_items.AsSpan(team.FirstOf(part), team.CountOf(part)).ToArray()), false));
    }
}
