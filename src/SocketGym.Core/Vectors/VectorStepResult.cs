using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>What <c>step</c> of a vector returns, one element for each environment. Everything is valid until the vector's next call.</summary>
/// <param name="Observations">As in <see cref="VectorResetResult"/>.</param>
/// <param name="Rewards">The rewards: float64.</param>
/// <param name="Terminations">Whether a terminal state was reached: bool.</param>
/// <param name="Truncations">Whether the episode was cut short: bool.</param>
/// <param name="Infos">The infos that are not empty, in the order of the environments.</param>
public readonly record struct VectorStepResult(
    Value Observations, NDArray Rewards, NDArray Terminations, NDArray Truncations, IReadOnlyList<VectorInfo> Infos);
