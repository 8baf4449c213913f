namespace SocketGym.Environments.ClassicControl;

/// <summary>Where cart and pole are and how they move. Gymnasium computes in float64 and shows float32.</summary>
/// <param name="Position">The cart's position on the track.</param>
/// <param name="Velocity">The cart's velocity, per second.</param>
/// <param name="Angle">The pole's angle from upright in radians, positive to the right.</param>
/// <param name="AngularVelocity">The pole's angular velocity in radians per second.</param>
public readonly record struct CartPoleState(double Position, double Velocity, double Angle, double AngularVelocity);
