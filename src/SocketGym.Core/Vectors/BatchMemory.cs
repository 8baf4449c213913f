using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>Where a vector's results lie, a row or an element for each environment.</summary>
/// <param name="Observations">The observations.</param>
/// <param name="Rewards">The rewards: float64.</param>
/// <param name="Terminations">Whether a terminal state was reached: bool.</param>
/// <param name="Truncations">Whether the episode was cut short: bool.</param>
/// <param name="IsOver">Whether the episode is over.</param>
internal sealed record BatchMemory(NDArray Observations, NDArray Rewards, NDArray Terminations, NDArray Truncations, bool[] IsOver);
