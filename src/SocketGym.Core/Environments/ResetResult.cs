using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>What <c>reset</c> returns.</summary>
/// <param name="Observation">The first observation, valid until the environment's next call.</param>
/// <param name="Info">A <c>dict</c>, valid until the environment's next call.</param>
public readonly record struct ResetResult(Value Observation, Value Info);
