using System.Text.Json;

namespace SocketGym.Protocol.Tests.Vectors;

/// <summary>Opens the JSON files of tests/vectors, which the Python tests walk too.</summary>
internal static class VectorFile
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>The directory that holds SocketGym.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Reads one file of tests/vectors, such as <c>messagepack/values.json</c>.</summary>
    public static JsonElement Open(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryRoot, "tests", "vectors", name)), Options).RootElement;

    /// <summary>The bytes of a case: its <c>hex</c>, or its <c>parts</c>, each repeated.</summary>
    public static byte[] Bytes(JsonElement vector)
    {
        if (vector.TryGetProperty("hex", out var hex))
            return Convert.FromHexString(hex.GetString()!);
        return [.. vector.GetProperty("parts").EnumerateArray().SelectMany(part =>
            Enumerable.Repeat(Convert.FromHexString(part[0].GetString()!), part[1].GetInt32()).SelectMany(bytes => bytes))];
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "SocketGym.sln")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"No directory above {AppContext.BaseDirectory} holds SocketGym.sln.");
        return directory.FullName;
    }
}
