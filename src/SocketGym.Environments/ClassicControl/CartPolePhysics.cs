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
    /// <summary>Pushes the cart for one time step.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="pushRight">Whether the force points to the right rather than to the left.</param>
    /// <param name="parameters">Masses, lengths, force and time step.</param>
    /// <returns>The state after.</returns>
    public static CartPoleState Advance(CartPoleState state, bool pushRight, in CartPoleParameters parameters)
    {
        var (position, velocity, angle, angularVelocity) = state;
        var force = pushRight ? parameters.ForceMagnitude : -parameters.ForceMagnitude;
        var (sin, cos) = Math.SinCos(angle);

        var temp = (force + parameters.PoleMassLength * (angularVelocity * angularVelocity) * sin) / parameters.TotalMass;
        var angularAcceleration = (parameters.Gravity * sin - cos * temp)
            / (parameters.HalfPoleLength * (4.0 / 3.0 - parameters.PoleMass * (cos * cos) / parameters.TotalMass));
        var acceleration = temp - parameters.PoleMassLength * angularAcceleration * cos / parameters.TotalMass;

        var time = parameters.TimeStep;
        var nextVelocity = velocity + time * acceleration;
        var nextAngularVelocity = angularVelocity + time * angularAcceleration;
        return new(
            position + time * (parameters.IsSemiImplicit ? nextVelocity : velocity),
            nextVelocity,
            angle + time * (parameters.IsSemiImplicit ? nextAngularVelocity : angularVelocity),
            nextAngularVelocity);
    }

    /// <summary>Whether the cart has left the track or the pole has fallen.</summary>
    /// <param name="state">The state.</param>
    /// <param name="parameters">The thresholds.</param>
    /// <returns>Whether the episode terminates; false for NaN, as every comparison with it is.</returns>
    public static bool IsTerminal(CartPoleState state, in CartPoleParameters parameters) =>
        state.Position < -parameters.PositionThreshold || state.Position > parameters.PositionThreshold
        || state.Angle < -parameters.AngleThreshold || state.Angle > parameters.AngleThreshold;
}
