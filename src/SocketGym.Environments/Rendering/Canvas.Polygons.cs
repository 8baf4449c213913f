namespace SocketGym.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>Draws a polygon's outline, anti-aliased, as <c>pygame.gfxdraw.aapolygon</c> does.</summary>
    /// <param name="points">The corners in order, 3 or more; the last is joined to the first.</param>
    /// <param name="color">The colour.</param>
    /// <exception cref="ArgumentException">There are fewer than 3 points.</exception>
    public void AntiAliasedPolygon(ReadOnlySpan<GridPoint> points, Color color)
    {
        CheckPolygon(points);
        for (var i = 1; i < points.Length; i++)
            AntiAliasedEdge(points[i - 1], points[i], color);
        AntiAliasedEdge(points[^1], points[0], color);
    }

    /// <summary>
    /// Fills a polygon by the even-odd rule, without anti-aliasing, as <c>pygame.gfxdraw.filled_polygon</c> does
    /// (a concave one only where its corners are at most 32,767 pixels apart).
    /// </summary>
    /// <param name="points">The corners in order, 3 to 1,024; the last is joined to the first.</param>
    /// <param name="color">The colour.</param>
    /// <exception cref="ArgumentException">There are fewer than 3 points or more than 1,024.</exception>
    public void FilledPolygon(ReadOnlySpan<GridPoint> points, Color color)
    {
        CheckPolygon(points);
        if (points.Length > MaxFilledCorners)
            throw new ArgumentException(
                $"A filled polygon has at most {MaxFilledCorners} corners, not {points.Length}.", nameof(points));
        int top = points[0].Y, bottom = top;
        foreach (var point in points)
        {
            top = Math.Min(top, point.Y);
            bottom = Math.Max(bottom, point.Y);
        }

        Span<int> crossings = stackalloc int[points.Length];
        var lastRow = Math.Min(bottom, Height - 1);
        for (var y = Math.Max(top, 0); y <= lastRow; y++)
        {
            var found = crossings[..FindCrossings(points, y, isLastRow: y == bottom, crossings)];
            SortCrossings(found);
            for (var i = 0; i + 1 < found.Length; i += 2)
                HorizontalLine(RoundPosition(found[i] + 1), RoundPosition(found[i + 1] - 1), y, color);
        }
    }

    // Bounds the stack that one call takes: 4 bytes a corner.
    private const int MaxFilledCorners = 1024;

    /// <summary>
    /// Where the edges cross a row, with 16 fractional bits. An edge holds its upper end but not its lower one, so that
    /// a corner counts once; in the polygon's last row the lower ends count too, else it would stay empty.
    /// </summary>
    private static int FindCrossings(ReadOnlySpan<GridPoint> points, int y, bool isLastRow, Span<int> crossings)
    {
        var count = 0;
        var upper = points[^1];
        foreach (var point in points)
        {
            var (from, to) = upper.Y <= point.Y ? (upper, point) : (point, upper);
            upper = point;
            if (from.Y == to.Y)
                continue;
            if ((y >= from.Y && y < to.Y) || (isLastRow && y > from.Y && y <= to.Y))
                crossings[count++] =
                    ((y - from.Y) << 16) / (to.Y - from.Y) * (to.X - from.X) + (from.X << 16);
        }
        return count;
    }

    /// <summary>
    /// Insertion sort, for few crossings. Two of them compare by the sign of their 32-bit difference, as in pygame, so that
    /// those more than 32,767 pixels apart come the wrong way round and the row is filled from edge to edge, or not at all.
    /// </summary>
    private static void SortCrossings(Span<int> crossings)
    {
        for (var end = 1; end < crossings.Length; end++)
        {
            var crossing = crossings[end];
            var index = end;
            for (; index > 0 && unchecked(crossings[index - 1] - crossing) > 0; index--)
                crossings[index] = crossings[index - 1];
            crossings[index] = crossing;
        }
    }

    private static short RoundPosition(int position) => unchecked((short)((position >> 16) + ((position & 0x8000) >> 15)));

    private static void CheckPolygon(ReadOnlySpan<GridPoint> points)
    {
        if (points.Length < 3)
            throw new ArgumentException($"A polygon has 3 or more corners, not {points.Length}.", nameof(points));
    }
}
