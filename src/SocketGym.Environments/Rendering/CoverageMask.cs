namespace SocketGym.Environments.Rendering;

/// <summary>A shape in a rectangle, kept so that the share of any part of the rectangle that it covers is read in constant time.</summary>
/// <remarks>
/// F. C. Crow, "Summed-area tables for texture mapping" (SIGGRAPH 1984). Immutable and thread-safe.
/// </remarks>
public sealed class CoverageMask
{
    // Samples along each side of a cell.
    private const int Samples = 4;

    private readonly int _columns;
    private readonly int _rows;
    private readonly float[] _sums;

    /// <summary>Makes a mask.</summary>
    /// <param name="columns">The number of cells across, at least 1.</param>
    /// <param name="rows">The number of cells down, at least 1.</param>
    /// <param name="contains">Whether the shape covers a position, given from 0 to <paramref name="columns"/> and 0 to <paramref name="rows"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no cell.</exception>
    public CoverageMask(int columns, int rows, Func<float, float, bool> contains)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentNullException.ThrowIfNull(contains);
        (_columns, _rows) = (columns, rows);
        _sums = new float[(columns + 1) * (rows + 1)];
        for (var row = 0; row < rows; row++)
        {
            var sum = 0f;
            for (var column = 0; column < columns; column++)
            {
                sum += Sample(column, row, contains);
                _sums[(row + 1) * (columns + 1) + column + 1] = _sums[row * (columns + 1) + column + 1] + sum;
            }
        }
    }

    /// <summary>The share of a part that the shape covers.</summary>
    /// <param name="left">The part's left side, 0 to 1 of the whole.</param>
    /// <param name="top">The part's first row, 0 to 1 of the whole.</param>
    /// <param name="right">The part's right side, greater than its left one.</param>
    /// <param name="bottom">The part's last row, greater than its first one.</param>
    /// <returns>0 to 1.</returns>
    public float Average(float left, float top, float right, float bottom)
    {
        var (x1, x2, y1, y2) = (left * _columns, right * _columns, top * _rows, bottom * _rows);
        var sum = SumTo(x2, y2) - SumTo(x1, y2) - SumTo(x2, y1) + SumTo(x1, y1);
        return Math.Clamp(sum / ((x2 - x1) * (y2 - y1)), 0, 1);
    }

    private static float Sample(int column, int row, Func<float, float, bool> contains)
    {
        var covered = 0;
        for (var y = 0; y < Samples; y++)
        {
            for (var x = 0; x < Samples; x++)
                covered += contains(column + (x + 0.5f) / Samples, row + (y + 0.5f) / Samples) ? 1 : 0;
        }
        return covered / (float)(Samples * Samples);
    }

    private float SumTo(float x, float y)
    {
        var (column, row) = (Math.Min((int)x, _columns - 1), Math.Min((int)y, _rows - 1));
        var (right, down) = (x - column, y - row);
        var index = row * (_columns + 1) + column;
        var upper = _sums[index] + right * (_sums[index + 1] - _sums[index]);
        index += _columns + 1;
        var lower = _sums[index] + right * (_sums[index + 1] - _sums[index]);
        return upper + down * (lower - upper);
    }
}
