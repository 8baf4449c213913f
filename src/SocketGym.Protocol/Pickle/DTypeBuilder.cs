using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>Makes dtypes of what NumPy pickles: <c>dtype('f4', False, True)</c> and a state tuple.</summary>
/// <remarks>The state is (version, byte order, sub-array, names, fields, item size, alignment, flags, and from version 4 on metadata).</remarks>
internal sealed class DTypeBuilder(PickleGraph graph, MessageLimits limits, DecodingBudget budget, TextCache texts)
{
    /// <summary>The most dimensions that any NumPy allows.</summary>
    public const int MaxDimensions = 64;

    private const int ByteOrderItem = 1;
    private const int SubArrayItem = 2;
    private const int NamesItem = 3;
    private const int FieldsItem = 4;
    private const int ItemSizeItem = 5;
    private const int MetadataItem = 8;
    private const int LeastStateItems = 8;
    private const int MostStateItems = 9;
    private const int LongestDescriptor = 32;

    private readonly Dictionary<int, PickledDType> _shared = [];

    public PickledDType Build(int node) => Build(node, 0);

    public void Clear() => _shared.Clear();

    private PickledDType Build(int node, int depth)
    {
        if (depth > limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw PickleErrors.TooDeep(limits.MaxDepth);
        if (graph[node].IsShared && _shared.TryGetValue(node, out var known))
            return depth + known.Height <= limits.MaxDepth ? known : throw PickleErrors.TooDeep(limits.MaxDepth);
        if (graph[node].Kind != PickleNodeKind.Applied || graph[node].Global != KnownGlobal.DType)
            throw PickleErrors.Malformed($"an array's dtype is {graph[node].Kind} {graph[node].Global}.");
        var dtype = BuildNew(node, depth);
        if (dtype.Fields > limits.MaxValues)
            throw PickleErrors.TooManyValues(limits.MaxValues);
        if (graph[node].IsShared)
            _shared.Add(node, dtype);
        return dtype;
    }

    private PickledDType BuildNew(int node, int depth)
    {
        Span<int> arguments = stackalloc int[3];
        graph.TupleItems(graph[node].Arguments, arguments, 1, "the arguments of dtype");
        var name = graph.TextOf(arguments[0], "the name of a dtype");
        Span<int> state = stackalloc int[MostStateItems];
        // An item that is left out reads as None, whose node is 0.
        state.Clear();
        if (graph[node].State != PickleNode.Nothing)
            graph.TupleItems(graph[node].State, state, LeastStateItems, "the state of a dtype");
        if (graph[state[SubArrayItem]].Kind != PickleNodeKind.None)
            return SubArray(state[SubArrayItem], depth);
        if (graph[state[NamesItem]].Kind != PickleNodeKind.None)
            return Structured(state, depth);
        return name.TrimStart("<>|="u8).StartsWith("O"u8)
            ? new PickledDType(null, [], 0, 0)
            : new PickledDType(Plain(name, state), [], 0, 0);
    }

    private DType Plain(ReadOnlySpan<byte> name, ReadOnlySpan<int> state)
    {
        var order = name.IsEmpty ? (byte)'|' : name[0];
        name = name.TrimStart("<>|="u8);
        if (graph[state[ByteOrderItem]].Kind != PickleNodeKind.None)
            order = graph.TextOf(state[ByteOrderItem], "a byte order") is [var given] ? given : throw PickleErrors.Malformed("a byte order is not one character.");
        if (name.Length is < 2 or > LongestDescriptor - 1)
            throw Unknown(name);
        var hasOrder = name[0] is (byte)'U' or (byte)'M' or (byte)'m' || (name[0] is (byte)'i' or (byte)'u' or (byte)'f' or (byte)'c' && !name[1..].SequenceEqual("1"u8));
        Span<byte> descriptor = stackalloc byte[LongestDescriptor * 2];
        descriptor[0] = hasOrder ? order == (byte)'>' ? (byte)'>' : (byte)'<' : (byte)'|';
        name.CopyTo(descriptor[1..]);
        var length = name.Length + 1;
        if (name[0] is (byte)'M' or (byte)'m')
            length += WriteUnit(state[MetadataItem], descriptor[length..]);
        var text = texts.Get(descriptor[..length]);
        if (!DType.TryParse(text, out var dtype))
            throw Unknown(descriptor[..length]);
        if (graph[state[ItemSizeItem]].Kind != PickleNodeKind.None && graph.IntegerOf(state[ItemSizeItem], "an item size") is >= 0 and var size && size != dtype.ItemSize)
            throw PickleErrors.ShapeMismatch($"The dtype {dtype.Descriptor} has items of {dtype.ItemSize} bytes, but its state says {size}.");
        return dtype;
    }

    // The metadata of datetime64 and timedelta64 is (dict, (unit, count, divisor, event)).
    private int WriteUnit(int metadata, Span<byte> destination)
    {
        if (graph[metadata].Kind == PickleNodeKind.None)
            return 0;
        Span<int> parts = stackalloc int[2];
        graph.TupleItems(metadata, parts, 2, "the metadata of a datetime dtype");
        Span<int> items = stackalloc int[4];
        graph.TupleItems(parts[1], items, 4, "the unit of a datetime dtype");
        if (!ByteSource.TryGet(graph, items[0], out var unit) || unit.Length > LongestDescriptor / 4)
            throw PickleErrors.Malformed("the unit of a datetime dtype is not a short text.");
        Span<byte> name = stackalloc byte[unit.Length];
        unit.CopyTo(name);
        if (name.SequenceEqual("generic"u8))
            return 0;
        var count = graph.IntegerOf(items[1], "the count of a datetime unit");
        if (count is < 1 or > int.MaxValue || graph.IntegerOf(items[2], "the divisor of a datetime unit") != 1)
            throw PickleErrors.Malformed("the unit of a datetime dtype has no whole count.");
        destination[0] = (byte)'[';
        var length = 1;
        if (count != 1)
        {
            Utf8Formatter.TryFormat(count, destination[1..], out var digits);
            length += digits;
        }
        name.CopyTo(destination[length..]);
        length += name.Length;
        destination[length] = (byte)']';
        return length + 1;
    }

    private PickledDType SubArray(int node, int depth)
    {
        Span<int> parts = stackalloc int[2];
        graph.TupleItems(node, parts, 2, "a sub-array dtype");
        var element = Build(parts[0], depth + 1);
        Span<int> shape = stackalloc int[MaxDimensions];
        int dimensions;
        if (graph[parts[1]].Kind == PickleNodeKind.Tuple)
        {
            dimensions = ReadShape(parts[1], shape);
        }
        else
        {
            shape[0] = Dimension(parts[1]);
            dimensions = 1;
        }
        if (dimensions + element.Shape.Length > MaxDimensions)
            throw PickleErrors.ShapeMismatch($"A sub-array has more than {MaxDimensions} dimensions.");
        return element with { Shape = [.. shape[..dimensions], .. element.Shape], Height = element.Height + 1 };
    }

    private PickledDType Structured(ReadOnlySpan<int> state, int depth)
    {
        var byName = FieldNodes(state[FieldsItem]);
        if (graph[state[NamesItem]].Kind != PickleNodeKind.Tuple || graph[state[NamesItem]].Count > byName.Count)
            throw PickleErrors.Malformed("the names of a structured dtype are not those of its fields.");
        var fields = new List<(long Offset, DTypeField Field)>();
        var nested = 0L;
        var height = 0;
        Span<int> parts = stackalloc int[3];
        var link = graph[state[NamesItem]].First;
        for (var remaining = graph[state[NamesItem]].Count; remaining > 0; remaining--)
        {
            (var nameNode, link) = graph.Follow(link);
            var name = FieldName(nameNode);
            if (!byName.Remove(name, out var definition))
                throw PickleErrors.Malformed($"the structured dtype has no field '{name}', or has it twice.");
            // A field is (dtype, offset), or (dtype, offset, title).
            graph.TupleItems(definition, parts, 2, "a field of a dtype");
            var type = Build(parts[0], depth + 1);
            fields.Add((graph.IntegerOf(parts[1], "the offset of a field"), FieldOf(name, type)));
            nested += type.Fields + 1;
            height = Math.Max(height, type.Height + 1);
        }
        var all = WithPadding(fields, graph.IntegerOf(state[ItemSizeItem], "an item size"));
        return new PickledDType(DType.Structured(all), [], (int)Math.Min(nested + 1, int.MaxValue), height);
    }

    private Dictionary<string, int> FieldNodes(int fields)
    {
        if (graph[fields].Kind != PickleNodeKind.Dict)
            throw PickleErrors.Malformed("the fields of a structured dtype are no dict.");
        var byName = new Dictionary<string, int>(StringComparer.Ordinal);
        var link = graph[fields].First;
        for (var remaining = graph[fields].Count; remaining > 0; remaining -= 2)
        {
            (var nameNode, link) = graph.Follow(link);
            (var definition, link) = graph.Follow(link);
            byName[FieldName(nameNode)] = definition;
        }
        return byName;
    }

    private string FieldName(int node)
    {
        var bytes = graph.TextOf(node, "the name of a field");
        budget.AddBytes(bytes.Length);
        return texts.Get(bytes);
    }

    private static DTypeField FieldOf(string name, PickledDType type)
    {
        if (type.Type is null)
            throw PickleErrors.Unsupported($"The field '{name}' of a structured dtype holds objects, which has no encoding; send the field by itself.");
        try
        {
            return new DTypeField(name, type.Type, type.Shape);
        }
        catch (OverflowException)
        {
            throw PickleErrors.ShapeMismatch($"The field '{name}' of a structured dtype is larger than 2 GiB.");
        }
    }

    // Puts the fields in memory order and writes the gaps between them as unnamed fields.
    private static ImmutableArray<DTypeField> WithPadding(List<(long Offset, DTypeField Field)> fields, long itemSize)
    {
        var padded = ImmutableArray.CreateBuilder<DTypeField>();
        var end = 0L;
        foreach (var (offset, field) in fields.OrderBy(field => field.Offset))
        {
            if (offset < end)
                throw PickleErrors.Unsupported($"The fields of a structured dtype overlap at '{field.Name}', which has no encoding; copy the array to a packed dtype.");
            AddPadding(padded, offset - end);
            padded.Add(field);
            end = offset + field.Size;
        }
        if (itemSize < end || itemSize > int.MaxValue)
            throw PickleErrors.ShapeMismatch($"A structured dtype has items of {itemSize} bytes, but fields up to byte {end}.");
        AddPadding(padded, itemSize - end);
        // NumPy has dtypes without a field.
        if (padded.Count == 0)
            padded.Add(new DTypeField("", DType.Parse("|V0"), []));
        return padded.ToImmutable();
    }

    private static void AddPadding(ImmutableArray<DTypeField>.Builder fields, long size)
    {
        if (size > int.MaxValue)
            throw PickleErrors.ShapeMismatch($"A structured dtype has a gap of {size} bytes.");
        if (size > 0)
            fields.Add(new DTypeField("", DType.Parse(FormattableString.Invariant($"|V{size}")), []));
    }

    /// <summary>Reads a tuple of dimensions.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ShapeMismatch"/>: there are too many, or one is negative or too large.</exception>
    public int ReadShape(int node, Span<int> shape)
    {
        if (graph[node].Kind == PickleNodeKind.Tuple && graph[node].Count > MaxDimensions)
            throw PickleErrors.ShapeMismatch($"A shape has {graph[node].Count} dimensions; NumPy allows {MaxDimensions}.");
        Span<int> items = stackalloc int[MaxDimensions];
        var count = graph.TupleItems(node, items, 0, "a shape");
        for (var index = 0; index < count; index++)
            shape[index] = Dimension(items[index]);
        return count;
    }

    private int Dimension(int node) => graph.IntegerOf(node, "a dimension") is >= 0 and <= int.MaxValue and var dimension
        ? (int)dimension
        : throw PickleErrors.ShapeMismatch($"A dimension is {graph.IntegerOf(node, "a dimension")}; it must be between 0 and {int.MaxValue}.");

    private static SocketGymException Unknown(ReadOnlySpan<byte> name) =>
        PickleErrors.Malformed($"'{System.Text.Encoding.ASCII.GetString(name[..Math.Min(name.Length, LongestDescriptor)])}' is no dtype of plain data.");
}
