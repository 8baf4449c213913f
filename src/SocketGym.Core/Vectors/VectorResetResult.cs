using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>What <c>reset</c> of a vector returns.</summary>
/// <param name="Observations">A batch of observations: for spaces of one array an array with a first axis of as many rows as there are environments, for Tuple and Dict the same in each part, else a tuple. Valid until the vector's next call.</param>
/// <param name="Infos">The infos that are not empty, in the order of the environments. Valid until the vector's next call.</param>
public readonly record struct VectorResetResult(Value Observations, IReadOnlyList<VectorInfo> Infos);
