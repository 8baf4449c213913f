using SocketGym.Environments.Rendering;

namespace SocketGym.Environments.ClassicControl;

/// <summary>The picture of both mountain cars: pixel by pixel the <c>rgb_array</c> frame of Gymnasium's.</summary>
/// <remarks>Immutable and thread-safe, as long as each frame is written by one thread.</remarks>
public sealed class MountainCarRenderer
{
    /// <summary>The frame's width in pixels.</summary>
    public const int Width = 600;

    /// <summary>The frame's height in pixels.</summary>
    public const int Height = 400;

    /// <summary>The frame's size in bytes.</summary>
    public const int FrameBytes = Height * Width * 3;

    // Pixels.
    private const double CarWidth = 40;
    private const double CarHeight = 20;
    private const double Clearance = 10;
    private const int WheelRadius = (int)(CarHeight / 2.5);
    private const int PoleHeight = 50;
    private const int FlagHeight = 10;
    private const int FlagWidth = 25;
    private const int HillPoints = 100;

    private static readonly Color WheelColor = new(128, 128, 128);
    private static readonly Color FlagColor = new(204, 204, 0);

    private readonly double _left;
    private readonly double _scale;
    private readonly double _goal;
    private readonly (float X, float Y)[] _hill = new (float, float)[HillPoints];

    /// <summary>Makes what draws cars in one valley.</summary>
    /// <param name="parameters">Both ends, which are at the picture's borders, and the goal.</param>
    /// <exception cref="ArgumentOutOfRangeException">The right end is not to the right of the left one.</exception>
    public MountainCarRenderer(in MountainCarParameters parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(parameters.MaxPosition, parameters.MinPosition, nameof(parameters));
        _left = parameters.MinPosition;
        _goal = parameters.GoalPosition;
        var span = parameters.MaxPosition - parameters.MinPosition;
        _scale = Width / span;
        var step = span / (HillPoints - 1);
        for (var index = 0; index < HillPoints; index++)
        {
            var position = index == HillPoints - 1 ? parameters.MaxPosition : index * step + _left;
            _hill[index] = ((float)((position - _left) * _scale), (float)(HeightAt(position) * _scale));
        }
    }

    /// <summary>Draws a state.</summary>
    /// <param name="position">The car's position.</param>
    /// <param name="frame">Receives the frame: shape (400, 600, 3), uint8, RGB, C order; <see cref="FrameBytes"/> bytes. Written whole.</param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The car is too far away to be drawn (beyond about 32,767 pixels), or its position is NaN. Gymnasium raises <c>OverflowError</c> or <c>ValueError</c> there.</exception>
    public void Render(double position, Span<byte> frame)
    {
        // What lies further is wrapped in corners, but refused in wheels, which are a little beside the car's middle.
        var x = (position - _left) * _scale;
        if (!(Math.Abs(x) <= short.MaxValue - CarWidth))
            throw new ArgumentOutOfRangeException(nameof(position), position, "The car is too far away to be drawn.");
        var y = HeightAt(position) * _scale;
        var canvas = new Canvas(frame, Width, Height, RowOrder.BottomUp);
        canvas.Clear(Color.White);
        for (var index = 1; index < HillPoints; index++)
            canvas.AntiAliasedLine(_hill[index - 1].X, _hill[index - 1].Y, _hill[index].X, _hill[index].Y, Color.Black);
        DrawCar(canvas, x, y, Rotation.FromRadians(Math.Cos(3 * position)));
        DrawFlag(canvas);
    }

    private static void DrawCar(Canvas canvas, double x, double y, Rotation rotation)
    {
        Span<GridPoint> corners = [Place(-CarWidth / 2, 0), Place(-CarWidth / 2, CarHeight), Place(CarWidth / 2, CarHeight), Place(CarWidth / 2, 0)];
        canvas.AntiAliasedPolygon(corners, Color.Black);
        canvas.FilledPolygon(corners, Color.Black);
        foreach (var wheel in (ReadOnlySpan<GridPoint>)[Place(CarWidth / 4, 0), Place(-CarWidth / 4, 0)])
        {
            canvas.AntiAliasedCircle(wheel, WheelRadius, WheelColor);
            canvas.FilledCircle(wheel, WheelRadius, WheelColor);
        }

        GridPoint Place(double along, double up)
        {
            var (rotatedX, rotatedY) = rotation.Apply(along, up);
            // The order of these sums is Gymnasium's; another one could truncate to another pixel.
            return GridPoint.Truncate(rotatedX + x, rotatedY + Clearance + y);
        }
    }

    private void DrawFlag(Canvas canvas)
    {
        var foot = GridPoint.Truncate((_goal - _left) * _scale, HeightAt(_goal) * _scale);
        var top = (short)(foot.Y + PoleHeight);
        canvas.VerticalLine(foot.X, foot.Y, top, Color.Black);
        ReadOnlySpan<GridPoint> flag =
        [
            new(foot.X, top),
            new(foot.X, (short)(top - FlagHeight)),
            new((short)(foot.X + FlagWidth), (short)(top - FlagHeight / 2)),
        ];
        canvas.AntiAliasedPolygon(flag, FlagColor);
        canvas.FilledPolygon(flag, FlagColor);
    }

    private static double HeightAt(double position) => Math.Sin(3 * position) * 0.45 + 0.55;
}
