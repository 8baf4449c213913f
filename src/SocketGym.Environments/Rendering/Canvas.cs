using System.Runtime.InteropServices;

namespace SocketGym.Environments.Rendering;

/// <summary>
/// Draws into a caller's frame, an array of shape (height, width, 3), dtype uint8, RGB, C order.
/// Every shape is clipped to the frame and yields the pixels that pygame (<c>pygame.gfxdraw</c>, or <c>pygame.draw</c>
/// where a member says so) yields for the same integer coordinates and an opaque colour. Nothing is allocated.
/// The canvas is a view: it is valid as long as the caller's memory is, and two canvases over one frame must not be
/// used at the same time.
/// </summary>
public readonly ref partial struct Canvas
{
    private const int BytesPerPixel = 3;

    private readonly Span<byte> _frame;
    private readonly int _firstRow;
    private readonly int _rowStride;

    /// <summary>Makes a canvas over a frame. The frame's content stays as it is until something is drawn.</summary>
    /// <param name="frame">Exactly <c>height * width * 3</c> bytes.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="rowOrder">Whether y grows downward (the default) or upward.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width or the height is not between 1 and 32,767.</exception>
    /// <exception cref="ArgumentException">The frame's length is not <c>height * width * 3</c>.</exception>
    public Canvas(Span<byte> frame, int width, int height, RowOrder rowOrder = RowOrder.TopDown)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, short.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, short.MaxValue);
        if (frame.Length != (long)width * height * BytesPerPixel)
            throw new ArgumentException(
                $"A frame of {height} x {width} pixels takes {(long)width * height * BytesPerPixel} bytes, not {frame.Length}.",
                nameof(frame));
        _frame = frame;
        Width = width;
        Height = height;
        var stride = width * BytesPerPixel;
        (_firstRow, _rowStride) = rowOrder == RowOrder.TopDown ? (0, stride) : ((height - 1) * stride, -stride);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Fills the whole frame with one colour.</summary>
    /// <param name="color">The colour.</param>
    public void Clear(Color color) => Fill(_frame, color);

    /// <summary>Sets one pixel, if it is inside the frame.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="color">The colour.</param>
    public void SetPixel(int x, int y, Color color)
    {
        if (Contains(x, y))
            Fill(Run(x, y, 1), color);
    }

    /// <summary>Draws the pixels of one row from <paramref name="x1"/> to <paramref name="x2"/>, both included.</summary>
    /// <param name="x1">One end's column.</param>
    /// <param name="x2">The other end's column, on either side.</param>
    /// <param name="y">Row.</param>
    /// <param name="color">The colour.</param>
    public void HorizontalLine(int x1, int x2, int y, Color color)
    {
        if ((uint)y >= (uint)Height)
            return;
        var left = Math.Max(Math.Min(x1, x2), 0);
        var right = Math.Min(Math.Max(x1, x2), Width - 1);
        if (left <= right)
            Fill(Run(left, y, right - left + 1), color);
    }

    /// <summary>Draws the pixels of one column from <paramref name="y1"/> to <paramref name="y2"/>, both included.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y1">One end's row.</param>
    /// <param name="y2">The other end's row, on either side.</param>
    /// <param name="color">The colour.</param>
    public void VerticalLine(int x, int y1, int y2, Color color)
    {
        if ((uint)x >= (uint)Width)
            return;
        var last = Math.Min(Math.Max(y1, y2), Height - 1);
        for (var y = Math.Max(Math.Min(y1, y2), 0); y <= last; y++)
            Fill(Run(x, y, 1), color);
    }

    /// <summary>Mixes a colour into one pixel, if it is inside the frame.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="color">The colour.</param>
    /// <param name="coverage">How much of the pixel the shape covers, 0 (none) to 255 (all).</param>
    private void Blend(int x, int y, Color color, int coverage)
    {
        if (!Contains(x, y))
            return;
        var pixel = Run(x, y, 1);
        // pygame scales the coverage by an opaque colour's alpha, 255, over 256: even full coverage mixes only 254/256.
        var weight = (255 * coverage) >> 8;
        pixel[0] = Mix(pixel[0], color.Red, weight);
        pixel[1] = Mix(pixel[1], color.Green, weight);
        pixel[2] = Mix(pixel[2], color.Blue, weight);
    }

    // The shift rounds toward minus infinity; that is part of the exact result.
    private static byte Mix(byte below, byte above, int weight) => (byte)(below + (((above - below) * weight) >> 8));

    private bool Contains(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height;

    private Span<byte> Run(int x, int y, int pixels) =>
        _frame.Slice(_firstRow + y * _rowStride + x * BytesPerPixel, pixels * BytesPerPixel);

    private static void Fill(Span<byte> pixels, Color color)
    {
        if (color.Red == color.Green && color.Green == color.Blue)
            pixels.Fill(color.Red);
        else
            MemoryMarshal.Cast<byte, Color>(pixels).Fill(color);
    }
}
