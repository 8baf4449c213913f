using System.Text.Json;

namespace SocketGym.Core.Tests;

/// <summary>The files under tests/vectors, which the scripts in tests/vectors/generate write with real NumPy and Gymnasium.</summary>
internal static class Vectors
{
    public static IEnumerable<JsonElement> Read(string pattern)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "vectors", Path.GetDirectoryName(pattern)!);
        var files = Directory.GetFiles(folder, Path.GetFileName(pattern));
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var item in document.RootElement.EnumerateArray())
                yield return item;
        }
    }

    public static string Text(this JsonElement item, string name) => item.GetProperty(name).GetString()!;

    public static int Int(this JsonElement item, string name) => item.GetProperty(name).GetInt32();

    public static bool Flag(this JsonElement item, string name) => item.GetProperty(name).GetBoolean();
}
