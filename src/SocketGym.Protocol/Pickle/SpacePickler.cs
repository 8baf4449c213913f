using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Pickle;

/// <summary>Writes spaces as gym_service's client reads them: dicts with nested lists (docs/protocol.md, section 7).</summary>
/// <remarks>It writes as it goes, because the bounds of an image are a million numbers that nobody needs as values.</remarks>
internal sealed class SpacePickler(Pickler pickler)
{
    private const int MaxDepth = 64;

    /// <summary>Writes a space into a pickle that was begun.</summary>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnsupportedSpace"/> for a space that is none of the ten; <see cref="ErrorCode.NestingTooDeep"/> beyond 64 levels.
    /// </exception>
    public void Write(PickleOutput output, Space space) => Write(output, space, 0);

    private void Write(PickleOutput output, Space space, int depth)
    {
        if (depth >= MaxDepth)
            throw new SocketGymException(ErrorCode.NestingTooDeep, $"A space nests deeper than {MaxDepth}; flatten it.");
        output.Write(PickleOpcode.EmptyDict, PickleOpcode.Mark);
        output.WriteText("type"u8);
        output.WriteText(space.TypeName);
        switch (space)
        {
            case Box box:
                WriteBox(output, box);
                break;
            case Discrete discrete:
                WriteEntry(output, "n"u8, Value.FromInt(discrete.N));
                WriteEntry(output, "start"u8, Value.FromInt(discrete.Start));
                WriteEntry(output, "dtype"u8, discrete.ElementType.Name);
                break;
            case MultiDiscrete multiDiscrete:
                WriteNestedList(output, "nvec"u8, multiDiscrete.Nvec);
                WriteNestedList(output, "start"u8, multiDiscrete.Start);
                WriteEntry(output, "dtype"u8, multiDiscrete.Nvec.DType.Name);
                break;
            case MultiBinary multiBinary:
                WriteEntry(output, "n"u8, multiBinary.IsFlat ? multiBinary.Shape!.Value[0] : ToTuple(multiBinary.Shape!.Value.AsSpan()));
                break;
            case Text text:
                WriteEntry(output, "min_length"u8, text.MinLength);
                WriteEntry(output, "max_length"u8, text.MaxLength);
                WriteEntry(output, "charset"u8, text.Charset);
                break;
            case Core.Spaces.Tuple tuple:
                WriteSpaces(output, tuple.Spaces, depth);
                break;
            case OneOf oneOf:
                WriteSpaces(output, oneOf.Spaces, depth);
                break;
            case Dict dict:
                WriteSpaces(output, dict, depth);
                break;
            case Sequence sequence:
                output.WriteText("space"u8);
                Write(output, sequence.FeatureSpace, depth + 1);
                WriteEntry(output, "stack"u8, sequence.Stack);
                break;
            case Graph graph:
                WriteGraph(output, graph, depth);
                break;
            default:
                throw new SocketGymException(ErrorCode.UnsupportedSpace, $"'{space.TypeName}' is none of Gymnasium's ten spaces; wrap the environment so that it has one of those.");
        }
        output.Write(PickleOpcode.SetItems);
    }

    private void WriteBox(PickleOutput output, Box box)
    {
        WriteNestedList(output, "low"u8, box.Low);
        WriteNestedList(output, "high"u8, box.High);
        WriteEntry(output, "shape"u8, ToTuple(box.Low.Shape));
        WriteEntry(output, "dtype"u8, box.Low.DType.Name);
        WriteNestedList(output, "bounded_below"u8, ToFlags(box.BoundedBelow, box.Low.Shape));
        WriteNestedList(output, "bounded_above"u8, ToFlags(box.BoundedAbove, box.Low.Shape));
    }

    private void WriteSpaces(PickleOutput output, ImmutableArray<Space> spaces, int depth)
    {
        output.WriteText("spaces"u8);
        output.Write(PickleOpcode.EmptyList, PickleOpcode.Mark);
        foreach (var space in spaces)
            Write(output, space, depth + 1);
        output.Write(PickleOpcode.Appends);
    }

    private void WriteSpaces(PickleOutput output, Dict dict, int depth)
    {
        output.WriteText("spaces"u8);
        output.Write(PickleOpcode.EmptyDict, PickleOpcode.Mark);
        foreach (var (key, space) in dict.Spaces)
        {
            pickler.WriteValue(key, depth);
            Write(output, space, depth + 1);
        }
        output.Write(PickleOpcode.SetItems);
    }

    private void WriteGraph(PickleOutput output, Graph graph, int depth)
    {
        output.WriteText("node_space"u8);
        Write(output, graph.NodeSpace, depth + 1);
        output.WriteText("edge_space"u8);
        if (graph.EdgeSpace is null)
            output.Write(PickleOpcode.None);
        else
            Write(output, graph.EdgeSpace, depth + 1);
    }

    private void WriteEntry(PickleOutput output, ReadOnlySpan<byte> name, Value value)
    {
        output.WriteText(name);
        pickler.WriteValue(value, 1);
    }

    private void WriteNestedList(PickleOutput output, ReadOnlySpan<byte> name, NDArray array)
    {
        output.WriteText(name);
        pickler.WriteNestedList(array);
    }

    private static Value ToTuple(ReadOnlySpan<int> shape)
    {
        var items = new Value[shape.Length];
        for (var index = 0; index < items.Length; index++)
            items[index] = shape[index];
        return Value.Tuple(items);
    }

    private static NDArray ToFlags(ImmutableArray<bool> flags, ReadOnlySpan<int> shape) =>
        new(DType.Bool, shape, MemoryMarshal.AsBytes(flags.AsSpan()).ToArray());
}
