namespace SocketGym.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>Fills a circle, without anti-aliasing, as <c>pygame.gfxdraw.filled_circle</c> does.</summary>
    /// <param name="center">The centre.</param>
    /// <param name="radius">The radius in pixels, 0 or more; 0 is the centre's pixel alone.</param>
    /// <param name="color">The colour.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is negative.</exception>
    public void FilledCircle(GridPoint center, int radius, Color color)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        // The midpoint circle of one octant, each of its points giving a row near the centre (half width y) and, where
        // it is the first on its row, a row far from the centre (half width x). Taking the first and not the last is
        // pygame's way: it makes the outermost row a single pixel.
        for (int x = 0, y = radius, previous = -1; x <= y; x++)
        {
            if (x > 0 && x * x + y * y - y >= radius * radius && --y < x)
                break;
            if (x < y)
                MirroredRows(center, row: x, halfWidth: y, color);
            if (y != previous)
                MirroredRows(center, row: y, halfWidth: x, color);
            previous = y;
        }
    }

    private void MirroredRows(GridPoint center, int row, int halfWidth, Color color)
    {
        HorizontalLine(center.X - halfWidth, center.X + halfWidth, center.Y - row, color);
        HorizontalLine(center.X - halfWidth, center.X + halfWidth, center.Y + row, color);
    }

    /// <summary>Draws a circle's outline, anti-aliased, as <c>pygame.gfxdraw.aacircle</c> does.</summary>
    /// <param name="center">The centre.</param>
    /// <param name="radius">The radius in pixels, 0 or more; 0 is the centre's pixel alone.</param>
    /// <param name="color">The colour.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is negative.</exception>
    /// <remarks>
    /// One quadrant is walked and mirrored. With e(x, y) = r² - x² - y², the arc is at a first-order distance of
    /// |e| / 2y from the pixel (x, y), inside it where e is negative. So on each column of the flat part the nearer row
    /// takes the colour by that distance, and the row on the arc's other side takes the rest; the steep part does the
    /// same with rows and columns exchanged. The parts may overlap by a pixel, as in pygame, and pixels in the
    /// overlap are mixed twice.
    /// </remarks>
    public void AntiAliasedCircle(GridPoint center, int radius, Color color)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        if (radius == 0)
        {
            SetPixel(center.X, center.Y, color);
            return;
        }
        var span = (int)Math.Round(radius / Math.Sqrt(2));
        int x = 0, y = radius;
        SetPixel(center.X, center.Y - radius, color);
        SetPixel(center.X, center.Y + radius, color);
        for (var step = 0; step < span; step++)
        {
            x++;
            if (Residual(radius, x, y) + Residual(radius, x, y - 1) < 0)
                y--;
            var residual = Residual(radius, x, y);
            var coverage = Coverage(radius, residual, y);
            BlendQuadrants(center, x, y, color, 255 - coverage);
            BlendQuadrants(center, x, residual >= 0 ? y + 1 : y - 1, color, coverage);
        }
        for (var step = 0; step < span; step++)
        {
            y--;
            if (Residual(radius, x, y) + Residual(radius, x + 1, y) > 0)
                x++;
            var residual = Residual(radius, x, y);
            var coverage = Coverage(radius, residual, x);
            BlendQuadrants(center, x, y, color, 255 - coverage);
            BlendQuadrants(center, residual > 0 ? x + 1 : x - 1, y, color, coverage);
        }
    }

    private static int Residual(int radius, int x, int y) => radius * radius - x * x - y * y;

    private static int Coverage(int radius, int residual, int axis)
    {
        if (axis == 0)
            return 255;
        // Both sides carry a factor r² and are singles, as in pygame's ellipse: it decides how large circles round.
        var scale = (long)radius * radius;
        var distance = (float)(scale * Math.Abs(residual)) / (float)(scale * 2 * Math.Abs(axis));
        return (int)(Math.Min(distance, 1f) * 255);
    }

    private void BlendQuadrants(GridPoint center, int x, int y, Color color, int coverage)
    {
        Blend(center.X - x, center.Y - y, color, coverage);
        Blend(center.X + x, center.Y - y, color, coverage);
        Blend(center.X - x, center.Y + y, color, coverage);
        Blend(center.X + x, center.Y + y, color, coverage);
    }
}
