namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// The motion of a pole on a cart, every operation in float64 and in the order in which Gymnasium's <c>CartPole</c> does it,
/// so that results are equal to the last bit.
/// </summary>
/// <remarks>
/// The equations are those of R. V. Florian, "Correct equations for the dynamics of the cart-pole system" (2007), without
/// friction; the task is that of Barto, Sutton and Anderson (1983). Stateless and thread-safe.
/// </remarks>
public static class CartPolePhysics
{
    /// <summary>The cart's distance from the centre beyond which the episode terminates.</summary>
    public const double PositionThreshold = 2.4;

    /// <summary>The pole's angle to either side beyond which the episode terminates: 12 degrees in radians.</summary>
    public const double AngleThreshold = 12 * 2 * Math.PI / 360;

    /// <summary>Half the pole's length: the distance from the axle to its centre of mass.</summary>
    public const double HalfPoleLength = 0.5;

    private const double Gravity = 9.8;
    private const double CartMass = 1.0;
    private const double PoleMass = 0.1;
    private const double TotalMass = PoleMass + CartMass;
    private const double PoleMassLength = PoleMass * HalfPoleLength;
    private const double ForceMagnitude = 10.0;
    private const double TimeStep = 0.02;

    /// <summary>Pushes the cart for one time step of 0.02 seconds (explicit Euler).</summary>
    /// <param name="state">The state before.</param>
    /// <param name="pushRight">Whether the force of 10 newtons points to the right rather than to the left.</param>
    /// <returns>The state after.</returns>
    public static CartPoleState Advance(CartPoleState state, bool pushRight)
    {
        var (position, velocity, angle, angularVelocity) = state;
        var force = pushRight ? ForceMagnitude : -ForceMagnitude;
        var cos = Math.Cos(angle);
        var sin = Math.Sin(angle);

        var temp = (force + PoleMassLength * (angularVelocity * angularVelocity) * sin) / TotalMass;
        var angularAcceleration = (Gravity * sin - cos * temp)
            / (HalfPoleLength * (4.0 / 3.0 - PoleMass * (cos * cos) / TotalMass));
        var acceleration = temp - PoleMassLength * angularAcceleration * cos / TotalMass;

        return new(
            position + TimeStep * velocity,
            velocity + TimeStep * acceleration,
            angle + TimeStep * angularVelocity,
            angularVelocity + TimeStep * angularAcceleration);
    }

    /// <summary>Whether the cart has left the track or the pole has fallen.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether the episode terminates; false for NaN, as every comparison with it is.</returns>
    public static bool IsTerminal(CartPoleState state) =>
        state.Position is < -PositionThreshold or > PositionThreshold
        || state.Angle is < -AngleThreshold or > AngleThreshold;
}
