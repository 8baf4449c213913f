using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ToyText;

/// <summary>A rectangle of a canvas to draw in, with positions from 0 to 1 of its width and height, y downward.</summary>
/// <param name="canvas">The canvas.</param>
/// <param name="left">The tile's column of pixels.</param>
/// <param name="top">The tile's row of pixels.</param>
/// <param name="width">The tile's width in pixels.</param>
/// <param name="height">The tile's height in pixels.</param>
internal readonly ref struct Tile(Canvas canvas, int left, int top, int width, int height)
{
    private readonly Canvas _canvas = canvas;

    /// <summary>Fills the whole tile.</summary>
    /// <param name="color">The colour.</param>
    public void Fill(Color color) => Rectangle(0, 0, 1, 1, color);

    /// <summary>Fills a rectangle.</summary>
    /// <param name="x1">Its left side.</param>
    /// <param name="y1">Its upper side.</param>
    /// <param name="x2">Its right side.</param>
    /// <param name="y2">Its lower side.</param>
    /// <param name="color">The colour.</param>
    public void Rectangle(double x1, double y1, double x2, double y2, Color color)
    {
        var (first, last) = (X(x1), X(x2) - 1);
        if (first > last)
            return;
        for (var y = Y(y1); y < Y(y2); y++)
            _canvas.HorizontalLine(first, last, y, color);
    }

    /// <summary>Draws the tile's border, one pixel wide.</summary>
    /// <param name="color">The colour.</param>
    public void Frame(Color color)
    {
        var (right, bottom) = (left + width - 1, top + height - 1);
        _canvas.HorizontalLine(left, right, top, color);
        _canvas.HorizontalLine(left, right, bottom, color);
        _canvas.VerticalLine(left, top, bottom, color);
        _canvas.VerticalLine(right, top, bottom, color);
    }

    /// <summary>Draws a disc.</summary>
    /// <param name="x">Its centre.</param>
    /// <param name="y">Its centre.</param>
    /// <param name="radius">Its radius, of the tile's smaller side.</param>
    /// <param name="color">The colour.</param>
    public void Disc(double x, double y, double radius, Color color)
    {
        var (center, pixels) = (new GridPoint((short)X(x), (short)Y(y)), (int)(radius * Math.Min(width, height)));
        _canvas.AntiAliasedCircle(center, pixels, color);
        _canvas.FilledCircle(center, pixels, color);
    }

    /// <summary>Draws a triangle.</summary>
    /// <param name="x1">A corner.</param>
    /// <param name="y1">A corner.</param>
    /// <param name="x2">Another corner.</param>
    /// <param name="y2">Another corner.</param>
    /// <param name="x3">The last corner.</param>
    /// <param name="y3">The last corner.</param>
    /// <param name="color">The colour.</param>
    public void Triangle(double x1, double y1, double x2, double y2, double x3, double y3, Color color)
    {
        ReadOnlySpan<GridPoint> corners = [new((short)X(x1), (short)Y(y1)), new((short)X(x2), (short)Y(y2)), new((short)X(x3), (short)Y(y3))];
        _canvas.AntiAliasedPolygon(corners, color);
        _canvas.FilledPolygon(corners, color);
    }

    private int X(double x) => left + (int)Math.Round(x * width);

    private int Y(double y) => top + (int)Math.Round(y * height);
}
