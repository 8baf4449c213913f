namespace SocketGym.Environments.ClassicControl;

/// <summary>What an <see cref="Acrobot"/> is made of. Each number stands for itself, as in Gymnasium.</summary>
/// <param name="TimeStep">The time between states, in seconds.</param>
/// <param name="Length1">The first link's length, in metres.</param>
/// <param name="Length2">The second link's length, in metres; only ever shown.</param>
/// <param name="Mass1">The first link's mass, in kilograms.</param>
/// <param name="Mass2">The second link's mass, in kilograms.</param>
/// <param name="Center1">From the first link's joint to its centre of mass, in metres.</param>
/// <param name="Center2">From the second link's joint to its centre of mass, in metres.</param>
/// <param name="Inertia">Each link's moment of inertia.</param>
/// <param name="MaxVelocity1">The first angular velocity's bound to either side, in radians per second.</param>
/// <param name="MaxVelocity2">The second angular velocity's bound to either side, in radians per second.</param>
/// <param name="TorqueNoise">The bound to either side of a uniform noise that is added to the torque; none unless above 0.</param>
/// <param name="IsNips">Whether the equations are those of Sutton's paper (NIPS 1996) rather than those of Sutton and Barto's book.</param>
public readonly record struct AcrobotParameters(
    double TimeStep,
    double Length1,
    double Length2,
    double Mass1,
    double Mass2,
    double Center1,
    double Center2,
    double Inertia,
    double MaxVelocity1,
    double MaxVelocity2,
    double TorqueNoise,
    bool IsNips);
