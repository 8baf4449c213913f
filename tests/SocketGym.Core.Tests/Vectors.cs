using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

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

    public static string Text(this JsonElement item, string name) => item.GetProperty(name).AnyText();

    /// <summary>A string that may hold a surrogate without its partner, as Python's may; GetString refuses it.</summary>
    public static string AnyText(this JsonElement item) => Regex.Replace(item.GetRawText()[1..^1], @"\\(u([0-9a-f]{4})|.)", match => match.Value[1] switch
    {
        'u' => ((char)int.Parse(match.Groups[2].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
        'n' => "\n",
        var other => other.ToString(),
    });

    public static int Int(this JsonElement item, string name) => item.GetProperty(name).GetInt32();

    public static bool Flag(this JsonElement item, string name) => item.GetProperty(name).GetBoolean();
}
