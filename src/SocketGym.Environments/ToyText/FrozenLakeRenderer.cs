using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ToyText;

/// <summary>FrozenLake's picture: Gymnasium's layout and colours, its sprites as drawings of our own.</summary>
/// <remarks>Immutable and thread-safe, as long as each frame is written by one thread.</remarks>
public sealed class FrozenLakeRenderer
{
    private const int LargestCell = 64;
    private const int LargestSide = 512;

    private static readonly Color Ice = new(237, 246, 252);
    private static readonly Color Drift = new(200, 224, 248);
    private static readonly Color Line = new(180, 200, 230);

    // Left, down, right, up.
    private static readonly (int Column, int Row)[] Gazes = [(-1, 0), (0, 1), (1, 0), (0, -1)];

    private readonly FrozenLakeMap _map;
    private readonly int _cellWidth;
    private readonly int _cellHeight;

    /// <summary>Makes what draws one map.</summary>
    /// <param name="map">The map.</param>
    public FrozenLakeRenderer(FrozenLakeMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _map = map;
        (Width, Height) = (Math.Min(LargestCell * map.Columns, LargestSide), Math.Min(LargestCell * map.Rows, LargestSide));
        (_cellWidth, _cellHeight) = (Width / map.Columns, Height / map.Rows);
    }

    /// <summary>The frame's width in pixels: 64 a column, at most 512.</summary>
    public int Width { get; }

    /// <summary>The frame's height in pixels: 64 a row, at most 512.</summary>
    public int Height { get; }

    /// <summary>Draws a state.</summary>
    /// <param name="state">Where the elf is: row * columns + column.</param>
    /// <param name="direction">Where it looks: 0 left, 1 down, 2 right, 3 up.</param>
    /// <param name="frame">Receives the frame: shape (<see cref="Height"/>, <see cref="Width"/>, 3), uint8, RGB, C order. Written whole.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    public void Render(int state, int direction, Span<byte> frame)
    {
        var canvas = new Canvas(frame, Width, Height);
        canvas.Clear(Color.Black);
        // Cells of less than a pixel cannot be seen.
        if (_cellWidth == 0 || _cellHeight == 0)
            return;
        for (var cell = 0; cell < _map.Rows * _map.Columns; cell++)
        {
            var tile = new Tile(canvas, cell % _map.Columns * _cellWidth, cell / _map.Columns * _cellHeight, _cellWidth, _cellHeight);
            DrawGround(tile, _map[cell], isBroken: cell == state && _map[cell] == 'H');
            tile.Frame(Line);
            if (cell == state && _map[cell] != 'H')
                Figures.Elf(tile, Gazes[direction].Column, Gazes[direction].Row);
        }
    }

    private static void DrawGround(in Tile tile, char letter, bool isBroken)
    {
        tile.Fill(Ice);
        tile.Rectangle(0.1, 0.3, 0.35, 0.36, Drift);
        tile.Rectangle(0.55, 0.7, 0.9, 0.76, Drift);
        switch (letter)
        {
            case 'H':
                tile.Disc(0.5, 0.52, 0.42, new(24, 112, 184));
                tile.Disc(0.5, 0.55, 0.38, isBroken ? new(0, 48, 88) : new(56, 200, 240));
                if (isBroken)
                    break;
                tile.Rectangle(0.3, 0.5, 0.5, 0.54, new(232, 240, 248));
                tile.Rectangle(0.45, 0.66, 0.7, 0.7, new(232, 240, 248));
                break;
            case 'G':
                tile.Rectangle(0.22, 0.36, 0.78, 0.84, new(200, 112, 40));
                tile.Rectangle(0.22, 0.36, 0.78, 0.46, new(72, 104, 128));
                tile.Rectangle(0.44, 0.28, 0.56, 0.84, new(240, 176, 64));
                tile.Disc(0.4, 0.28, 0.08, new(240, 176, 64));
                tile.Disc(0.6, 0.28, 0.08, new(240, 176, 64));
                break;
            case 'S':
                tile.Rectangle(0.38, 0.62, 0.62, 0.7, new(184, 104, 96));
                tile.Rectangle(0.4, 0.7, 0.46, 0.8, new(80, 48, 56));
                tile.Rectangle(0.54, 0.7, 0.6, 0.8, new(80, 48, 56));
                break;
        }
    }
}
