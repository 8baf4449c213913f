namespace SocketGym.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>
    /// Draws one edge of an anti-aliased outline: from <paramref name="start"/> up to, but without,
    /// <paramref name="end"/>, which the next edge draws (a horizontal or vertical edge draws both).
    /// </summary>
    /// <param name="start">Where the edge starts.</param>
    /// <param name="end">Where the next edge starts.</param>
    /// <param name="color">The colour.</param>
    /// <remarks>
    /// The line of X. Wu, "An efficient antialiasing technique" (SIGGRAPH 1991): on each step along the longer axis
    /// the two pixels that the exact line passes between share the colour by their distance to it.
    /// </remarks>
    private void AntiAliasedEdge(GridPoint start, GridPoint end, Color color)
    {
        int x1 = start.X, y1 = start.Y, x2 = end.X, y2 = end.Y;
        if (!ClipSegment(ref x1, ref y1, ref x2, ref y2))
            return;
        SetPixel(x1, y1, color);
        if (y1 > y2)
            (x1, y1, x2, y2) = (x2, y2, x1, y1);
        if (x1 == x2)
        {
            VerticalLine(x1, y1, y2, color);
            return;
        }
        if (y1 == y2)
        {
            HorizontalLine(x1, x2, y1, color);
            return;
        }

        var (dx, dy) = (Math.Abs(x2 - x1), y2 - y1);
        var direction = x2 > x1 ? 1 : -1;
        // Positions on the shorter axis have 16 fractional bits, of which the upper 8 are the coverage.
        if (dy > dx)
        {
            var slope = (dx << 16) / dy;
            for (var step = 1; step < dy; step++)
            {
                var position = (uint)(step * slope);
                var x = x1 + direction * (int)(position >> 16);
                var coverage = (int)(position >> 8) & 255;
                Blend(x, y1 + step, color, 255 - coverage);
                Blend(x + direction, y1 + step, color, coverage);
            }
        }
        else
        {
            var slope = (uint)((dy << 16) / dx);
            for (var step = 1; step < dx; step++)
            {
                var position = (uint)step * slope;
                var y = y1 + (int)(position >> 16);
                var coverage = (int)(position >> 8) & 255;
                Blend(x1 + direction * step, y, color, 255 - coverage);
                Blend(x1 + direction * step, y + 1, color, coverage);
            }
        }
    }

    /// <summary>
    /// Clips a segment to the frame (Cohen and Sutherland's outcodes). Cut ends are truncated to whole pixels, as pygame
    /// does, so a clipped line may run up to a pixel beside the unclipped one.
    /// </summary>
    /// <returns>Whether anything of the segment is left.</returns>
    private bool ClipSegment(ref int x1, ref int y1, ref int x2, ref int y2)
    {
        while (true)
        {
            var (side1, side2) = (Outside(x1, y1), Outside(x2, y2));
            if ((side1 | side2) == Sides.None)
                return true;
            if ((side1 & side2) != Sides.None)
                return false;
            if (side1 == Sides.None)
            {
                (x1, y1, x2, y2) = (x2, y2, x1, y1);
                side1 = side2;
            }
            var slope = x2 == x1 ? 1f : (float)(y2 - y1) / (x2 - x1);
            if ((side1 & (Sides.Left | Sides.Right)) != Sides.None)
            {
                var edge = (side1 & Sides.Left) != Sides.None ? 0 : Width - 1;
                y1 += (int)((edge - x1) * slope);
                x1 = edge;
            }
            else
            {
                var edge = (side1 & Sides.Above) != Sides.None ? 0 : Height - 1;
                if (x2 != x1)
                    x1 += (int)((edge - y1) / slope);
                y1 = edge;
            }
        }
    }

    private Sides Outside(int x, int y)
    {
        var horizontal = x < 0 ? Sides.Left : x >= Width ? Sides.Right : Sides.None;
        var vertical = y < 0 ? Sides.Above : y >= Height ? Sides.Below : Sides.None;
        return horizontal | vertical;
    }

    [Flags]
    private enum Sides
    {
        None = 0,
        Left = 1,
        Right = 2,
        Above = 4,
        Below = 8,
    }
}
