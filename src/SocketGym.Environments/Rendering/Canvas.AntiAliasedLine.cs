namespace SocketGym.Environments.Rendering;

public readonly ref partial struct Canvas
{
    // Lines of less than this in both directions, in pixels, are one pixel.
    private const double ShortestLine = 0.0001;

    /// <summary>Draws an anti-aliased line one pixel wide between real-valued positions, as <c>pygame.draw.aaline</c> does.</summary>
    /// <param name="x1">One end's horizontal position in pixels.</param>
    /// <param name="y1">One end's vertical position in pixels.</param>
    /// <param name="x2">The other end's horizontal position in pixels.</param>
    /// <param name="y2">The other end's vertical position in pixels.</param>
    /// <param name="color">The colour.</param>
    /// <remarks>
    /// Wu's line with ends of their own: on each step along the longer axis the two pixels that the line passes between share the colour by their distance to it, and
    /// the pixels at an end take of it what the line covers of their width. All in float32, as pygame computes.
    /// </remarks>
    public void AntiAliasedLine(float x1, float y1, float x2, float y2, Color color)
    {
        if (!float.IsFinite(x1 + y1 + x2 + y2))
            return;
        if (Math.Abs(x2 - x1) < ShortestLine && Math.Abs(y2 - y1) < ShortestLine)
        {
            Cover((int)MathF.Floor(x1 + 0.5f), (int)MathF.Floor(y1 + 0.5f), color, 1);
            return;
        }
        // A steep line is walked along y: "along" and "across" are then exchanged.
        var isSteep = Math.Abs(x2 - x1) < Math.Abs(y2 - y1);
        var line = isSteep ? new Segment(y1, x1, y2, x2) : new Segment(x1, y1, x2, y2);
        if (line.Along2 < line.Along1)
            line = new Segment(line.Along2, line.Across2, line.Along1, line.Across1);
        var (lengthLimit, widthLimit) = isSteep ? (Height, Width) : (Width, Height);
        var gradient = (line.Across2 - line.Across1) / (line.Along2 - line.Along1);
        // A pixel further on each side, whose neighbour inside has a share of the colour.
        if (!line.TryClip(gradient, -1, lengthLimit, widthLimit))
            return;
        Walk(line, gradient, lengthLimit, isSteep, color);
    }

    private void Walk(Segment line, float gradient, int lengthLimit, bool isSteep, Color color)
    {
        // One pixel lower, positions are not negative, and truncation rounds them down.
        var (across1, across2) = (line.Across1 + 1, line.Across2 + 1);
        var first = (int)line.Along1;
        var across = across1 + gradient * (first - line.Along1);
        if (line.Along2 > 0)
        {
            Share(first, across, 1 + first - line.Along1, isSteep, color);
            across += gradient;
            first++;
        }
        var last = (int)MathF.Ceiling(line.Along2);
        if (line.Along1 < lengthLimit - 1)
            Share(last, across2 + gradient * (last - line.Along2), 1 - last + line.Along2, isSteep, color);
        for (var along = first; along < last; along++)
        {
            Share(along, across, 1, isSteep, color);
            across += gradient;
        }
    }

    // The two pixels on either side of a position; the nearer takes more.
    private void Share(int along, float across, float width, bool isSteep, Color color)
    {
        var below = (int)across;
        var brightness = across - below;
        if (below < across)
            CoverTurned(along, below, brightness * width, isSteep, color);
        CoverTurned(along, below - 1, (1 - brightness) * width, isSteep, color);
    }

    private void CoverTurned(int along, int across, float brightness, bool isSteep, Color color)
    {
        if (isSteep)
            Cover(across, along, color, brightness);
        else
            Cover(along, across, color, brightness);
    }

    private void Cover(int x, int y, Color color, float brightness)
    {
        if (!Contains(x, y))
            return;
        var pixel = Run(x, y, 1);
        pixel[0] = (byte)(brightness * color.Red + (1 - brightness) * pixel[0]);
        pixel[1] = (byte)(brightness * color.Green + (1 - brightness) * pixel[1]);
        pixel[2] = (byte)(brightness * color.Blue + (1 - brightness) * pixel[2]);
    }

    private record struct Segment(float Along1, float Across1, float Along2, float Across2)
    {
        /// <summary>Cuts off what lies outside.</summary>
        /// <returns>Whether anything is left.</returns>
        public bool TryClip(float gradient, float low, float lengthLimit, float widthLimit)
        {
            if (Along2 <= low || Along1 >= lengthLimit)
                return false;
            if (Along1 < low)
                (Across1, Along1) = (Across1 + gradient * (low - Along1), low);
            if (Along2 > lengthLimit)
                (Across2, Along2) = (Across2 + gradient * (lengthLimit - Along2), lengthLimit);
            if (gradient > 0)
            {
                if (Across2 <= low || Across1 >= widthLimit)
                    return false;
                if (Across1 < low)
                    (Along1, Across1) = (Along1 + (low - Across1) / gradient, low);
                if (Across2 > widthLimit)
                    (Along2, Across2) = (Along2 + (widthLimit - Across2) / gradient, widthLimit);
                return true;
            }
            if (Across1 <= low || Across2 >= widthLimit)
                return false;
            if (Across2 < low)
                (Along2, Across2) = (Along2 + (low - Across2) / gradient, low);
            if (Across1 > widthLimit)
                (Along1, Across1) = (Along1 + (widthLimit - Across1) / gradient, widthLimit);
            return true;
        }
    }
}
