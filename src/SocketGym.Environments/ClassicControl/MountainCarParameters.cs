namespace SocketGym.Environments.ClassicControl;

/// <summary>What both mountain cars are made of.</summary>
/// <param name="MinPosition">The left end, where the car stops.</param>
/// <param name="MaxPosition">The right end.</param>
/// <param name="MaxSpeed">The largest velocity to either side, per step.</param>
/// <param name="GoalPosition">From where on the goal is reached.</param>
/// <param name="GoalVelocity">The least velocity there.</param>
/// <param name="Force">What a push adds to the velocity: Gymnasium's <c>force</c>, or <c>power</c> of the continuous one.</param>
/// <param name="Gravity">What a slope takes from it.</param>
public readonly record struct MountainCarParameters(
    double MinPosition, double MaxPosition, double MaxSpeed, double GoalPosition, double GoalVelocity, double Force, double Gravity);
