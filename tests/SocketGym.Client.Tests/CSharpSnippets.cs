using System.Text;
using System.Text.RegularExpressions;

namespace SocketGym.Client.Tests;

/// <summary>The C# programs that the documentation shows.</summary>
/// <remarks>A block that begins with <c>using</c> directives begins a program; one without goes on with the program before it on the same page, as a reader does.</remarks>
internal static partial class CSharpSnippets
{
    /// <summary>Reads a page's programs.</summary>
    /// <param name="page">The page's Markdown.</param>
    public static IReadOnlyList<string> Read(string page)
    {
        var programs = new List<StringBuilder>();
        foreach (Match block in Block().Matches(page))
        {
            var code = block.Groups["code"].Value;
            if (UsingDirective().IsMatch(code.Split('\n')[0]))
                programs.Add(new StringBuilder(code));
            else if (programs.Count > 0)
                programs[^1].Append(code);
            else
                throw new InvalidOperationException($"The first block of a page must begin with using directives, not with: {code}");
        }
        return [.. programs.Select(program => program.ToString())];
    }

    /// <summary>Makes a class with a method <c>RunAsync</c> of a program: directives first, types last, statements in between.</summary>
    /// <param name="program">The program, in the order in which C# wants top-level statements.</param>
    /// <param name="page">A namespace for the page, whose programs see each other's types.</param>
    /// <param name="name">The class's name.</param>
    public static string ToClass(string program, string page, string name)
    {
        var (directives, statements, types) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var inType = false;
        foreach (var line in program.Split('\n'))
        {
            if (UsingDirective().IsMatch(line))
            {
                directives.AppendLine(line);
                continue;
            }
            // A type reaches to the brace that closes it at the line's beginning.
            inType |= TypeDeclaration().IsMatch(line);
            (inType ? types : statements).AppendLine(line);
            if (line.StartsWith('}'))
                inType = false;
        }
        return $$"""
            {{directives}}
            namespace {{page}};
            #pragma warning disable CS1998
            internal static class {{name}}
            {
                public static async Task RunAsync(string[] args)
                {
            {{statements}}
                }
            }
            {{types}}
            """;
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^using [\w.]+;")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"^((public|internal|file|sealed|static|abstract|readonly|partial) )*(class|record|struct|interface|enum) ")]
    private static partial Regex TypeDeclaration();
}
