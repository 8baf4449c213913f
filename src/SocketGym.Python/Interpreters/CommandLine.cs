using System.Collections.Immutable;
using System.Text;

namespace SocketGym.Python.Interpreters;

/// <summary>A program and its first arguments.</summary>
/// <param name="Program">A path, or a name to look for on the PATH.</param>
/// <param name="Arguments">The arguments that come before those of the caller.</param>
internal sealed record CommandLine(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>Splits a command line at its blanks; single or double quotes keep blanks together.</summary>
    /// <param name="text">The command line; one that names a file as it stands is that file.</param>
    /// <returns>The command.</returns>
    /// <exception cref="FormatException">There is no word in it, or a quote is not closed.</exception>
    public static CommandLine Parse(string text)
    {
        if (File.Exists(text))
            return new(text, []);
        var words = Split(text);
        return words.Count > 0
            ? new(words[0], [.. words.Skip(1)])
            : throw new FormatException("The Python command is empty; give a program such as /usr/bin/python3.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program));

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        var quote = '\0';
        foreach (var character in text)
        {
            if (quote != '\0' && character == quote)
                quote = '\0';
            else if (quote == '\0' && character is '"' or '\'')
                (quote, word) = (character, word ?? new StringBuilder());
            else if (quote == '\0' && char.IsWhiteSpace(character))
                Finish();
            else
                (word ??= new StringBuilder()).Append(character);
        }
        if (quote != '\0')
            throw new FormatException($"The Python command {text} has a quote {quote} that is not closed.");
        Finish();
        return words;

        void Finish()
        {
            if (word is not null)
                words.Add(word.ToString());
            word = null;
        }
    }
}
