namespace SocketGym.Environments.Rendering;

/// <summary>A place on the pixel grid. It may lie outside the canvas: shapes are clipped when drawn.</summary>
/// <param name="X">Column, counted from the left edge.</param>
/// <param name="Y">Row, counted from row 0 of the canvas's <see cref="RowOrder"/>.</param>
public readonly record struct GridPoint(short X, short Y)
{
    /// <summary>
    /// The grid point of a real-valued position, as <c>pygame.gfxdraw</c> converts one: each coordinate is truncated
    /// toward zero and its low 16 bits are kept, so far positions wrap around.
    /// </summary>
    /// <param name="x">Horizontal position in pixels.</param>
    /// <param name="y">Vertical position in pixels.</param>
    /// <returns>The truncated point.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate is NaN or does not fit 64 bits.</exception>
    public static GridPoint Truncate(double x, double y) => new(Truncate(x), Truncate(y));

    private static short Truncate(double coordinate)
    {
        // 2^63 is the first double that a 64-bit integer cannot hold; the comparison is false for NaN too.
        const double limit = 9223372036854775808.0;
        if (!(coordinate >= -limit && coordinate < limit))
            throw new ArgumentOutOfRangeException(
                nameof(coordinate), coordinate, "A coordinate must be a number that fits 64 bits to be drawn.");
        return unchecked((short)(long)coordinate);
    }
}
