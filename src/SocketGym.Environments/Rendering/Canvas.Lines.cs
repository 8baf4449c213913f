namespace SocketGym.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>
    /// Draws a line with both ends, without anti-aliasing, as <c>pygame.draw.line</c> does: a steep line is <paramref name="width"/> pixels
    /// wide in each row, a flat one <paramref name="width"/> pixels high in each column.
    /// A slanted line that leaves the frame keeps its pixels here, while pygame's may move by a pixel.
    /// </summary>
    /// <param name="start">One end.</param>
    /// <param name="end">The other end.</param>
    /// <param name="color">The colour.</param>
    /// <param name="width">The width in pixels, at least 1 (the default).</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    /// <remarks>J. E. Bresenham, "Algorithm for computer control of a digital plotter" (1965).</remarks>
    public void Line(GridPoint start, GridPoint end, Color color, int width = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        int x = start.X, y = start.Y;
        var (dx, dy) = (Math.Abs(end.X - x), Math.Abs(end.Y - y));
        var (stepX, stepY) = (x < end.X ? 1 : -1, y < end.Y ? 1 : -1);
        var isSteep = dx <= dy;
        // An even width has one pixel more on the far side.
        var (before, after) = ((width - 1) / 2, width / 2);
        var error = (dx > dy ? dx : -dy) / 2;
        for (var remaining = Math.Max(dx, dy); remaining >= 0; remaining--)
        {
            if (isSteep)
                HorizontalLine(x - before, x + after, y, color);
            else
                VerticalLine(x, y - before, y + after, color);
            var current = error;
            if (current > -dx)
            {
                error -= dy;
                x += stepX;
            }
            if (current < dy)
            {
                error += dx;
                y += stepY;
            }
        }
    }
}
