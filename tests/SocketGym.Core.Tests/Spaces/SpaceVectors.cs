using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using Dict = SocketGym.Core.Spaces.Dict;
using Tuple = SocketGym.Core.Spaces.Tuple;

namespace SocketGym.Core.Tests.Spaces;

/// <summary>Reads the values and spaces that tests/vectors/generate/encoding.py wrote.</summary>
internal static class SpaceVectors
{
    public static Value ReadValue(JsonElement item)
    {
        var content = item.GetArrayLength() > 1 ? item[1] : default;
        return item[0].GetString() switch
        {
            "none" => Value.None,
            "bool" => content.GetBoolean(),
            "int" => Value.FromInt(BigInteger.Parse(content.GetString()!, CultureInfo.InvariantCulture)),
            "float" => BitConverter.ToDouble(Bytes(content)),
            "complex" => Value.FromComplex(MemoryMarshal.Read<Complex>(Bytes(content))),
            "str" => Value.FromString(content.AnyText()),
            "bytes" => Value.FromBytes(Bytes(content)),
            "bytearray" => Value.FromByteArray(Bytes(content)),
            "list" => Value.List(Items(content)),
            "tuple" => Value.Tuple(Items(content)),
            "set" => Value.Set(Items(content)),
            "frozenset" => Value.FrozenSet(Items(content)),
            "dict" => Value.Dict(Entries(content)),
            "OrderedDict" => Value.OrderedDict(Entries(content)),
            "graph" => Value.FromGraph(new GraphInstance(ReadValue(content[0]), ReadValue(content[1]), ReadValue(content[2]))),
            "objects" => Value.FromObjectArray(new ObjectArray(Shape(content).AsSpan(), Items(item[2]))),
            "array" => ReadArray(item),
            "scalar" => Value.FromScalar(DType.Parse(content.GetString()!), Bytes(item[2])),
            var type => throw new InvalidDataException($"The vectors have a type '{type}' that is not known here."),
        };
    }

    public static Space ReadSpace(JsonElement item) => item[0].GetString() switch
    {
        "Box" => new Box(ReadArray(item[1]), ReadArray(item[2]), Flags(item[3]), Flags(item[4])),
        "Discrete" => new Discrete(Integer(item[1]), Integer(item[2]), DType.Parse(item[3].GetString()!)),
        "MultiBinary" => item[1].ValueKind == JsonValueKind.Number ? new MultiBinary(item[1].GetInt32()) : new MultiBinary(Shape(item[1])),
        "MultiDiscrete" => new MultiDiscrete(ReadArray(item[1]), ReadArray(item[2])),
        "Text" => new Text(item[1].GetInt32(), item[2].GetInt32(), item[3].AnyText()),
        "Tuple" => new Tuple(ReadSpaces(item[1])),
        "OneOf" => new OneOf(ReadSpaces(item[1])),
        "Dict" => new Dict([.. item[1].EnumerateArray().Select(entry => KeyValuePair.Create(ReadValue(entry[0]), ReadSpace(entry[1])))]),
        "Sequence" => new Sequence(ReadSpace(item[1]), item[2].GetBoolean()),
        "Graph" => new Graph(ReadSpace(item[1]), item[2].ValueKind == JsonValueKind.Null ? null : ReadSpace(item[2])),
        var type => throw new InvalidDataException($"The vectors have a space '{type}' that is not known here."),
    };

    public static bool[] Flags(JsonElement item) => [.. item.GetString()!.Select(flag => flag == '1')];

    private static NDArray ReadArray(JsonElement item) => new(DType.Parse(item[1].GetString()!), Shape(item[2]).AsSpan(), Bytes(item[3]));

    private static ImmutableArray<Space> ReadSpaces(JsonElement item) => [.. item.EnumerateArray().Select(ReadSpace)];

    private static Value[] Items(JsonElement item) => [.. item.EnumerateArray().Select(ReadValue)];

    private static ValueDictionary Entries(JsonElement item)
    {
        var entries = new ValueDictionary();
        foreach (var entry in item.EnumerateArray())
            entries.Add(ReadValue(entry[0]), ReadValue(entry[1]));
        return entries;
    }

    private static ImmutableArray<int> Shape(JsonElement item) => [.. item.EnumerateArray().Select(size => size.GetInt32())];

    private static BigInteger Integer(JsonElement item) => BigInteger.Parse(item.GetString()!, CultureInfo.InvariantCulture);

    private static byte[] Bytes(JsonElement item) => Convert.FromHexString(item.GetString()!);
}
