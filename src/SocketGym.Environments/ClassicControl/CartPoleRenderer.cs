using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ClassicControl;

/// <summary>CartPole's picture: pixel by pixel the <c>rgb_array</c> frame of Gymnasium's <c>CartPole</c>.</summary>
/// <remarks>Stateless and thread-safe, as long as each frame is written by one thread.</remarks>
public static class CartPoleRenderer
{
    /// <summary>The frame's width in pixels.</summary>
    public const int Width = 600;

    /// <summary>The frame's height in pixels.</summary>
    public const int Height = 400;

    /// <summary>The frame's size in bytes.</summary>
    public const int FrameBytes = Height * Width * 3;

    // Pixels.
    private const double CartWidth = 50;
    private const double CartHeight = 30;
    private const double PoleWidth = 10;
    private const double AxleOffset = CartHeight / 4;
    private const int TrackHeight = 100;

    private static readonly Color PoleColor = new(202, 152, 101);
    private static readonly Color AxleColor = new(129, 132, 203);

    /// <summary>Draws a state.</summary>
    /// <param name="position">The cart's position on the track.</param>
    /// <param name="angle">The pole's angle from upright, in radians, positive to the right.</param>
    /// <param name="frame">Receives the frame: shape (400, 600, 3), uint8, RGB, C order; <see cref="FrameBytes"/> bytes. Written whole.</param>
    /// <param name="parameters">The terminal position, which is at the picture's border, and the pole's length; both greater than 0.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The state cannot be drawn: the position is NaN or far away (beyond about 259.7 to either side unless a terminal position is set), or the angle is not finite.
    /// Gymnasium raises <c>OverflowError</c> or <c>ValueError</c> there.
    /// </exception>
    public static void Render(double position, double angle, Span<byte> frame, in CartPoleParameters parameters)
    {
        // The world is as wide as the track between the two terminal positions.
        var scale = Width / (2 * parameters.PositionThreshold);
        var poleLength = scale * (2 * parameters.HalfPoleLength);
        var cartX = position * scale + Width / 2.0;
        // The axle's column must fit 16 bits, while corners that do not are wrapped.
        if (!(Math.Truncate(cartX) is >= short.MinValue and <= short.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(position), position, "The cart is too far away to be drawn.");
        if (!double.IsFinite(angle))
            throw new ArgumentOutOfRangeException(nameof(angle), angle, "A pole can be drawn at a finite angle only.");

        var canvas = new Canvas(frame, Width, Height, RowOrder.BottomUp);
        canvas.Clear(Color.White);
        DrawBox(canvas, new(-CartWidth / 2, -CartHeight / 2, CartWidth / 2, CartHeight / 2), Rotation.None, cartX, 0, Color.Black);
        DrawBox(
            canvas,
            new(-PoleWidth / 2, -PoleWidth / 2, PoleWidth / 2, poleLength - PoleWidth / 2),
            Rotation.FromRadians(-angle),
            cartX,
            AxleOffset,
            PoleColor);
        var axle = GridPoint.Truncate(cartX, TrackHeight + AxleOffset);
        canvas.AntiAliasedCircle(axle, (int)(PoleWidth / 2), AxleColor);
        canvas.FilledCircle(axle, (int)(PoleWidth / 2), AxleColor);
        canvas.HorizontalLine(0, Width, TrackHeight, Color.Black);
    }

    // A rectangle about its own origin, rotated, moved to the cart and lifted above the track.
    private static void DrawBox(Canvas canvas, Bounds box, Rotation rotation, double cartX, double lift, Color color)
    {
        Span<GridPoint> corners =
        [
            Place(box.Left, box.Bottom),
            Place(box.Left, box.Top),
            Place(box.Right, box.Top),
            Place(box.Right, box.Bottom),
        ];
        canvas.AntiAliasedPolygon(corners, color);
        canvas.FilledPolygon(corners, color);

        GridPoint Place(double x, double y)
        {
            var (rotatedX, rotatedY) = rotation.Apply(x, y);
            // The order of these sums is Gymnasium's; another one could truncate to another pixel.
            return GridPoint.Truncate(rotatedX + cartX, rotatedY + TrackHeight + lift);
        }
    }

    private readonly record struct Bounds(double Left, double Bottom, double Right, double Top);
}
