using System.Text;
using System.Text.Json;

namespace SocketGym.Hosting.Configuration;

/// <summary>Parses JSON with comments and trailing commas into nodes that know where they stand.</summary>
internal sealed class ConfigurationDocument
{
    private static readonly JsonReaderOptions Format = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly string _file;
    private readonly byte[] _text;
    private int _line = 1;
    private int _counted;

    private ConfigurationDocument(string file, byte[] text)
    {
        _file = file;
        _text = text;
    }

    /// <summary>Parses a document.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">Its content.</param>
    /// <returns>The root.</returns>
    /// <exception cref="FormatException">The text is no JSON, or names a member twice; the message says where.</exception>
    public static ConfigurationNode Parse(string file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, Format);
        var document = new ConfigurationDocument(file, bytes);
        try
        {
            reader.Read();
            var root = document.Read(ref reader, "$");
            // Only the end may follow; the reader refuses anything else.
            reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            throw new FormatException($"{file}, line {error.LineNumber + 1}: this is no JSON: {Reason(error)}", error);
        }
    }

    private ConfigurationNode Read(ref Utf8JsonReader reader, string path)
    {
        var line = LineOf(reader.TokenStartIndex);
        object? content = reader.TokenType switch
        {
            JsonTokenType.StartObject => Members(ref reader, path),
            JsonTokenType.StartArray => Items(ref reader, path),
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => new ConfigurationNumber(Encoding.ASCII.GetString(reader.ValueSpan)),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        };
        return new ConfigurationNode(_file, line, path, content);
    }

    private KeyValuePair<string, ConfigurationNode>[] Members(ref Utf8JsonReader reader, string path)
    {
        var members = new List<KeyValuePair<string, ConfigurationNode>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var line = LineOf(reader.TokenStartIndex);
            var memberPath = name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-') ? $"{path}.{name}" : $"{path}['{name}']";
            if (members.Exists(member => member.Key == name))
                throw new ConfigurationNode(_file, line, memberPath, null).Refuse("the member is there twice; keep one.");
            reader.Read();
            members.Add(new(name, Read(ref reader, memberPath)));
        }
        return [.. members];
    }

    private ConfigurationNode[] Items(ref Utf8JsonReader reader, string path)
    {
        var items = new List<ConfigurationNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader, $"{path}[{items.Count}]"));
        return [.. items];
    }

    // Tokens come in order, so the lines are counted once over the whole text.
    private int LineOf(long position)
    {
        _line += _text.AsSpan(_counted, (int)position - _counted).Count((byte)'\n');
        _counted = (int)position;
        return _line;
    }

    // The rest of the message repeats the position in another form.
    private static string Reason(JsonException error) => error.Message.Split(" LineNumber:")[0];
}
