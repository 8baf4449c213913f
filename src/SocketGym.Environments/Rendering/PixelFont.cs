namespace SocketGym.Environments.Rendering;

/// <summary>Text of a few letters and the digits, each of five by seven squares.</summary>
internal static class PixelFont
{
    /// <summary>Squares from the top of a letter to its bottom.</summary>
    public const int Rows = 7;

    private const int Columns = 5;

    // From one letter's left side to the next one's.
    private const int Advance = Columns + 1;

    /// <summary>How wide a text is, in pixels.</summary>
    /// <param name="length">Its letters.</param>
    /// <param name="size">Pixels of a square's side.</param>
    public static int WidthOf(int length, int size) => ((length * Advance) - 1) * size;

    /// <summary>Draws a text; a letter that there is not stays blank.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="text">The text.</param>
    /// <param name="left">Its left side.</param>
    /// <param name="top">Its top.</param>
    /// <param name="size">Pixels of a square's side.</param>
    /// <param name="color">Its colour.</param>
    public static void Draw(in Canvas canvas, ReadOnlySpan<char> text, int left, int top, int size, Color color)
    {
        foreach (var letter in text)
        {
            var rows = RowsOf(letter);
            for (var row = 0; row < rows.Length; row++)
            {
                for (var column = 0; column < Columns; column++)
                {
                    if ((rows[row] >> (Columns - 1 - column) & 1) == 0)
                        continue;
                    var x = left + (column * size);
                    for (var y = top + (row * size); y < top + ((row + 1) * size); y++)
                        canvas.HorizontalLine(x, x + size - 1, y, color);
                }
            }
            left += Advance * size;
        }
    }

    // A row is five bits, the leftmost square's the highest.
    private static ReadOnlySpan<byte> RowsOf(char letter) => letter switch
    {
        '0' => [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        '1' => [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        '2' => [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        '3' => [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
        '4' => [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        '5' => [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        '6' => [0b01110, 0b10000, 0b11110, 0b10001, 0b10001, 0b10001, 0b01110],
        '7' => [0b11111, 0b00001, 0b00010, 0b00100, 0b00100, 0b00100, 0b00100],
        '8' => [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        '9' => [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00001, 0b01110],
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'D' => [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
        'J' => [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100],
        'K' => [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001],
        'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        'Q' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10101, 0b10010, 0b01101],
        'a' => [0b00000, 0b00000, 0b01110, 0b00001, 0b01111, 0b10001, 0b01111],
        'b' => [0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b10001, 0b11110],
        'c' => [0b00000, 0b00000, 0b01110, 0b10000, 0b10000, 0b10000, 0b01110],
        'e' => [0b00000, 0b00000, 0b01110, 0b10001, 0b11111, 0b10000, 0b01110],
        'l' => [0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        'r' => [0b00000, 0b00000, 0b10110, 0b11001, 0b10000, 0b10000, 0b10000],
        's' => [0b00000, 0b00000, 0b01111, 0b10000, 0b01110, 0b00001, 0b11110],
        'u' => [0b00000, 0b00000, 0b10001, 0b10001, 0b10001, 0b10011, 0b01101],
        'y' => [0b00000, 0b00000, 0b10001, 0b10001, 0b01111, 0b00001, 0b01110],
        ':' => [0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000],
        _ => [],
    };
}
