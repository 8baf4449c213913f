namespace SocketGym.Environments.ToyText;

/// <summary>Text for a terminal.</summary>
internal static class GridText
{
    /// <summary>Colours text, as <c>gymnasium.utils.colorize</c> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="style">The escape sequence's parameters, such as <c>41</c> for a red background.</param>
    /// <returns>The text between the sequence and the one that ends it.</returns>
    public static string Colorize(string text, string style) => $"\u001b[{style}m{text}\u001b[0m";
}
