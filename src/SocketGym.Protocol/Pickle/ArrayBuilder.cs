using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>Makes arrays and scalars of what NumPy pickles.</summary>
internal sealed class ArrayBuilder(PickleGraph graph, MessageLimits limits, DecodingBudget budget, TextCache texts)
{
    private const int LargestInlineScalar = 256;

    private readonly DTypeBuilder _dtypes = new(graph, limits, budget, texts);

    public void Clear() => _dtypes.Clear();

    /// <summary>The list node with the items of a reconstructed array of objects; <see cref="PickleNode.Nothing"/> for plain data.</summary>
    public int ObjectsOf(int node)
    {
        Span<int> state = stackalloc int[4];
        ReadState(node, state);
        if (_dtypes.Build(state[1]).Type is not null)
            return PickleNode.Nothing;
        return graph[state[3]].Kind == PickleNodeKind.List
            ? state[3]
            : throw PickleErrors.Malformed("an array of objects has its items in something else than a list.");
    }

    /// <summary>Makes the array of objects whose items were made of <see cref="ObjectsOf"/>.</summary>
    public ObjectArray OfObjects(int node, Value[] items)
    {
        Span<int> state = stackalloc int[4];
        ReadState(node, state);
        Span<int> shape = stackalloc int[DTypeBuilder.MaxDimensions];
        shape = shape[.._dtypes.ReadShape(state[0], shape)];
        if (CountOf(shape) != items.Length)
            throw PickleErrors.ShapeMismatch($"An array of objects has {items.Length} items, which do not fill its shape ({string.Join(", ", shape.ToArray())}).");
        // NumPy lists objects in C order even where the array says that it is Fortran-ordered.
        return new ObjectArray(shape, items);
    }

    /// <summary>Makes an array of <c>_reconstruct(ndarray, (0,), b'b')</c> and its state.</summary>
    public NDArray Reconstruct(int node)
    {
        Span<int> state = stackalloc int[4];
        ReadState(node, state);
        Span<int> shape = stackalloc int[DTypeBuilder.MaxDimensions];
        shape = shape[.._dtypes.ReadShape(state[0], shape)];
        var data = DataOf(state[3], state[1], shape, out var dtype);
        return new NDArray(dtype, shape, IsFortran(state[2]) ? FortranToC(data, shape, dtype.ItemSize) : data);
    }

    /// <summary>Makes an array of <c>_frombuffer(buffer, dtype, shape, order)</c>, with NumPy 2.3's fifth argument, the order of axes.</summary>
    public NDArray FromBuffer(int argumentsNode)
    {
        Span<int> arguments = stackalloc int[5];
        // An argument that is left out reads as None, whose node is 0.
        arguments.Clear();
        graph.TupleItems(argumentsNode, arguments, 4, "the arguments of _frombuffer");
        Span<int> shape = stackalloc int[DTypeBuilder.MaxDimensions];
        shape = shape[.._dtypes.ReadShape(arguments[2], shape)];
        var data = DataOf(arguments[0], arguments[1], shape, out var dtype);
        var order = graph.TextOf(arguments[3], "the order of an array");
        if (order.SequenceEqual("C"u8))
            return new NDArray(dtype, shape, data);
        if (order.SequenceEqual("F"u8))
            return new NDArray(dtype, shape, FortranToC(data, shape, dtype.ItemSize));
        if (!order.SequenceEqual("K"u8))
            throw PickleErrors.Malformed("the order of an array is none of 'C', 'F' and 'K'.");
        Span<int> axes = stackalloc int[DTypeBuilder.MaxDimensions];
        axes = axes[.._dtypes.ReadShape(arguments[4], axes)];
        return Transposed(dtype, shape, data, axes);
    }

    /// <summary>Makes an array of <c>ndarray(shape, dtype, buffer)</c>.</summary>
    public NDArray OverBuffer(int argumentsNode)
    {
        Span<int> arguments = stackalloc int[3];
        graph.TupleItems(argumentsNode, arguments, 3, "the arguments of ndarray");
        Span<int> shape = stackalloc int[DTypeBuilder.MaxDimensions];
        shape = shape[.._dtypes.ReadShape(arguments[0], shape)];
        var data = DataOf(arguments[2], arguments[1], shape, out var dtype);
        return new NDArray(dtype, shape, data);
    }

    /// <summary>Makes a scalar of <c>scalar(dtype, bytes)</c>.</summary>
    public Value Scalar(int argumentsNode)
    {
        Span<int> arguments = stackalloc int[2];
        graph.TupleItems(argumentsNode, arguments, 2, "the arguments of scalar");
        var dtype = PlainType(arguments[0]);
        var source = SourceOf(arguments[1]);
        if (source.Length != dtype.ItemSize)
            throw PickleErrors.ShapeMismatch($"A scalar of {dtype} takes {dtype.ItemSize} bytes, not {source.Length}.");
        budget.AddBytes(source.Length);
        var data = source.Length <= LargestInlineScalar ? stackalloc byte[source.Length] : new byte[source.Length];
        source.CopyTo(data);
        return Value.FromScalar(dtype, data);
    }

    // The state is (version, shape, dtype, is Fortran-ordered, data); the version is left out of the result.
    private void ReadState(int node, Span<int> state)
    {
        Span<int> arguments = stackalloc int[3];
        graph.TupleItems(graph[node].Arguments, arguments, 3, "the arguments of _reconstruct");
        if (graph[arguments[0]].Kind != PickleNodeKind.Global || graph[arguments[0]].Global != KnownGlobal.NDArray)
            throw PickleErrors.Malformed("_reconstruct makes something else than an ndarray.");
        if (graph[node].State == PickleNode.Nothing)
            throw PickleErrors.Malformed("an array was reconstructed and never given its state.");
        Span<int> items = stackalloc int[5];
        graph.TupleItems(graph[node].State, items, 5, "the state of an array");
        items[1..].CopyTo(state);
    }

    private byte[] DataOf(int dataNode, int dtypeNode, ReadOnlySpan<int> shape, out DType dtype)
    {
        dtype = PlainType(dtypeNode);
        var source = SourceOf(dataNode);
        var expected = (Int128)CountOf(shape) * dtype.ItemSize;
        if (expected != source.Length)
            throw PickleErrors.ShapeMismatch($"An array of {dtype} with shape ({string.Join(", ", shape.ToArray())}) takes {expected} bytes, not {source.Length}.");
        budget.AddBytes(source.Length);
        var data = new byte[source.Length];
        source.CopyTo(data);
        return data;
    }

    private DType PlainType(int node)
    {
        var dtype = _dtypes.Build(node);
        if (dtype.Type is null)
            throw PickleErrors.Malformed("a buffer or a scalar of objects has no data.");
        if (!dtype.Shape.IsEmpty)
            throw PickleErrors.ShapeMismatch("An array's own dtype is a sub-array; that stands in a field only.");
        // A memo repeats a structured dtype in two bytes; written again it is spelled out.
        budget.AddValues(dtype.Fields);
        return dtype.Type;
    }

    private ByteSource SourceOf(int node) => ByteSource.TryGet(graph, node, out var source)
        ? source
        : throw PickleErrors.Malformed($"the data of an array or scalar is {graph[node].Kind} {graph[node].Global}, not bytes.");

    private bool IsFortran(int node) => graph.IntegerOf(node, "the order of an array") != 0;

    private static long CountOf(ReadOnlySpan<int> shape)
    {
        try
        {
            return NDArray.CountOf(shape);
        }
        catch (OverflowException)
        {
            throw PickleErrors.ShapeMismatch($"The shape ({string.Join(", ", shape.ToArray())}) has more elements than 64 bits can count.");
        }
    }

    private byte[] FortranToC(byte[] source, ReadOnlySpan<int> shape, int itemSize)
    {
        if (shape.Length < 2 || source.Length == 0)
            return source;
        Span<long> strides = stackalloc long[shape.Length];
        var stride = (long)itemSize;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return InCOrder(source, shape, strides, itemSize);
    }

    // The data lies in C order of the given shape; the array is that with its axes permuted.
    private NDArray Transposed(DType dtype, ReadOnlySpan<int> shape, byte[] data, ReadOnlySpan<int> axes)
    {
        Span<bool> seen = stackalloc bool[DTypeBuilder.MaxDimensions];
        Span<int> permuted = stackalloc int[shape.Length];
        Span<long> strides = stackalloc long[shape.Length];
        if (axes.Length != shape.Length)
            throw PickleErrors.ShapeMismatch($"An array of {shape.Length} dimensions is given an order of {axes.Length} axes.");
        for (var index = 0; index < axes.Length; index++)
        {
            var axis = axes[index];
            if (axis >= axes.Length || seen[axis])
                throw PickleErrors.ShapeMismatch($"The order of axes ({string.Join(", ", axes.ToArray())}) is no permutation.");
            seen[axis] = true;
            permuted[index] = shape[axis];
            strides[index] = dtype.ItemSize;
            foreach (var inner in shape[(axis + 1)..])
                strides[index] *= inner;
        }
        return new NDArray(dtype, permuted, data.Length == 0 ? data : InCOrder(data, permuted, strides, dtype.ItemSize));
    }

    private byte[] InCOrder(byte[] source, ReadOnlySpan<int> shape, ReadOnlySpan<long> strides, int itemSize)
    {
        budget.AddBytes(source.Length);
        var destination = new byte[source.Length];
        Span<int> index = stackalloc int[shape.Length];
        index.Clear();
        var offset = 0L;
        for (var written = 0; written < destination.Length; written += itemSize)
        {
            source.AsSpan((int)offset, itemSize).CopyTo(destination.AsSpan(written));
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                offset -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return destination;
    }
}
