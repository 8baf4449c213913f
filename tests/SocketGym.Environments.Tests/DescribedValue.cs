using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

/// <summary>Values as tests/vectors/generate/described_values.py writes them.</summary>
internal static class DescribedValue
{
    public static Value Value(this JsonElement item, string name) => Read(item.GetProperty(name));

    public static byte[] Bytes(this JsonElement item, string name = "bytes") => Convert.FromHexString(item.Text(name));

    /// <summary>The dictionary, or null for <c>None</c>.</summary>
    public static ValueDictionary? Dictionary(this JsonElement item, string name) =>
        item.Value(name) is { IsNone: false } value ? value.AsDict() : null;

    public static Value Read(JsonElement item) => item.Text("kind") switch
    {
        "none" => Core.Values.Value.None,
        "bool" => item.Flag("value"),
        "int" => Core.Values.Value.FromInt(BigInteger.Parse(item.Text("value"), CultureInfo.InvariantCulture)),
        "float" => MemoryMarshal.Read<double>(item.Bytes()),
        "complex" => Core.Values.Value.FromComplex(MemoryMarshal.Read<Complex>(item.Bytes())),
        "str" => item.Text("value"),
        "bytes" => Core.Values.Value.FromBytes(item.Bytes()),
        "bytearray" => Core.Values.Value.FromByteArray(item.Bytes()),
        "list" => Core.Values.Value.List(Items(item)),
        "tuple" => Core.Values.Value.Tuple(Items(item)),
        "dict" => Core.Values.Value.Dict(Entries(item)),
        "scalar" => Core.Values.Value.FromScalar(DType.Parse(item.Text("dtype")), item.Bytes()),
        "array" => new NDArray(DType.Parse(item.Text("dtype")), Shape(item), item.Bytes()),
        "object_array" => Core.Values.Value.FromObjectArray(new ObjectArray(Shape(item), Items(item))),
        var kind => throw new FormatException($"'{kind}' is no kind of a described value."),
    };

    private static Value[] Items(JsonElement item) => [.. item.GetProperty("items").EnumerateArray().Select(Read)];

    private static int[] Shape(JsonElement item) => [.. item.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];

    private static ValueDictionary Entries(JsonElement item)
    {
        var entries = new ValueDictionary();
        foreach (var entry in item.GetProperty("entries").EnumerateArray())
            entries.Add(Read(entry[0]), Read(entry[1]));
        return entries;
    }
}
