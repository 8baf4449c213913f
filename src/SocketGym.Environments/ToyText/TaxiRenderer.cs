using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ToyText;

/// <summary>Taxi's picture: Gymnasium's layout and colours, its sprites as drawings of our own.</summary>
/// <remarks>Stateless and thread-safe, as long as each frame is written by one thread.</remarks>
internal static class TaxiRenderer
{
    /// <summary>The frame's width in pixels.</summary>
    public const int Width = 550;

    /// <summary>The frame's height in pixels.</summary>
    public const int Height = 350;

    private const int Cell = 50;
    private const int InTaxi = 4;

    // How far below its cell the mark of a place lies.
    private const int MarkOffset = 10;

    private static readonly Color Road = new(115, 115, 115);
    private static readonly Color Stone = new(216, 208, 176);
    private static readonly Color Hedge = new(78, 126, 34);

    // Red, green, yellow, blue, each half of it and half of the road.
    private static readonly Color[] Marks = [new(185, 57, 57), new(57, 185, 57), new(185, 185, 57), new(57, 57, 185)];

    /// <summary>Draws a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="direction">Where the taxi heads: 0 south, 1 north, 2 east, 3 west.</param>
    /// <param name="frame">Receives the frame: shape (350, 550, 3), uint8, RGB, C order. Written whole.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    public static void Render(TaxiState state, int direction, Span<byte> frame)
    {
        var canvas = new Canvas(frame, Width, Height);
        canvas.Clear(Road);
        for (var row = 0; row < TaxiGrid.Rows; row++)
        {
            for (var column = 0; column < TaxiGrid.Columns; column++)
                DrawHedge(new Tile(canvas, column * Cell, row * Cell, Cell, Cell), row, column);
        }
        for (var place = 0; place < TaxiGrid.Places.Length; place++)
            TileAt(canvas, TaxiGrid.Places[place], MarkOffset).Fill(Marks[place]);
        if (state.Passenger < InTaxi)
            Figures.Passenger(TileAt(canvas, TaxiGrid.Places[state.Passenger], 0));
        // What is further south lies before what is further north.
        var destination = TaxiGrid.Places[state.Destination];
        var isBehind = destination.Row <= state.Row;
        if (isBehind)
            DrawHotel(TileAt(canvas, destination, -Cell / 2));
        Figures.Taxi(TileAt(canvas, (state.Row, state.Column), 0), direction);
        if (!isBehind)
            DrawHotel(TileAt(canvas, destination, -Cell / 2));
    }

    private static Tile TileAt(Canvas canvas, (int Row, int Column) place, int lower) =>
        new(canvas, (place.Column * 2 + 1) * Cell, (place.Row + 1) * Cell + lower, Cell, Cell);

    private static void DrawHedge(in Tile tile, int row, int column)
    {
        switch (TaxiGrid.LetterAt(row, column))
        {
            case '|':
                var (top, bottom) = (TaxiGrid.LetterAt(row - 1, column) == '|' ? 0 : 0.06, TaxiGrid.LetterAt(row + 1, column) == '|' ? 1 : 0.94);
                tile.Rectangle(0.18, top, 0.82, bottom, Stone);
                tile.Rectangle(0.24, top == 0 ? 0 : 0.12, 0.76, bottom == 1 ? 1 : 0.88, Hedge);
                break;
            case '-':
                var (left, right) = (TaxiGrid.LetterAt(row, column - 1) == '-' ? 0 : 0.06, TaxiGrid.LetterAt(row, column + 1) == '-' ? 1 : 0.94);
                tile.Rectangle(left, 0.24, right, 0.8, Stone);
                tile.Rectangle(left == 0 ? 0 : 0.12, 0.3, right == 1 ? 1 : 0.88, 0.74, Hedge);
                break;
        }
    }

    private static void DrawHotel(in Tile tile)
    {
        tile.Rectangle(0.04, 0.05, 0.96, 0.98, new(204, 160, 112));
        tile.Rectangle(0.04, 0.05, 0.96, 0.2, new(140, 100, 110));
        for (var floor = 0; floor < 3; floor++)
        {
            for (var window = 0; window < 3; window++)
                tile.Rectangle(0.16 + 0.26 * window, 0.28 + 0.22 * floor, 0.3 + 0.26 * window, 0.4 + 0.22 * floor, new(100, 60, 104));
        }
    }
}
