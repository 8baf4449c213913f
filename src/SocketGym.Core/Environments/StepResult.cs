using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>What <c>step</c> returns, each part with the type that the environment gave it.</summary>
/// <param name="Observation">The next observation, valid until the environment's next call.</param>
/// <param name="Reward">The reward: a <c>float</c>, an <c>int</c> or a NumPy scalar.</param>
/// <param name="Terminated">Whether a terminal state was reached: a <c>bool</c>, or <c>np.bool_</c> where the environment gives that.</param>
/// <param name="Truncated">Whether the episode was cut short: a <c>bool</c>, or <c>np.bool_</c> where the environment gives that.</param>
/// <param name="Info">A <c>dict</c>, valid until the environment's next call.</param>
public readonly record struct StepResult(Value Observation, Value Reward, Value Terminated, Value Truncated, Value Info);
