using System.Collections.Immutable;
using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using Tuple = SocketGym.Core.Spaces.Tuple;

namespace SocketGym.Python.Workers;

/// <summary>Makes spaces of the dicts of docs/protocol.md, section 5.</summary>
internal static class SpaceReader
{
    /// <summary>Makes a space.</summary>
    /// <param name="description">The dict.</param>
    /// <returns>The space.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedSpace"/>: the type is none of the ten, or the entries do not fit together.</exception>
    public static Space Read(Value description)
    {
        var entries = description.AsDict();
        try
        {
            return Read(entries["type"].AsString(), entries);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new SocketGymException(ErrorCode.UnsupportedSpace, $"The space {description} cannot be used: {failure.Message}", failure);
        }
    }

    private static Space Read(string type, ValueDictionary entries) => type switch
    {
        "Box" => new Box(entries["low"].AsArray(), entries["high"].AsArray(), Flags(entries["bounded_below"]), Flags(entries["bounded_above"])),
        "Discrete" => new Discrete(entries["n"].AsBigInteger(), entries["start"].AsBigInteger(), DType.Parse(entries["dtype"].AsString())),
        "MultiDiscrete" => new MultiDiscrete(entries["nvec"].AsArray(), entries["start"].AsArray()),
        "MultiBinary" when entries["n"].Kind == ValueKind.Int => new MultiBinary(checked((int)entries["n"].AsInt64())),
        "MultiBinary" => new MultiBinary(Dimensions(entries["n"])),
        "Text" => new Text(Length(entries["max_length"]), Length(entries["min_length"]), entries["charset"].AsString()),
        "Tuple" => new Tuple(Spaces(entries["spaces"])),
        "OneOf" => new OneOf(Spaces(entries["spaces"])),
        "Dict" => new Dict(Entries(entries["spaces"])),
        "Sequence" => new Sequence(Read(entries["space"]), entries["stack"].AsBool()),
        "Graph" => new Graph(Read(entries["node_space"]), entries["edge_space"].IsNone ? null : Read(entries["edge_space"])),
        _ => throw new SocketGymException(ErrorCode.UnsupportedSpace, $"'{type}' is none of Gymnasium's ten spaces."),
    };

    private static bool[] Flags(Value array) => array.AsArray().AsSpan<bool>().ToArray();

    private static int Length(Value number) => (int)BigInteger.Min(number.AsBigInteger(), int.MaxValue);

    private static ImmutableArray<int> Dimensions(Value list)
    {
        var dimensions = ImmutableArray.CreateBuilder<int>();
        foreach (var dimension in list.AsItems())
            dimensions.Add(checked((int)dimension.AsInt64()));
        return dimensions.ToImmutable();
    }

    private static ImmutableArray<Space> Spaces(Value list)
    {
        var spaces = ImmutableArray.CreateBuilder<Space>();
        foreach (var space in list.AsItems())
            spaces.Add(Read(space));
        return spaces.ToImmutable();
    }

    private static ImmutableArray<KeyValuePair<Value, Space>> Entries(Value list)
    {
        var spaces = ImmutableArray.CreateBuilder<KeyValuePair<Value, Space>>();
        foreach (var entry in list.AsItems())
            spaces.Add(new(entry.AsItems()[0], Read(entry.AsItems()[1])));
        return spaces.ToImmutable();
    }
}
