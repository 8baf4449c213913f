namespace SocketGym.Environments.Rendering;

/// <summary>A rotation about the origin, with the results of <c>pygame.math.Vector2.rotate_rad</c> to the last bit.</summary>
public readonly struct Rotation
{
    // As in pygame: this near to a quarter turn, in radians, an angle counts as that quarter turn.
    private const double QuarterTurnTolerance = 1e-6;
    private const double QuarterTurn = Math.PI / 2;

    private readonly double _cos;
    private readonly double _sin;

    private Rotation(double cos, double sin)
    {
        _cos = cos;
        _sin = sin;
    }

    /// <summary>The rotation that leaves every vector as it is.</summary>
    public static Rotation None => new(1, 0);

    /// <summary>The rotation by an angle.</summary>
    /// <param name="angle">The angle in radians, from the x axis toward the y axis. NaN and infinities give NaN.</param>
    /// <returns>The rotation.</returns>
    public static Rotation FromRadians(double angle)
    {
        // The remainder has the sign of the angle, as C's fmod has.
        angle %= 2 * Math.PI;
        if (angle < 0)
            angle += 2 * Math.PI;
        if ((angle + QuarterTurnTolerance) % QuarterTurn < 2 * QuarterTurnTolerance)
        {
            return (int)((angle + QuarterTurnTolerance) / QuarterTurn) switch
            {
                1 => new(0, 1),
                2 => new(-1, 0),
                3 => new(0, -1),
                _ => new(1, 0),
            };
        }
        return new(Math.Cos(angle), Math.Sin(angle));
    }

    /// <summary>Rotates a vector.</summary>
    /// <param name="x">Its x component.</param>
    /// <param name="y">Its y component.</param>
    /// <returns>The rotated vector.</returns>
    public (double X, double Y) Apply(double x, double y) => (_cos * x - _sin * y, _sin * x + _cos * y);
}
