namespace SocketGym.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>Paints a shape, scaled: each pixel takes the colour by the share of it that the shape covers.</summary>
    /// <param name="mask">The shape.</param>
    /// <param name="left">The column of the shape's left side.</param>
    /// <param name="top">The row of the shape's first row.</param>
    /// <param name="width">The shape's width in pixels; nothing is painted where it is not positive.</param>
    /// <param name="height">The shape's height in pixels; nothing is painted where it is not positive.</param>
    /// <param name="color">The colour.</param>
    /// <param name="flipX">Whether left and right are exchanged.</param>
    /// <param name="flipY">Whether the first row and the last are exchanged.</param>
    public void PaintMask(CoverageMask mask, int left, int top, int width, int height, Color color, bool flipX = false, bool flipY = false)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var (firstColumn, lastColumn) = (Math.Max(left, 0), Math.Min(left + width, Width));
        var (firstRow, lastRow) = (Math.Max(top, 0), Math.Min(top + height, Height));
        for (var y = firstRow; y < lastRow; y++)
        {
            var row = flipY ? top + height - 1 - y : y - top;
            for (var x = firstColumn; x < lastColumn; x++)
            {
                var column = flipX ? left + width - 1 - x : x - left;
                var coverage = mask.Average((float)column / width, (float)row / height, (column + 1f) / width, (row + 1f) / height);
                if (coverage > 0)
                    Cover(x, y, color, coverage);
            }
        }
    }
}
