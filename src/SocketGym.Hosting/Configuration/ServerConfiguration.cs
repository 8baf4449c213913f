using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocketGym.Hosting.Configuration;

/// <summary>A server's configuration file: JSON with comments and trailing commas; a member that is not listed here is refused.</summary>
public sealed record ServerConfiguration
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Addresses to listen on, such as <c>tcp://127.0.0.1:65432</c>; empty for the default.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>Whether the pickle dialect is spoken. Default true.</summary>
    public bool Pickle { get; init; } = true;

    /// <summary>Python environments.</summary>
    public PythonConfiguration Python { get; init; } = new();

    /// <summary>What clients are allowed.</summary>
    public LimitsConfiguration Limits { get; init; } = new();

    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">The content is refused; the message names file, member and line.</exception>
    public static ServerConfiguration Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerConfiguration>(File.ReadAllText(path), Format)
                ?? throw new FormatException($"{path} holds null; it must hold an object, such as {{}}.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"{path}, line {error.LineNumber + 1}, at '{error.Path}': {error.Message}", error);
        }
    }
}
