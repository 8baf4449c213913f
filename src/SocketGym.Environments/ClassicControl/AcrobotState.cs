namespace SocketGym.Environments.ClassicControl;

/// <summary>Where the two links are and how they move, or the rates at which these change.</summary>
/// <param name="Angle1">The first link's angle from hanging down, in radians.</param>
/// <param name="Angle2">The second link's angle from the first, in radians.</param>
/// <param name="Velocity1">The first angular velocity, in radians per second.</param>
/// <param name="Velocity2">The second angular velocity, in radians per second.</param>
public readonly record struct AcrobotState(double Angle1, double Angle2, double Velocity1, double Velocity2)
{
    /// <summary>The state plus a multiple of its rates of change.</summary>
    /// <param name="rates">The rates.</param>
    /// <param name="time">The multiple.</param>
    /// <returns>The sum.</returns>
    public AcrobotState Plus(in AcrobotState rates, double time) => new(
        Angle1 + time * rates.Angle1, Angle2 + time * rates.Angle2, Velocity1 + time * rates.Velocity1, Velocity2 + time * rates.Velocity2);
}
