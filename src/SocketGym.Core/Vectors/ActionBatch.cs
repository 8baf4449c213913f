using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>Divides batches of actions into the environments' own, as Gymnasium's <c>iterate</c> does; an array of a form seen before allocates nothing.</summary>
internal sealed class ActionBatch(Space single, Space batched, int count)
{
    private readonly Space _single = SpaceBatching.InBatchOrder(single);
    private NDArray? _batch;
    private Value[] _actions = [];

    /// <summary>Divides a batch.</summary>
    /// <param name="actions">The batch.</param>
    /// <returns>An action for each environment; valid until the next call.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/>: there are more or fewer, or it has no parts.</exception>
    public Value[] Divide(Value actions)
    {
        if (actions.Kind == ValueKind.Array && _single is Box or Discrete or MultiDiscrete or MultiBinary)
            return DivideArray(actions.AsArray());
        var items = Stacking.Iterate(_single, actions);
        return items is not null && items.Length == count ? items : throw Misfit(actions);
    }

    private Value[] DivideArray(NDArray actions)
    {
        if (actions.Shape.IsEmpty || actions.Shape[0] != count)
            throw Misfit(actions);
        var hasRows = actions.Shape.Length > 1;
        if (_batch is null || !_batch.DType.Equals(actions.DType) || !_batch.Shape.SequenceEqual(actions.Shape))
        {
            var batch = actions.Copy();
            _actions = Iteration.Items(batch) ?? throw Misfit(actions);
            _batch = batch;
        }
        else if (hasRows)
        {
            // The rows are views of the copy.
            actions.Bytes.CopyTo(_batch.Bytes);
        }
        if (!hasRows)
        {
            var size = actions.DType.ItemSize;
            for (var index = 0; index < count; index++)
                _actions[index] = Value.FromScalar(actions.DType, actions.Bytes.Slice(index * size, size));
        }
        return _actions;
    }

    private SocketGymException Misfit(Value actions) => new(
        ErrorCode.InvalidAction, $"The actions are {actions} ({ValueText.TypeName(actions)}), which is no batch of {count}; pass an element of {batched}.");
}
