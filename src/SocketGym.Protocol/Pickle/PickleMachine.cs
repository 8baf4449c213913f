using System.Buffers.Binary;
using System.Buffers.Text;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>Walks the opcodes of one pickle and notes its objects in a graph. It interprets nothing and calls nothing.</summary>
/// <remarks>Every push costs at least one byte of payload and is counted, so that memory is bounded by the payload and by the limit on values.</remarks>
internal sealed class PickleMachine(PickleGraph graph, MessageLimits limits, PickleGlobal? opaque)
{
    private const int LowestProtocol = 2;
    private const int HighestProtocol = 5;

    // A NumPy scalar with a dtype of its own, as datetime64 has, takes about 25 pushes.
    private const int PushesPerValue = 32;

    private readonly Arena<int> _stack = new();
    private readonly Arena<int> _marks = new();
    private readonly Arena<int> _memo = new();
    private readonly long _maxPushes = ((long)limits.MaxValues * PushesPerValue) + 1024;
    private int _position;
    private int _fence;
    private long _pushes;

    /// <summary>Reads the graph's payload to its end.</summary>
    /// <returns>The node of the pickled object.</returns>
    /// <exception cref="SocketGymException">The payload is no pickle that the closed lists allow.</exception>
    public int Run()
    {
        var payload = graph.Payload;
        ReadHeader(payload);
        while (true)
        {
            var opcode = (PickleOpcode)Take(payload, 1)[0];
            if (opcode == PickleOpcode.Stop)
                break;
            if (!ReadScalar(opcode, payload) && !ReadContainer(opcode) && !ReadGlobal(opcode, payload) && !ReadMemo(opcode, payload))
                throw PickleErrors.Malformed($"opcode 0x{(byte)opcode:X2} at byte {_position - 1} is not one of those that stand for plain data.");
        }
        var root = Pop();
        if (_stack.Count != 0 || _marks.Count != 0 || _position != payload.Length)
            throw PickleErrors.Malformed($"it ends at byte {_position - 1} with {_stack.Count} objects left over and {payload.Length - _position} bytes to come.");
        return root;
    }

    public void Clear()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        _position = 0;
        _fence = 0;
        _pushes = 0;
    }

    private void ReadHeader(ReadOnlySpan<byte> payload)
    {
        var first = Take(payload, 1)[0];
        if (first != (byte)PickleOpcode.Protocol)
        {
            throw new SocketGymException(ErrorCode.UnsupportedProtocol,
                $"The payload starts with 0x{first:X2}: no pickle of protocol {LowestProtocol} to {HighestProtocol}. Pickle with protocol 2 or higher.");
        }
        var protocol = Take(payload, 1)[0];
        if (protocol is < LowestProtocol or > HighestProtocol)
            throw new SocketGymException(ErrorCode.UnsupportedProtocol, $"The pickle has protocol {protocol}; use one of {LowestProtocol} to {HighestProtocol}.");
    }

    private bool ReadScalar(PickleOpcode opcode, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case PickleOpcode.None:
                Push(PickleGraph.NoneNode);
                return true;
            case PickleOpcode.NewTrue:
                Push(PickleGraph.TrueNode);
                return true;
            case PickleOpcode.NewFalse:
                Push(PickleGraph.FalseNode);
                return true;
            case PickleOpcode.BinInt1:
                return PushNumber(PickleNodeKind.Int, Take(payload, 1)[0]);
            case PickleOpcode.BinInt2:
                return PushNumber(PickleNodeKind.Int, BinaryPrimitives.ReadUInt16LittleEndian(Take(payload, 2)));
            case PickleOpcode.BinInt:
                return PushNumber(PickleNodeKind.Int, BinaryPrimitives.ReadInt32LittleEndian(Take(payload, 4)));
            case PickleOpcode.BinFloat:
                return PushNumber(PickleNodeKind.Float, BinaryPrimitives.ReadInt64BigEndian(Take(payload, 8)));
            case PickleOpcode.Int:
                return PushTextInteger(Line(payload));
            case PickleOpcode.Long1:
                return PushRange(PickleNodeKind.Long, payload, 1);
            case PickleOpcode.Long4:
                return PushRange(PickleNodeKind.Long, payload, 4);
            case PickleOpcode.ShortBinUnicode:
                return PushRange(PickleNodeKind.Text, payload, 1);
            case PickleOpcode.BinUnicode:
                return PushRange(PickleNodeKind.Text, payload, 4);
            case PickleOpcode.BinUnicode8:
                return PushRange(PickleNodeKind.Text, payload, 8);
            case PickleOpcode.ShortBinString:
                return PushRange(PickleNodeKind.ByteString, payload, 1);
            case PickleOpcode.BinString:
                return PushRange(PickleNodeKind.ByteString, payload, 4);
            case PickleOpcode.ShortBinBytes:
                return PushRange(PickleNodeKind.Bytes, payload, 1);
            case PickleOpcode.BinBytes:
                return PushRange(PickleNodeKind.Bytes, payload, 4);
            case PickleOpcode.BinBytes8:
                return PushRange(PickleNodeKind.Bytes, payload, 8);
            case PickleOpcode.ByteArray8:
                return PushRange(PickleNodeKind.ByteArray, payload, 8);
            default:
                return false;
        }
    }

    private bool ReadContainer(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                _marks.Add(_fence);
                _fence = _stack.Count;
                CountPush();
                return true;
            case PickleOpcode.Pop:
                Pop();
                return true;
            case PickleOpcode.PopMark:
                _stack.Truncate(TakeMark());
                return true;
            case PickleOpcode.EmptyList:
                return PushNode(PickleNode.Container(PickleNodeKind.List));
            case PickleOpcode.EmptyDict:
                return PushNode(PickleNode.Container(PickleNodeKind.Dict));
            case PickleOpcode.EmptySet:
                return PushNode(PickleNode.Container(PickleNodeKind.Set));
            case PickleOpcode.EmptyTuple:
                return PushNode(PickleNode.Container(PickleNodeKind.Tuple));
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                return PushItems(PickleNodeKind.Tuple, StackStart(opcode - PickleOpcode.Tuple1 + 1));
            case PickleOpcode.Tuple:
                return PushItems(PickleNodeKind.Tuple, TakeMark());
            case PickleOpcode.FrozenSet:
                return PushItems(PickleNodeKind.FrozenSet, TakeMark());
            case PickleOpcode.Append:
                return Extend(PickleNodeKind.List, StackStart(1));
            case PickleOpcode.Appends:
                return Extend(PickleNodeKind.List, TakeMark());
            case PickleOpcode.AddItems:
                return Extend(PickleNodeKind.Set, TakeMark());
            case PickleOpcode.SetItem:
                return Extend(PickleNodeKind.Dict, StackStart(2));
            case PickleOpcode.SetItems:
                return Extend(PickleNodeKind.Dict, TakeMark());
            default:
                return false;
        }
    }

    private bool ReadGlobal(PickleOpcode opcode, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case PickleOpcode.Global:
                var module = Line(payload);
                return PushNode(PickleNode.OfGlobal(KnownGlobals.Find(module, Line(payload), opaque)));
            case PickleOpcode.StackGlobal:
                var name = graph.TextOf(Pop(), "the name of a global");
                return PushNode(PickleNode.OfGlobal(KnownGlobals.Find(graph.TextOf(Pop(), "the module of a global"), name, opaque)));
            case PickleOpcode.Reduce:
                return Apply(newObject: false);
            case PickleOpcode.NewObject:
                return Apply(newObject: true);
            case PickleOpcode.Build:
                var state = Pop();
                ref var target = ref graph[Peek()];
                // Arrays and dtypes alone have a state, and it is given once.
                if (target.Kind != PickleNodeKind.Applied || target.Global is not (KnownGlobal.Reconstruct or KnownGlobal.DType) || target.State != PickleNode.Nothing)
                    throw PickleErrors.Malformed($"BUILD at byte {_position - 1} is applied to {target.Kind} {target.Global}, which takes no state.");
                target.State = state;
                return true;
            default:
                return false;
        }
    }

    private bool ReadMemo(PickleOpcode opcode, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case PickleOpcode.Memoize:
                return Memoize((uint)_memo.Count);
            case PickleOpcode.BinPut:
                return Memoize(Take(payload, 1)[0]);
            case PickleOpcode.LongBinPut:
                return Memoize(BinaryPrimitives.ReadUInt32LittleEndian(Take(payload, 4)));
            case PickleOpcode.BinGet:
                return Recall(Take(payload, 1)[0]);
            case PickleOpcode.LongBinGet:
                return Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(payload, 4)));
            case PickleOpcode.Frame:
                // A hint for buffered readers; the frame's end means nothing here.
                if (BinaryPrimitives.ReadUInt64LittleEndian(Take(payload, 8)) > (ulong)(payload.Length - _position))
                    throw PickleErrors.Malformed($"the frame at byte {_position - 9} is longer than the payload.");
                return true;
            default:
                return false;
        }
    }

    private bool Memoize(uint index)
    {
        // CPython numbers its memo in order, so an index beyond the number of objects would only make the memo grow.
        if (index > graph.Count)
            throw PickleErrors.Malformed($"memo index {index} at byte {_position} is higher than the number of objects so far.");
        var node = Peek();
        while (_memo.Count <= (int)index)
            _memo.Add(PickleNode.Nothing);
        _memo[(int)index] = node;
        return true;
    }

    private bool Recall(uint index)
    {
        if (index >= _memo.Count || _memo[(int)index] == PickleNode.Nothing)
            throw PickleErrors.Malformed($"memo index {index} at byte {_position} was never stored.");
        var node = _memo[(int)index];
        graph[node].IsShared = true;
        Push(node);
        return true;
    }

    private bool Apply(bool newObject)
    {
        var arguments = Pop();
        ref var callee = ref graph[Pop()];
        var global = callee.Global;
        var isApplicable = callee.Kind == PickleNodeKind.Global && (!newObject || global == KnownGlobal.GraphInstance);
        if (!isApplicable || graph[arguments].Kind != PickleNodeKind.Tuple)
            throw PickleErrors.Malformed($"at byte {_position - 1} {callee.Kind} {global} is applied to {graph[arguments].Kind}; only the types of the closed list take a tuple of arguments.");
        var entries = global == KnownGlobal.OrderedDict ? graph.Add(PickleNode.Container(PickleNodeKind.Dict)) : PickleNode.Nothing;
        return PushNode(PickleNode.Applied(global, arguments, entries));
    }

    private bool PushItems(PickleNodeKind kind, int start)
    {
        var container = graph.Add(PickleNode.Container(kind));
        foreach (var item in _stack.From(start))
            graph.Append(container, item);
        _stack.Truncate(start);
        Push(container);
        return true;
    }

    private bool Extend(PickleNodeKind kind, int start)
    {
        if (start <= _fence)
            throw Underflow();
        var target = _stack[start - 1];
        if (kind == PickleNodeKind.Dict && graph[target].Kind == PickleNodeKind.Applied && graph[target].Entries != PickleNode.Nothing)
            target = graph[target].Entries;
        var items = _stack.From(start);
        if (graph[target].Kind != kind || (kind == PickleNodeKind.Dict && items.Length % 2 != 0))
            throw PickleErrors.Malformed($"at byte {_position - 1} {items.Length} items are put into {graph[target].Kind} as though it were {kind}.");
        foreach (var item in items)
            graph.Append(target, item);
        _stack.Truncate(start);
        return true;
    }

    private bool PushTextInteger(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("01"u8) || line.SequenceEqual("00"u8))
        {
            Push(line[1] == (byte)'1' ? PickleGraph.TrueNode : PickleGraph.FalseNode);
            return true;
        }
        if (!Utf8Parser.TryParse(line, out long number, out var consumed) || consumed != line.Length)
            throw PickleErrors.Malformed($"the text before byte {_position} is no integer of 64 bits.");
        return PushNumber(PickleNodeKind.Int, number);
    }

    private bool PushNumber(PickleNodeKind kind, long bits) => PushNode(PickleNode.Number(kind, bits));

    private bool PushRange(PickleNodeKind kind, ReadOnlySpan<byte> payload, int lengthBytes)
    {
        var prefix = Take(payload, lengthBytes);
        var length = lengthBytes switch
        {
            1 => prefix[0],
            4 => BinaryPrimitives.ReadUInt32LittleEndian(prefix),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(prefix),
        };
        if (length > (ulong)(payload.Length - _position))
            throw PickleErrors.Malformed($"{kind} at byte {_position} claims {length} bytes, but {payload.Length - _position} remain.");
        var node = PickleNode.Range(kind, _position, (int)length);
        _position += (int)length;
        return PushNode(node);
    }

    private bool PushNode(PickleNode node)
    {
        Push(graph.Add(node));
        return true;
    }

    private void Push(int node)
    {
        CountPush();
        _stack.Add(node);
    }

    private void CountPush()
    {
        if (++_pushes > _maxPushes)
            throw PickleErrors.TooManyValues(limits.MaxValues);
    }

    private int Pop() => _stack.Count > _fence ? _stack.Pop() : throw Underflow();

    private int Peek() => _stack.Count > _fence ? _stack[_stack.Count - 1] : throw Underflow();

    private int StackStart(int items) => _stack.Count - items >= _fence ? _stack.Count - items : throw Underflow();

    // Closes the innermost mark; the result is where its items start on the stack.
    private int TakeMark()
    {
        if (_marks.Count == 0)
            throw PickleErrors.Malformed($"the opcode at byte {_position - 1} needs a mark, and there is none.");
        var start = _fence;
        _fence = _marks.Pop();
        return start;
    }

    private ReadOnlySpan<byte> Take(ReadOnlySpan<byte> payload, int count)
    {
        if (payload.Length - _position < count)
            throw PickleErrors.Malformed($"it breaks off at byte {payload.Length}.");
        _position += count;
        return payload.Slice(_position - count, count);
    }

    private ReadOnlySpan<byte> Line(ReadOnlySpan<byte> payload)
    {
        var length = payload[_position..].IndexOf((byte)'\n');
        if (length < 0)
            throw PickleErrors.Malformed($"the line at byte {_position} has no end.");
        _position += length + 1;
        return payload.Slice(_position - length - 1, length);
    }

    private SocketGymException Underflow() => PickleErrors.Malformed($"the opcode at byte {_position - 1} takes more objects than there are.");
}
