using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Messages;

/// <summary>Spaces as the values that docs/protocol.md, section 5, describes.</summary>
/// <remarks>Thread-safe. The spaces' arrays are kept, not copied, in both directions.</remarks>
public static class SpaceDescription
{
    private const int MaxDepth = 64;

    /// <summary>Describes a space.</summary>
    /// <param name="space">The space.</param>
    /// <returns>A <c>dict</c> with <c>type</c> and the entries of that type.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnsupportedSpace"/> for a space that is none of the ten; <see cref="ErrorCode.NestingTooDeep"/> beyond 64 levels.
    /// </exception>
    public static Value ToValue(Space space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return ToValue(space, 0);
    }

    /// <summary>Makes a space from its description.</summary>
    /// <param name="description">What <see cref="ToValue(Space)"/> returned, perhaps elsewhere. Its arrays must stay as they are while the space is used.</param>
    /// <returns>The space.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnsupportedSpace"/> for another type; <see cref="ErrorCode.MalformedMessage"/> for an entry that is missing, of the wrong
    /// kind or refused by the space; <see cref="ErrorCode.NestingTooDeep"/> beyond 64 levels.
    /// </exception>
    public static Space FromValue(Value description) => FromValue(description, 0);

    private static Value ToValue(Space space, int depth)
    {
        RequireDepth(depth);
        var entries = new ValueDictionary { ["type"] = space.TypeName };
        switch (space)
        {
            case Box box:
                entries["low"] = box.Low;
                entries["high"] = box.High;
                entries["bounded_below"] = ToFlags(box.BoundedBelow, box.Low.Shape);
                entries["bounded_above"] = ToFlags(box.BoundedAbove, box.Low.Shape);
                break;
            case Discrete discrete:
                entries["n"] = Value.FromInt(discrete.N);
                entries["start"] = Value.FromInt(discrete.Start);
                entries["dtype"] = discrete.ElementType.Descriptor;
                break;
            case MultiDiscrete multiDiscrete:
                entries["nvec"] = multiDiscrete.Nvec;
                entries["start"] = multiDiscrete.Start;
                break;
            case MultiBinary multiBinary:
                var shape = multiBinary.Shape!.Value;
                entries["n"] = multiBinary.IsFlat ? shape[0] : Value.List([.. shape.Select(dimension => (Value)dimension)]);
                break;
            case Text text:
                entries["min_length"] = text.MinLength;
                entries["max_length"] = text.MaxLength;
                entries["charset"] = text.Charset;
                break;
            case Core.Spaces.Tuple tuple:
                entries["spaces"] = ToList(tuple.Spaces, depth);
                break;
            case OneOf oneOf:
                entries["spaces"] = ToList(oneOf.Spaces, depth);
                break;
            case Dict dict:
                entries["spaces"] = Value.List([.. dict.Spaces.Select(entry => Value.List(entry.Key, ToValue(entry.Value, depth + 1)))]);
                break;
            case Sequence sequence:
                entries["space"] = ToValue(sequence.FeatureSpace, depth + 1);
                entries["stack"] = sequence.Stack;
                break;
            case Graph graph:
                entries["node_space"] = ToValue(graph.NodeSpace, depth + 1);
                entries["edge_space"] = graph.EdgeSpace is null ? Value.None : ToValue(graph.EdgeSpace, depth + 1);
                break;
            default:
                throw Unsupported(space.TypeName);
        }
        return entries;
    }

    private static Space FromValue(Value description, int depth)
    {
        RequireDepth(depth);
        var type = new FieldReader(description, "space").Text("type");
        var fields = new FieldReader(description, type);
        try
        {
            return type switch
            {
                nameof(Box) => ToBox(fields),
                nameof(Discrete) => new Discrete(fields.Integer("n"), fields.Integer("start"), ToDType(fields.Text("dtype"))),
                nameof(MultiDiscrete) => new MultiDiscrete(fields.Array("nvec"), fields.Array("start")),
                nameof(MultiBinary) => ToMultiBinary(fields),
                nameof(Text) => new Text(fields.Int32("max_length"), fields.Int32("min_length"), fields.Text("charset")),
                nameof(Core.Spaces.Tuple) => new Core.Spaces.Tuple(ToSpaces(fields, depth)),
                nameof(OneOf) => new OneOf(ToSpaces(fields, depth)),
                nameof(Dict) => ToDict(fields, depth),
                nameof(Sequence) => new Sequence(FromValue(fields.Required("space"), depth + 1), fields.Boolean("stack")),
                nameof(Graph) => ToGraph(fields, depth),
                _ => throw Unsupported(type),
            };
        }
        catch (ArgumentException exception)
        {
            // What a space's constructor refuses: a count that is not positive, shapes that differ, a node space of the wrong type.
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A {type} cannot be made: {exception.Message}", exception);
        }
    }

    private static Value ToFlags(ImmutableArray<bool> flags, ReadOnlySpan<int> shape) =>
        new NDArray(DType.Bool, shape, MemoryMarshal.AsBytes(flags.AsSpan()).ToArray());

    private static Value ToList(ImmutableArray<Space> spaces, int depth) => Value.List([.. spaces.Select(space => ToValue(space, depth + 1))]);

    private static Box ToBox(FieldReader fields)
    {
        var low = fields.Array("low");
        if (low.DType.Kind is not ('b' or 'i' or 'u' or 'f'))
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A Box has bounds of booleans, integers or floats, not {low}.");
        return new Box(low, fields.Array("high"), ToFlags(fields, "bounded_below", low), ToFlags(fields, "bounded_above", low));
    }

    private static bool[] ToFlags(FieldReader fields, string name, NDArray bounds)
    {
        var flags = fields.Array(name);
        if (!flags.DType.Equals(DType.Bool) || !flags.Shape.SequenceEqual(bounds.Shape))
            throw new SocketGymException(ErrorCode.MalformedMessage, $"'{name}' of a Box must be an array of bool of the shape of {bounds}, not {flags}.");
        var result = new bool[flags.Bytes.Length];
        // A byte at a time, so that none but 0 and 1 becomes a bool.
        for (var index = 0; index < result.Length; index++)
            result[index] = flags.Bytes[index] != 0;
        return result;
    }

    private static DType ToDType(string descriptor) => DType.TryParse(descriptor, out var dtype)
        ? dtype
        : throw new SocketGymException(ErrorCode.MalformedMessage, $"{Value.FromString(descriptor)} is not the type string of a dtype of plain data.");

    private static MultiBinary ToMultiBinary(FieldReader fields)
    {
        if (fields.Required("n").Kind == ValueKind.Int)
            return new MultiBinary(fields.Int32("n"));
        var shape = ImmutableArray.CreateBuilder<int>();
        foreach (var dimension in fields.List("n"))
            shape.Add(fields.ToInt32("n", dimension));
        return new MultiBinary(shape.DrainToImmutable());
    }

    private static ImmutableArray<Space> ToSpaces(FieldReader fields, int depth)
    {
        var spaces = ImmutableArray.CreateBuilder<Space>();
        foreach (var space in fields.List("spaces"))
            spaces.Add(FromValue(space, depth + 1));
        return spaces.DrainToImmutable();
    }

    private static Dict ToDict(FieldReader fields, int depth)
    {
        var spaces = ImmutableArray.CreateBuilder<KeyValuePair<Value, Space>>();
        foreach (var entry in fields.List("spaces"))
        {
            if (entry.Kind != ValueKind.List || entry.AsItems().Length != 2)
                throw new SocketGymException(ErrorCode.MalformedMessage, $"'spaces' of a Dict is a list of [key, space]; it has {entry}.");
            spaces.Add(new(entry.AsItems()[0], FromValue(entry.AsItems()[1], depth + 1)));
        }
        return new Dict(spaces.DrainToImmutable());
    }

    private static Graph ToGraph(FieldReader fields, int depth)
    {
        var edges = fields.Required("edge_space");
        return new Graph(FromValue(fields.Required("node_space"), depth + 1), edges.IsNone ? null : FromValue(edges, depth + 1));
    }

    private static void RequireDepth(int depth)
    {
        if (depth >= MaxDepth)
            throw new SocketGymException(ErrorCode.NestingTooDeep, $"A space is nested deeper than {MaxDepth} levels.");
    }

    private static SocketGymException Unsupported(string type) => new(
        ErrorCode.UnsupportedSpace,
        $"{Value.FromString(type)} is none of Gymnasium's ten spaces: Box, Discrete, MultiDiscrete, MultiBinary, Text, Tuple, Dict, Sequence, Graph, OneOf.");
}
