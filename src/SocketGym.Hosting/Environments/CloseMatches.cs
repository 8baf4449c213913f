namespace SocketGym.Hosting.Environments;

/// <summary>Which known names a mistyped one may have meant.</summary>
internal static class CloseMatches
{
    private const int MaxMatches = 3;
    private const int MaxLength = 128;

    /// <summary>Finds the names nearest to a word: at most 3, at most 40 % of the letters changed, nearest first.</summary>
    /// <param name="word">The mistyped name; of unreasonable length it matches nothing.</param>
    /// <param name="names">The known names.</param>
    public static IReadOnlyList<string> Find(string word, IEnumerable<string> names)
    {
        if (word.Length > MaxLength)
            return [];
        return
        [
            .. names
                .Select(name => (Name: name, Distance: Distance(word.ToUpperInvariant(), name.ToUpperInvariant())))
                .Where(match => match.Distance * 5 <= Math.Max(word.Length, match.Name.Length) * 2)
                .OrderBy(match => match.Distance)
                .ThenBy(match => match.Name, StringComparer.Ordinal)
                .Take(MaxMatches)
                .Select(match => match.Name),
        ];
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
            row[column] = column;
        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = diagonal + (left[line - 1] == right[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(replaced, Math.Min(row[column], row[column - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
