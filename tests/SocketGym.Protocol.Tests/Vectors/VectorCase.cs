using System.Text.Json;

namespace SocketGym.Protocol.Tests.Vectors;

/// <summary>One case of a vector file, shown by its name.</summary>
public sealed record VectorCase(string Name, JsonElement Json)
{
    /// <summary>All cases of a file, for a theory.</summary>
    public static TheoryData<VectorCase> All(string file, Func<JsonElement, bool>? where = null)
    {
        var cases = new TheoryData<VectorCase>();
        foreach (var vector in VectorFile.Open(file).EnumerateArray())
        {
            if (where is null || where(vector))
                cases.Add(new VectorCase(vector.GetProperty("name").GetString()!, vector));
        }
        return cases;
    }

    public override string ToString() => Name;
}
