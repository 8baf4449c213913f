namespace SocketGym.Environments.ClassicControl;

/// <summary>
/// The motion of two links with a torque at their joint, every operation in float64 and in the order in which Gymnasium's <c>Acrobot</c> does it, so that results are equal
/// to the last bit.
/// </summary>
/// <remarks>
/// The equations are those of Sutton and Barto, "Reinforcement Learning" (1998), section 11.3, or of Sutton, "Generalization in reinforcement learning" (NIPS 1996).
/// Stateless and thread-safe.
/// </remarks>
public static class AcrobotPhysics
{
    private const double Gravity = 9.8;

    /// <summary>Applies a torque for one time step, by the classic Runge-Kutta method of fourth order.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="torque">The torque at the joint, in newton metres.</param>
    /// <param name="parameters">Masses, lengths and the time step.</param>
    /// <returns>The state after, neither wrapped nor bounded.</returns>
    public static AcrobotState Advance(in AcrobotState state, double torque, in AcrobotParameters parameters)
    {
        var time = parameters.TimeStep;
        var half = time / 2.0;
        var k1 = Rates(state, torque, parameters);
        var k2 = Rates(state.Plus(k1, half), torque, parameters);
        var k3 = Rates(state.Plus(k2, half), torque, parameters);
        var k4 = Rates(state.Plus(k3, time), torque, parameters);
        return state.Plus(
            new(
                k1.Angle1 + 2 * k2.Angle1 + 2 * k3.Angle1 + k4.Angle1,
                k1.Angle2 + 2 * k2.Angle2 + 2 * k3.Angle2 + k4.Angle2,
                k1.Velocity1 + 2 * k2.Velocity1 + 2 * k3.Velocity1 + k4.Velocity1,
                k1.Velocity2 + 2 * k2.Velocity2 + 2 * k3.Velocity2 + k4.Velocity2),
            time / 6.0);
    }

    // The names of the equations in the literature: d1, d2 are moments, phi1, phi2 what gravity and rotation add.
    private static AcrobotState Rates(in AcrobotState state, double torque, in AcrobotParameters p)
    {
        var (angle1, angle2, velocity1, velocity2) = state;
        var (cos2, sin2) = (Math.Cos(angle2), Math.Sin(angle2));
        var centerSquare = Math.Pow(p.Center2, 2);
        var d1 = p.Mass1 * Math.Pow(p.Center1, 2)
            + p.Mass2 * (Math.Pow(p.Length1, 2) + centerSquare + 2 * p.Length1 * p.Center2 * cos2)
            + p.Inertia
            + p.Inertia;
        var d2 = p.Mass2 * (centerSquare + p.Length1 * p.Center2 * cos2) + p.Inertia;
        var phi2 = p.Mass2 * p.Center2 * Gravity * Math.Cos(angle1 + angle2 - Math.PI / 2.0);
        var phi1 = -p.Mass2 * p.Length1 * p.Center2 * Math.Pow(velocity2, 2) * sin2
            - 2 * p.Mass2 * p.Length1 * p.Center2 * velocity2 * velocity1 * sin2
            + (p.Mass1 * p.Center1 + p.Mass2 * p.Length1) * Gravity * Math.Cos(angle1 - Math.PI / 2)
            + phi2;
        var push = torque + d2 / d1 * phi1;
        if (!p.IsNips)
            push -= p.Mass2 * p.Length1 * p.Center2 * Math.Pow(velocity1, 2) * sin2;
        var acceleration2 = (push - phi2) / (p.Mass2 * centerSquare + p.Inertia - Math.Pow(d2, 2) / d1);
        var acceleration1 = -(d2 * acceleration2 + phi1) / d1;
        return new(velocity1, velocity2, acceleration1, acceleration2);
    }

    /// <summary>Whether the tip is above the line, one link's length over the first joint.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether the episode terminates.</returns>
    public static bool IsTerminal(in AcrobotState state) => -Math.Cos(state.Angle1) - Math.Cos(state.Angle2 + state.Angle1) > 1.0;
}
