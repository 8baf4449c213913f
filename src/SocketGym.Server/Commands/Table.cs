namespace SocketGym.Server.Commands;

/// <summary>Plain text in columns, two blanks apart; the last is not padded. A cell is one line.</summary>
internal static class Table
{
    /// <summary>Prints rows under a head.</summary>
    public static void Print(TextWriter output, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<string[]> lines = [[.. head], .. rows.Select(row => row.Select(OneLine).ToArray())];
        var widths = Enumerable.Range(0, head.Count).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>A text with every run of blanks and line ends as one blank.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
