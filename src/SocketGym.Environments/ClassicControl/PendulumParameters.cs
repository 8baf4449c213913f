namespace SocketGym.Environments.ClassicControl;

/// <summary>What a <see cref="Pendulum"/> is made of.</summary>
/// <param name="MaxSpeed">The largest angular velocity to either side, in radians per second.</param>
/// <param name="MaxTorque">The largest torque to either side, in newton metres.</param>
/// <param name="TimeStep">The time between states, in seconds.</param>
/// <param name="Gravity">The gravity, in metres per second squared.</param>
/// <param name="Mass">The mass, in kilograms.</param>
/// <param name="Length">The length, in metres.</param>
public readonly record struct PendulumParameters(double MaxSpeed, double MaxTorque, double TimeStep, double Gravity, double Mass, double Length);
