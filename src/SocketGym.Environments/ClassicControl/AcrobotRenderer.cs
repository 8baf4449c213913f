using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ClassicControl;

/// <summary>Acrobot's picture: pixel by pixel the <c>rgb_array</c> frame of Gymnasium's <c>Acrobot</c>.</summary>
/// <remarks>Stateless and thread-safe, as long as each frame is written by one thread.</remarks>
public static class AcrobotRenderer
{
    /// <summary>The frame's width and height in pixels.</summary>
    public const int Size = 500;

    /// <summary>The frame's size in bytes.</summary>
    public const int FrameBytes = Size * Size * 3;

    // In the world's units: half a link's width, and what is left free beyond both links.
    private const double HalfWidth = 0.1;
    private const double Margin = 0.2;

    // The line's half length and height, whatever the links' lengths.
    private const double LineReach = 2.2;
    private const double Offset = Size / 2.0;

    private static readonly Color LinkColor = new(0, 204, 204);
    private static readonly Color JointColor = new(204, 204, 0);

    /// <summary>Draws a state.</summary>
    /// <param name="state">The two angles, finite.</param>
    /// <param name="isSingle">Whether the state is float32, as after a reset: its cosine, sine and sum are then, too.</param>
    /// <param name="frame">Receives the frame: shape (500, 500, 3), uint8, RGB, C order; <see cref="FrameBytes"/> bytes. Written whole.</param>
    /// <param name="parameters">The links' lengths, greater than 0.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An angle is not finite.</exception>
    public static void Render(in AcrobotState state, bool isSingle, Span<byte> frame, in AcrobotParameters parameters)
    {
        if (!double.IsFinite(state.Angle1) || !double.IsFinite(state.Angle2))
            throw new ArgumentOutOfRangeException(nameof(state), state, "Links can be drawn at finite angles only.");
        var scale = Size / ((parameters.Length1 + parameters.Length2 + Margin) * 2);
        var (cos, sin) = isSingle
            ? (NumPySingle.Cos((float)state.Angle1), NumPySingle.Sin((float)state.Angle1))
            : (Math.Cos(state.Angle1), Math.Sin(state.Angle1));
        var sum = isSingle ? (float)state.Angle1 + (float)state.Angle2 : state.Angle1 + state.Angle2;

        var canvas = new Canvas(frame, Size, Size, RowOrder.BottomUp);
        canvas.Clear(Color.White);
        var line = GridPoint.Truncate(-LineReach * scale + Offset, 1 * scale + Offset);
        canvas.HorizontalLine(line.X, GridPoint.Truncate(LineReach * scale + Offset, 0).X, line.Y, Color.Black);
        DrawLink(canvas, Offset, Offset, state.Angle1 - Math.PI / 2, parameters.Length1 * scale, scale);
        DrawLink(
            canvas,
            parameters.Length1 * sin * scale + Offset,
            -parameters.Length1 * cos * scale + Offset,
            sum - Math.PI / 2,
            parameters.Length2 * scale,
            scale);
    }

    private static void DrawLink(Canvas canvas, double x, double y, double angle, double length, double scale)
    {
        var rotation = Rotation.FromRadians(angle);
        var half = HalfWidth * scale;
        Span<GridPoint> corners = [Place(0, -half), Place(0, half), Place(length, half), Place(length, -half)];
        canvas.AntiAliasedPolygon(corners, LinkColor);
        canvas.FilledPolygon(corners, LinkColor);
        var joint = GridPoint.Truncate(x, y);
        canvas.AntiAliasedCircle(joint, (int)half, JointColor);
        canvas.FilledCircle(joint, (int)half, JointColor);

        GridPoint Place(double along, double across)
        {
            var (rotatedX, rotatedY) = rotation.Apply(along, across);
            return GridPoint.Truncate(rotatedX + x, rotatedY + y);
        }
    }
}
