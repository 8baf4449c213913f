using System.Text;
using System.Text.Json;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Pickle;

/// <summary>One pickle that SocketGym wrote, with what it means.</summary>
internal sealed record WrittenVector(string Name, JsonElement Value, string Hex)
{
    /// <summary>Asserts that a file of tests/vectors holds exactly these; with SOCKETGYM_WRITE_VECTORS=1 it is written first.</summary>
    public static void AssertCommitted(string file, string description, IReadOnlyCollection<WrittenVector> written)
    {
        if (Environment.GetEnvironmentVariable("SOCKETGYM_WRITE_VECTORS") == "1")
            Write(file, description, written);
        var committed = VectorFile.Open(file).GetProperty("cases").EnumerateArray().ToDictionary(
            vector => vector.GetProperty("name").GetString()!, vector => vector.GetProperty("hex").GetString()!);
        Assert.Equal(committed.Keys.Order(), written.Select(vector => vector.Name).Order());
        foreach (var vector in written)
            Assert.True(committed[vector.Name] == vector.Hex, $"'{vector.Name}' is written as {vector.Hex}, but {committed[vector.Name]} is committed.");
    }

    private static void Write(string file, string description, IEnumerable<WrittenVector> written)
    {
        var lines = written.Select(vector => $$"""    {"name": {{JsonSerializer.Serialize(vector.Name)}}, "value": {{vector.Value.GetRawText()}}, "hex": "{{vector.Hex}}"}""");
        var text = new StringBuilder("{\n  \"description\": ").Append(JsonSerializer.Serialize(description)).Append(",\n  \"cases\": [\n").AppendJoin(",\n", lines).Append("\n  ]\n}\n");
        File.WriteAllText(Path.Combine(VectorFile.RepositoryRoot, "tests", "vectors", file), text.ToString());
    }
}
