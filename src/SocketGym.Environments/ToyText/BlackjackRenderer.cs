using System.Globalization;
using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ToyText;

/// <summary>Blackjack's picture: Gymnasium's layout and colours, its cards and letters as drawings of our own.</summary>
public static class BlackjackRenderer
{
    /// <summary>The frame's width in pixels.</summary>
    public const int Width = 600;

    /// <summary>The frame's height in pixels.</summary>
    public const int Height = 500;

    // Gymnasium's, which follow from the height: a card is a third of it high and 142 : 197 wide.
    private const int Spacing = Height / 20;
    private const int CardHeight = Height / 3;
    private const int CardWidth = CardHeight * 142 / 197;
    private const int SmallText = Height / 15;
    private const int LargeText = Height / 6;
    private const int CardTop = Spacing + SmallText + Spacing;
    private const int PlayerTop = CardTop + CardHeight + (Spacing * 3 / 2);
    private const int SumTop = PlayerTop + SmallText + Spacing;
    private const int AceTop = SumTop + LargeText + (Spacing / 2);

    private static readonly Color Cloth = new(7, 99, 36);
    private static readonly Color White = new(255, 255, 255);
    private static readonly Color Ink = new(32, 32, 40);
    private static readonly Color Red = new(200, 40, 48);
    private static readonly Color Back = new(56, 88, 168);

    /// <summary>Draws a state.</summary>
    /// <param name="playerSum">The player's sum.</param>
    /// <param name="dealerCard">The dealer's open card, 1 to 10.</param>
    /// <param name="suit">Its suit: one of C, D, H and S.</param>
    /// <param name="face">What is written on it: A, 2 to 9, J, Q or K.</param>
    /// <param name="hasUsableAce">Whether the player has a usable ace.</param>
    /// <param name="frame">Receives the frame: shape (<see cref="Height"/>, <see cref="Width"/>, 3), uint8, RGB, C order. Written whole.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    public static void Render(int playerSum, int dealerCard, char suit, char face, bool hasUsableAce, Span<byte> frame)
    {
        var canvas = new Canvas(frame, Width, Height);
        canvas.Clear(Cloth);
        Span<char> text = stackalloc char[16];
        "Dealer: ".CopyTo(text);
        dealerCard.TryFormat(text["Dealer: ".Length..], out var digits, provider: CultureInfo.InvariantCulture);
        Write(canvas, text[..("Dealer: ".Length + digits)], Spacing, Spacing, SmallText);
        DrawOpenCard(canvas, (Width / 2) - CardWidth - (Spacing / 2), suit, face);
        DrawHiddenCard(canvas, (Width / 2) + (Spacing / 2));
        Write(canvas, "Player", Spacing, PlayerTop, SmallText);
        playerSum.TryFormat(text, out digits, provider: CultureInfo.InvariantCulture);
        WriteCentred(canvas, text[..digits], SumTop, LargeText);
        if (hasUsableAce)
            WriteCentred(canvas, "usable ace", AceTop, SmallText);
    }

    private static void DrawOpenCard(in Canvas canvas, int left, char suit, char face)
    {
        var color = suit is 'D' or 'H' ? Red : Ink;
        Fill(canvas, left, CardTop, CardWidth, CardHeight, Ink);
        Fill(canvas, left + 2, CardTop + 2, CardWidth - 4, CardHeight - 4, White);
        Span<char> text = [face];
        PixelFont.Draw(canvas, text, left + 10, CardTop + 10, 3, color);
        PixelFont.Draw(canvas, text, left + CardWidth - 25, CardTop + CardHeight - 31, 3, color);
        DrawSuit(canvas, suit, left + (CardWidth / 2), CardTop + (CardHeight / 2), 15, color);
    }

    private static void DrawHiddenCard(in Canvas canvas, int left)
    {
        Fill(canvas, left, CardTop, CardWidth, CardHeight, Ink);
        Fill(canvas, left + 2, CardTop + 2, CardWidth - 4, CardHeight - 4, White);
        Fill(canvas, left + 8, CardTop + 8, CardWidth - 16, CardHeight - 16, Back);
        for (var row = 0; row < 6; row++)
        {
            for (var column = 0; column < 4; column++)
                DrawDiamond(canvas, left + 22 + (column * 25), CardTop + 20 + (row * 25), 7, White);
        }
    }

    private static void DrawSuit(in Canvas canvas, char suit, int x, int y, int size, Color color)
    {
        switch (suit)
        {
            case 'D':
                DrawDiamond(canvas, x, y, size * 2, color);
                break;
            case 'H':
                canvas.FilledCircle(At(x - size, y - (size / 2)), size, color);
                canvas.FilledCircle(At(x + size, y - (size / 2)), size, color);
                canvas.FilledPolygon([At(x - (size * 2) + 1, y), At(x + (size * 2) - 1, y), At(x, y + (size * 2))], color);
                break;
            case 'S':
                canvas.FilledPolygon([At(x - (size * 2) + 1, y), At(x + (size * 2) - 1, y), At(x, y - (size * 2))], color);
                canvas.FilledCircle(At(x - size, y + (size / 2)), size, color);
                canvas.FilledCircle(At(x + size, y + (size / 2)), size, color);
                DrawStem(canvas, x, y, size, color);
                break;
            default:
                canvas.FilledCircle(At(x, y - size), size, color);
                canvas.FilledCircle(At(x - size, y + (size / 2)), size, color);
                canvas.FilledCircle(At(x + size, y + (size / 2)), size, color);
                DrawStem(canvas, x, y, size, color);
                break;
        }
    }

    private static void DrawDiamond(in Canvas canvas, int x, int y, int size, Color color) =>
        canvas.FilledPolygon([At(x, y - size), At(x + (size * 3 / 4), y), At(x, y + size), At(x - (size * 3 / 4), y)], color);

    private static void DrawStem(in Canvas canvas, int x, int y, int size, Color color) =>
        canvas.FilledPolygon([At(x, y), At(x + size, y + (size * 2)), At(x - size, y + (size * 2))], color);

    private static GridPoint At(int x, int y) => new((short)x, (short)y);

    private static void Write(in Canvas canvas, ReadOnlySpan<char> text, int left, int top, int height)
    {
        var size = height / (PixelFont.Rows + 3);
        PixelFont.Draw(canvas, text, left, top + ((height - (PixelFont.Rows * size)) / 2), size, White);
    }

    private static void WriteCentred(in Canvas canvas, ReadOnlySpan<char> text, int top, int height) =>
        Write(canvas, text, (Width - PixelFont.WidthOf(text.Length, height / (PixelFont.Rows + 3))) / 2, top, height);

    private static void Fill(in Canvas canvas, int left, int top, int width, int height, Color color)
    {
        for (var y = top; y < top + height; y++)
            canvas.HorizontalLine(left, left + width - 1, y, color);
    }
}
