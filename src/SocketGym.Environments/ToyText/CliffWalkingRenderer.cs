using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ToyText;

/// <summary>CliffWalking's picture: Gymnasium's layout and colours, its sprites as drawings of our own.</summary>
/// <remarks>Stateless and thread-safe, as long as each frame is written by one thread.</remarks>
public static class CliffWalkingRenderer
{
    /// <summary>The frame's width in pixels.</summary>
    public const int Width = Columns * Cell;

    /// <summary>The frame's height in pixels.</summary>
    public const int Height = Rows * Cell;

    private const int Rows = 4;
    private const int Columns = 12;
    private const int Cell = 60;
    private const int Goal = Rows * Columns - 1;
    private const int Start = (Rows - 1) * Columns;

    private static readonly Color DarkGrass = new(112, 184, 104);
    private static readonly Color LightGrass = new(112, 200, 80);
    private static readonly Color Edge = new(144, 80, 72);

    // Up, right, down, left.
    private static readonly (int Column, int Row)[] Gazes = [(0, -1), (1, 0), (0, 1), (-1, 0)];

    /// <summary>Draws a state.</summary>
    /// <param name="state">Where the elf is: row * 12 + column.</param>
    /// <param name="direction">Where it looks: 0 up, 1 right, 2 down, 3 left.</param>
    /// <param name="frame">Receives the frame: shape (240, 720, 3), uint8, RGB, C order. Written whole.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    public static void Render(int state, int direction, Span<byte> frame)
    {
        var canvas = new Canvas(frame, Width, Height);
        for (var cell = 0; cell <= Goal; cell++)
            DrawGround(new Tile(canvas, cell % Columns * Cell, cell / Columns * Cell, Cell, Cell), cell);
        // A little higher than its cell, and over the one above.
        Figures.Elf(new Tile(canvas, state % Columns * Cell, state / Columns * Cell - Cell / 10, Cell, Cell), Gazes[direction].Column, Gazes[direction].Row);
    }

    private static void DrawGround(in Tile tile, int cell)
    {
        var grass = (cell / Columns + cell % Columns) % 2 == 0 ? DarkGrass : LightGrass;
        tile.Fill(grass);
        tile.Frame(new((byte)(grass.Red - 20), (byte)(grass.Green - 36), (byte)(grass.Blue - 16)));
        if (cell is > Start and < Goal)
        {
            tile.Fill(new(48, 24, 32));
            tile.Rectangle(0, 0, 1, 0.18, new(112, 56, 56));
        }
        else if (cell is > Start - Columns and < Goal - Columns)
        {
            tile.Rectangle(0, 0.75, 1, 1, Edge);
        }
        else if (cell == Start)
        {
            tile.Rectangle(0.38, 0.62, 0.62, 0.7, new(184, 104, 96));
            tile.Rectangle(0.4, 0.7, 0.46, 0.8, new(80, 48, 56));
            tile.Rectangle(0.54, 0.7, 0.6, 0.8, new(80, 48, 56));
        }
        else if (cell == Goal)
        {
            tile.Disc(0.5, 0.5, 0.21, new(120, 64, 48));
            tile.Disc(0.5, 0.5, 0.19, new(224, 152, 96));
        }
    }
}
