using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>The info of one environment of a vector.</summary>
/// <param name="Index">Which environment it is of.</param>
/// <param name="Info">The info, a <c>dict</c> with at least one entry. One environment may have two: first what ended with the episode, then what the reset gave.</param>
public readonly record struct VectorInfo(int Index, Value Info);
