namespace SocketGym.Environments.ClassicControl;

/// <summary>What a <see cref="CartPole"/> is made of. Each number stands for itself, as in Gymnasium: another pole's mass leaves the total mass as it is.</summary>
/// <param name="Gravity">The gravity, in metres per second squared.</param>
/// <param name="CartMass">The cart's mass, in kilograms; only ever shown.</param>
/// <param name="PoleMass">The pole's mass, in kilograms.</param>
/// <param name="TotalMass">The mass of both, in kilograms.</param>
/// <param name="HalfPoleLength">The distance from the axle to the pole's centre of mass, in metres.</param>
/// <param name="PoleMassLength">The pole's mass times that distance, in kilogram metres.</param>
/// <param name="ForceMagnitude">The force of a push, in newtons.</param>
/// <param name="TimeStep">The time between states, in seconds.</param>
/// <param name="AngleThreshold">The pole's angle to either side beyond which the episode terminates, in radians.</param>
/// <param name="PositionThreshold">The cart's distance from the centre beyond which the episode terminates, in metres.</param>
/// <param name="IsSemiImplicit">Whether positions follow from the velocities after the step (semi-implicit Euler) rather than before (explicit Euler).</param>
public readonly record struct CartPoleParameters(
    double Gravity,
    double CartMass,
    double PoleMass,
    double TotalMass,
    double HalfPoleLength,
    double PoleMassLength,
    double ForceMagnitude,
    double TimeStep,
    double AngleThreshold,
    double PositionThreshold,
    bool IsSemiImplicit)
{
    /// <summary>Gymnasium's own.</summary>
    public static readonly CartPoleParameters Default = new(
        9.8, 1.0, 0.1, 0.1 + 1.0, 0.5, 0.1 * 0.5, 10.0, 0.02, AngleThreshold: 12 * 2 * Math.PI / 360, PositionThreshold: 2.4, IsSemiImplicit: false);
}
