using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Tests.Vectors;

/// <summary>Rebuilds values from the neutral description of tests/vectors/README.md.</summary>
internal static class VectorValue
{
    public static Value Parse(JsonElement description) => description.GetProperty("kind").GetString() switch
    {
        "none" => Value.None,
        "bool" => Value.FromBool(description.GetProperty("value").GetBoolean()),
        "int" => Value.FromInt(BigInteger.Parse(description.GetProperty("value").GetString()!, CultureInfo.InvariantCulture)),
        "float" => Value.FromFloat(Bits(description, "bits")),
        "complex" => Value.FromComplex(new Complex(Bits(description, "real"), Bits(description, "imag"))),
        "str" => Value.FromString(Text(description)),
        "bytes" => Value.FromBytes(Hex(description)),
        "bytearray" => Value.FromByteArray(Hex(description)),
        "list" => Value.List(Items(description)),
        "tuple" => Value.Tuple(Items(description)),
        "set" => Value.Set(Items(description)),
        "frozenset" => Value.FrozenSet(Items(description)),
        "dict" => Value.Dict(Entries(description)),
        "ordered_dict" => Value.OrderedDict(Entries(description)),
        "array" => Value.FromArray(new NDArray(ParseDType(description.GetProperty("dtype")), Shape(description.GetProperty("shape")).AsSpan(), Hex(description))),
        "scalar" => Value.FromScalar(ParseDType(description.GetProperty("dtype")), Hex(description)),
        "object_array" => Value.FromObjectArray(new ObjectArray(Shape(description.GetProperty("shape")).AsSpan(), Items(description))),
        "graph" => Value.FromGraph(new GraphInstance(
            Parse(description.GetProperty("nodes")), Parse(description.GetProperty("edges")), Parse(description.GetProperty("edge_links")))),
        "opaque" => Value.FromOpaque(new Opaque(description.GetProperty("type").GetString()!, description.GetProperty("repr").GetString()!)),
        var kind => throw new FormatException($"The vectors' README has no kind '{kind}'."),
    };

    public static DType ParseDType(JsonElement description) => description.ValueKind == JsonValueKind.String
        ? DType.Parse(description.GetString()!)
        : DType.Structured([.. description.EnumerateArray().Select(ParseField)]);

    private static DTypeField ParseField(JsonElement field) => new(
        field[0].GetString()!, ParseDType(field[1]), field.GetArrayLength() > 2 ? Shape(field[2]) : []);

    private static ImmutableArray<int> Shape(JsonElement shape) => [.. shape.EnumerateArray().Select(dimension => dimension.GetInt32())];

    private static double Bits(JsonElement description, string name) => BitConverter.UInt64BitsToDouble(
        ulong.Parse(description.GetProperty(name).GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private static byte[] Hex(JsonElement description) => Convert.FromHexString(description.GetProperty("hex").GetString()!);

    private static string Text(JsonElement description)
    {
        if (description.TryGetProperty("value", out var text))
            return text.GetString()!;
        // A code point at a time, because ConvertFromUtf32 refuses lone surrogates.
        return string.Concat(description.GetProperty("code_points").EnumerateArray().Select(element => element.GetInt32() is var point && point < 0x10000
            ? ((char)point).ToString()
            : char.ConvertFromUtf32(point)));
    }

    private static Value[] Items(JsonElement description) => [.. description.GetProperty("items").EnumerateArray().Select(Parse)];

    private static ValueDictionary Entries(JsonElement description)
    {
        var entries = new ValueDictionary();
        foreach (var entry in description.GetProperty("entries").EnumerateArray())
            entries.Add(Parse(entry[0]), Parse(entry[1]));
        return entries;
    }
}
