using System.Globalization;
using System.Numerics;
using SocketGym.Core.Values;

namespace SocketGym.Hosting.Configuration;

/// <summary>A value of a configuration file, which knows where it stands; what it is not, it says with file, line and path.</summary>
/// <param name="file">The file's name.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="path">The JSON path.</param>
/// <param name="content">Text, a <see cref="ConfigurationNumber"/>, a flag, an array of nodes, an array of members, or null.</param>
internal sealed class ConfigurationNode(string file, int line, string path, object? content)
{
    /// <summary>Whether it is an object.</summary>
    public bool IsObject => content is KeyValuePair<string, ConfigurationNode>[];

    /// <summary>Whether it is a list.</summary>
    public bool IsList => content is ConfigurationNode[];

    /// <summary>Whether it is null.</summary>
    public bool IsNull => content is null;

    /// <summary>Where it stands, for messages.</summary>
    public string Place => $"{file}, line {line}, at '{path}'";

    /// <summary>An error about this value.</summary>
    /// <param name="problem">What is wrong and what to do.</param>
    public FormatException Refuse(string problem) => new($"{Place}: {problem}");

    /// <summary>Its members, to be read by name.</summary>
    public ConfigurationMembers Members() => new(this, Entries());

    /// <summary>Its members, whatever they are called.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigurationNode>> Entries() =>
        content as KeyValuePair<string, ConfigurationNode>[] ?? throw Expected("an object");

    /// <summary>Its items.</summary>
    public IReadOnlyList<ConfigurationNode> Items() => content as ConfigurationNode[] ?? throw Expected("a list");

    /// <summary>Its items, each a text.</summary>
    public IReadOnlyList<string> Texts() => [.. Items().Select(item => item.Text())];

    /// <summary>Its items, each the name of a Python module.</summary>
    public IReadOnlyList<string> Modules() => [.. Items().Select(item => item.Module())];

    /// <summary>Its text, not empty.</summary>
    public string Text() => content as string is { Length: > 0 } text ? text : throw Expected("a text that is not empty");

    /// <summary>Its flag.</summary>
    public bool Flag() => content is bool flag ? flag : throw Expected("true or false");

    /// <summary>Its number.</summary>
    /// <param name="least">The least that is accepted.</param>
    public int Integer(int least)
    {
        if (content is ConfigurationNumber number && int.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least)
            return value;
        throw Expected($"an integer from {least} to {int.MaxValue}");
    }

    /// <summary>The name of a Python module, perhaps with dots.</summary>
    public string Module() => content is string text && IsDottedName(text) ? text : throw Expected("a module's name, such as \"gym_pusht\"");

    /// <summary>What Python loads by <c>module:name</c>.</summary>
    public string EntryPoint() => content is string text && text.Split(':') is [var module, var name] && IsDottedName(module) && IsDottedName(name)
        ? text
        : throw Expected("an entry point, \"module:name\"");

    /// <summary>It as the Python object that <c>json.loads</c> would make of it.</summary>
    public Value ToValue() => content switch
    {
        string text => text,
        bool flag => flag,
        ConfigurationNumber { IsInteger: true } number => Value.FromInt(BigInteger.Parse(number.Text, CultureInfo.InvariantCulture)),
        ConfigurationNumber number => double.Parse(number.Text, CultureInfo.InvariantCulture),
        ConfigurationNode[] items => Value.List([.. items.Select(item => item.ToValue())]),
        KeyValuePair<string, ConfigurationNode>[] => ToDictionary(),
        _ => Value.None,
    };

    /// <summary>It as keyword arguments.</summary>
    public ValueDictionary ToDictionary()
    {
        var values = new ValueDictionary();
        foreach (var (name, value) in Entries())
            values[name] = value.ToValue();
        return values;
    }

    private FormatException Expected(string expected) => Refuse($"this is {Shown()}; it must be {expected}.");

    private string Shown() => content switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        ConfigurationNumber number => number.Text,
        ConfigurationNode[] => "a list",
        _ => "an object",
    };

    private static bool IsDottedName(string text) => text.Split('.').All(part =>
        part.Length > 0 && (char.IsLetter(part[0]) || part[0] == '_') && part.All(character => char.IsLetterOrDigit(character) || character == '_'));
}
