using SocketGym.Core.Errors;

namespace SocketGym.Client;

/// <summary>What <see cref="SocketGymClientOptions.Reconnecting"/> is asked about: a connection was lost, and a client could open another.</summary>
/// <param name="Number">1 for the first attempt after a connection was lost, then counted up.</param>
/// <param name="Cause">
/// Why the attempt is needed: <see cref="ErrorCode.ConnectionLost"/>, <see cref="ErrorCode.TruncatedFrame"/>, <see cref="ErrorCode.RequestTimeout"/> or
/// <see cref="ErrorCode.ServerDraining"/> for the first; for further ones why the attempt before failed, where <see cref="ErrorCode.ConnectionFailed"/> and <see cref="ErrorCode.ServerFull"/> are common.
/// </param>
/// <param name="CancellationToken">Cancelled when the call is, and when the client is interrupted or disposed of: wait on it rather than sleep.</param>
public sealed record ReconnectAttempt(int Number, SocketGymException Cause, CancellationToken CancellationToken);
