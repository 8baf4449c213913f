using System.Text.RegularExpressions;
using SocketGym.Core.Errors;

namespace SocketGym.Client.Tests;

/// <summary>docs/errors.md has an entry for every code, and for nothing else.</summary>
public sealed partial class ErrorPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));

    [Fact]
    public void Every_code_has_exactly_one_entry() =>
        Assert.Equal(Enum.GetNames<ErrorCode>().Order(), Entry().Matches(Page).Select(entry => entry.Groups["code"].Value).Order());

    [Fact]
    public void Every_entry_says_something_and_whether_the_connection_ends()
    {
        foreach (Match entry in Entry().Matches(Page))
        {
            var code = Enum.Parse<ErrorCode>(entry.Groups["code"].Value);
            var text = entry.Groups["text"].Value;
            Assert.True(text.Length > 40, $"{code}: {text}");
            // Those that only a client has end its connection too, or found it ended.
            if (code < ErrorCode.ConnectionFailed)
                Assert.True(code.EndsConnection() == text.StartsWith("Ends", StringComparison.Ordinal), $"{code}: {text}");
        }
    }

    [GeneratedRegex(@"^### `(?<code>\w+)`\n\n(?<text>(?!#).+?)(?=\n\n#|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Entry();
}
