using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Messages;

/// <summary>One response, as a client reads it.</summary>
/// <param name="Id">The number of the request that it answers; 0 for something that the server could not read as a request.</param>
/// <param name="Error">The error, with the environment's own exception where there was one; null for success. Not thrown yet.</param>
/// <param name="Result">The result; <c>None</c> with an error, and where there is nothing to say.</param>
public readonly record struct Response(uint Id, SocketGymException? Error, Value Result);
