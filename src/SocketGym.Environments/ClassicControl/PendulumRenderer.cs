using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ClassicControl;

/// <summary>Pendulum's picture: rod and axle pixel by pixel those of Gymnasium's <c>rgb_array</c> frame, the arrow a drawing of the same place, size and shape.</summary>
/// <remarks>Gymnasium's arrow is a picture that pygame scales; this one is drawn, and its edges differ by shades. Thread-safe, as long as each frame is written by one thread.</remarks>
public static class PendulumRenderer
{
    /// <summary>The frame's width and height in pixels.</summary>
    public const int Size = 500;

    /// <summary>The frame's size in bytes.</summary>
    public const int FrameBytes = Size * Size * 3;

    // The world reaches 2.2 from the axle to each side.
    private const double Scale = Size / (2.2 * 2);
    private const int Offset = Size / 2;
    private const double RodLength = 1 * Scale;
    private const double RodWidth = 0.2 * Scale;
    private const int AxleRadius = (int)(0.05 * Scale);

    private static readonly Color RodColor = new(204, 77, 77);

    // In pixels of Gymnasium's picture: a ring around (173, 156), open at the upper left, and the four corners of its head.
    private static readonly CoverageMask Arrow = new(329, 312, IsInArrow);

    /// <summary>Draws a state.</summary>
    /// <param name="angle">The angle from upright, in radians; finite.</param>
    /// <param name="torque">The last torque, which the arrow shows: as wide as half the torque in the world's units; null for none.</param>
    /// <param name="frame">Receives the frame: shape (500, 500, 3), uint8, RGB, C order; <see cref="FrameBytes"/> bytes. Written whole.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The angle or the torque is not finite.</exception>
    public static void Render(double angle, double? torque, Span<byte> frame)
    {
        if (!double.IsFinite(angle) || !double.IsFinite(torque ?? 0))
            throw new ArgumentOutOfRangeException(nameof(angle), angle, "A pendulum can be drawn at a finite angle and torque only.");
        var rotation = Rotation.FromRadians(angle + Math.PI / 2);
        var canvas = new Canvas(frame, Size, Size, RowOrder.BottomUp);
        canvas.Clear(Color.White);
        Span<GridPoint> corners = [Place(0, -RodWidth / 2), Place(0, RodWidth / 2), Place(RodLength, RodWidth / 2), Place(RodLength, -RodWidth / 2)];
        canvas.AntiAliasedPolygon(corners, RodColor);
        canvas.FilledPolygon(corners, RodColor);
        DrawDisc(canvas, new(Offset, Offset), (int)(RodWidth / 2), RodColor);
        DrawDisc(canvas, Place(RodLength, 0), (int)(RodWidth / 2), RodColor);
        if (torque is { } push)
        {
            var size = (int)Math.Min(Scale * Math.Abs(push) / 2, Size * 4.0);
            canvas.PaintMask(Arrow, Offset - size / 2, Offset - size / 2, size, size, Color.Black, flipX: push > 0, flipY: true);
        }
        DrawDisc(canvas, new(Offset, Offset), AxleRadius, Color.Black);

        GridPoint Place(double along, double across)
        {
            var (x, y) = rotation.Apply(along, across);
            return GridPoint.Truncate(x + Offset, y + Offset);
        }
    }

    private static void DrawDisc(Canvas canvas, GridPoint center, int radius, Color color)
    {
        canvas.AntiAliasedCircle(center, radius, color);
        canvas.FilledCircle(center, radius, color);
    }

    private static bool IsInArrow(float x, float y)
    {
        const float CenterX = 173.2f, CenterY = 156, Inner = 146, Outer = 156;
        var square = (x - CenterX) * (x - CenterX) + (y - CenterY) * (y - CenterY);
        var isInRing = square is <= Outer * Outer and >= Inner * Inner && (x >= 171 || y >= CenterY);
        // The head's tip at (21.5, 110), its barbs 60 lower and 22.5 to either side, its notch at 154.
        var (beside, below) = (Math.Abs(x - 21.75f), y - 110);
        return isInRing || (below >= 0 && beside <= below * 0.375f && below <= 44 + beside * (16 / 22.5f));
    }
}
