using System.Buffers;
using System.Runtime.CompilerServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>Writes values as pickles of protocol 4 that CPython 3.6 and later loads with NumPy 1.x or 2.x.</summary>
/// <remarks>
/// Not thread-safe; one object serves one connection. It allocates nothing for values of a kind seen before. NumPy's globals are named
/// under <c>numpy.core.multiarray</c>: <c>_reconstruct</c> and <c>scalar</c> are the two names there that NumPy 2.x still gives out without a warning.
/// </remarks>
public sealed class Pickler
{
    private readonly PickleOutput _output;
    private readonly ArrayPickler _arrays;
    private readonly MessageLimits _limits;
    private readonly PickleGlobal? _opaque;
    private long _values;

    /// <summary>Makes a pickler.</summary>
    /// <param name="limits">How deep and how large a value may be; null for the limits of docs/protocol.md.</param>
    /// <param name="opaque">What is applied to (type name, <c>repr</c>) for an <see cref="Opaque"/>; null writes its <c>repr</c> as a text.</param>
    public Pickler(MessageLimits? limits = null, PickleGlobal? opaque = null)
    {
        _limits = limits ?? MessageLimits.Default;
        _opaque = opaque;
        _output = new PickleOutput();
        _arrays = new ArrayPickler(_output);
    }

    /// <summary>Appends one pickle.</summary>
    /// <param name="output">Where it goes. A <see cref="FrameBuffer"/> takes large arrays by reference: they must stay as they are until it is sent.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.NestingTooDeep"/> or <see cref="ErrorCode.TooManyValues"/>: the value exceeds a limit. The output then holds a part of a pickle.
    /// </exception>
    public void Write(IBufferWriter<byte> output, Value value)
    {
        Begin(output);
        WriteValue(value);
        End();
    }

    /// <summary>Starts a pickle whose parts are written one by one.</summary>
    internal PickleOutput Begin(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _values = 0;
        _output.Begin(output);
        return _output;
    }

    /// <summary>Ends the pickle.</summary>
    internal void End() => _output.End();

    /// <summary>Writes the elements of an array as the nested lists that NumPy's <c>tolist</c> makes.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: the elements are no numbers.</exception>
    internal void WriteNestedList(NDArray array) => _arrays.WriteNestedList(array);

    /// <summary>Writes one value as a part of a pickle, within so many containers.</summary>
    internal void WriteValue(Value value, int depth = 0)
    {
        if (++_values > _limits.MaxValues)
            throw new SocketGymException(ErrorCode.TooManyValues, $"The value holds more than {_limits.MaxValues} values; send less in one message, or raise the limit.");
        switch (value.Kind)
        {
            case ValueKind.None:
                _output.Write(PickleOpcode.None);
                break;
            case ValueKind.Bool:
                _output.Write(value.AsBool() ? PickleOpcode.NewTrue : PickleOpcode.NewFalse);
                break;
            case ValueKind.Int when value.IsInt64:
                _output.WriteInteger(value.AsInt64());
                break;
            case ValueKind.Int:
                _output.WriteInteger(value.AsBigInteger());
                break;
            case ValueKind.Float:
                _output.WriteFloat(value.AsDouble());
                break;
            case ValueKind.Complex:
                _output.WriteGlobal(KnownGlobal.Complex);
                _output.WriteFloat(value.AsComplex().Real);
                _output.WriteFloat(value.AsComplex().Imaginary);
                _output.Write(PickleOpcode.Tuple2, PickleOpcode.Reduce);
                break;
            case ValueKind.String:
                _output.WriteText(value.AsString());
                break;
            case ValueKind.Bytes:
                _output.WriteBytes(value.AsBytes());
                break;
            case ValueKind.ByteArray:
                _output.WriteByteArray(value.AsBytes());
                break;
            case ValueKind.Array:
                _arrays.WriteArray(value.AsArray());
                break;
            case ValueKind.Scalar:
                _arrays.WriteScalar(value);
                break;
            case ValueKind.Opaque:
                WriteOpaque(value.AsOpaque());
                break;
            default:
                WriteContainer(value, depth);
                break;
        }
    }

    private void WriteContainer(Value value, int depth)
    {
        // The limit may be configured higher than the thread's stack bears.
        if (depth >= _limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SocketGymException(ErrorCode.NestingTooDeep, $"The value nests containers deeper than {_limits.MaxDepth}; flatten it, or raise the limit.");
        switch (value.Kind)
        {
            case ValueKind.List:
                _output.Write(PickleOpcode.EmptyList);
                WriteItems(value.AsItems(), PickleOpcode.Appends, depth);
                break;
            case ValueKind.Tuple:
                WriteTuple(value.AsItems(), depth);
                break;
            case ValueKind.Set:
                _output.Write(PickleOpcode.EmptySet);
                WriteItems(value.AsItems(), PickleOpcode.AddItems, depth);
                break;
            case ValueKind.FrozenSet:
                _output.Write(PickleOpcode.Mark);
                foreach (var item in value.AsItems())
                    WriteValue(item, depth + 1);
                _output.Write(PickleOpcode.FrozenSet);
                break;
            case ValueKind.Dict:
                _output.Write(PickleOpcode.EmptyDict);
                WriteEntries(value.AsDict(), depth);
                break;
            case ValueKind.OrderedDict:
                _output.WriteGlobal(KnownGlobal.OrderedDict);
                _output.Write(PickleOpcode.EmptyTuple, PickleOpcode.Reduce);
                WriteEntries(value.AsDict(), depth);
                break;
            case ValueKind.Graph:
                var graph = value.AsGraph();
                _output.WriteGlobal(KnownGlobal.GraphInstance);
                WriteValue(graph.Nodes, depth + 1);
                WriteValue(graph.Edges, depth + 1);
                WriteValue(graph.EdgeLinks, depth + 1);
                _output.Write(PickleOpcode.Tuple3, PickleOpcode.NewObject);
                break;
            case ValueKind.ObjectArray:
                _arrays.BeginObjects(value.AsObjectArray().Shape);
                _output.Write(PickleOpcode.EmptyList);
                WriteItems(value.AsObjectArray().Items, PickleOpcode.Appends, depth);
                _output.Write(PickleOpcode.Tuple, PickleOpcode.Build);
                break;
            default:
                throw new SocketGymException(ErrorCode.UnsupportedValue, $"A value of kind {value.Kind} has no encoding as a pickle.");
        }
    }

    private void WriteItems(ReadOnlySpan<Value> items, PickleOpcode put, int depth)
    {
        if (items.IsEmpty)
            return;
        _output.Write(PickleOpcode.Mark);
        foreach (var item in items)
            WriteValue(item, depth + 1);
        _output.Write(put);
    }

    private void WriteTuple(ReadOnlySpan<Value> items, int depth)
    {
        if (items.Length > 3)
            _output.Write(PickleOpcode.Mark);
        foreach (var item in items)
            WriteValue(item, depth + 1);
        _output.WriteTupleEnd(items.Length);
    }

    private void WriteEntries(ValueDictionary entries, int depth)
    {
        if (entries.Count == 0)
            return;
        _output.Write(PickleOpcode.Mark);
        foreach (var (key, item) in entries)
        {
            WriteValue(key, depth + 1);
            WriteValue(item, depth + 1);
        }
        _output.Write(PickleOpcode.SetItems);
    }

    private void WriteOpaque(Opaque opaque)
    {
        if (_opaque is null)
        {
            _output.WriteText(opaque.Repr);
            return;
        }
        _output.WriteText(_opaque.Module);
        _output.WriteText(_opaque.Name);
        _output.Write(PickleOpcode.StackGlobal);
        _output.WriteText(opaque.TypeName);
        _output.WriteText(opaque.Repr);
        _output.Write(PickleOpcode.Tuple2, PickleOpcode.Reduce);
    }
}
