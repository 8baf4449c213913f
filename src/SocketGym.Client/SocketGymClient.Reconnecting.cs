using SocketGym.Client.Internal;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

// What happens when the connection is lost, where the options have a hook for it.
public sealed partial class SocketGymClient
{
    // Every call of an open environment comes through here, except Close: that one wants no new connection.
    private T Exchange<T>(RequestMethod method, ReadOnlySpan<Value> parameters, ResponseReader<T> reader, CancellationToken cancellationToken)
    {
        // The reply takes the memory in which the last observation lies.
        _observation = default;
        try
        {
            return _connection.Call(method, parameters, reader, cancellationToken);
        }
        catch (SocketGymException lost) when (_request.Options.Reconnecting is not null && _connection.IsEnded && IsLoss(lost.Code))
        {
            if (!Reconnect(_request.Options.Reconnecting, lost, cancellationToken))
                throw;
            throw new SocketGymException(
                ErrorCode.ResetNeeded,
                $"The connection was lost and the environment made anew at {_request.Options.Address}: call Reset, and set again what was set on the old one. Lost by: {lost.Message}",
                lost);
        }
    }

    private static bool IsLoss(ErrorCode code) =>
        code is ErrorCode.ConnectionLost or ErrorCode.TruncatedFrame or ErrorCode.RequestTimeout or ErrorCode.ServerDraining;

    // Whether there is a new environment; false where the hook declined.
    private bool Reconnect(Func<ReconnectAttempt, bool> hook, SocketGymException lost, CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _interruption.Token);
        _reconnecting = true;
        try
        {
            var cause = lost;
            for (var number = 1; hook(new ReconnectAttempt(number, cause, cancellation.Token)); number++)
            {
                cancellation.Token.ThrowIfCancellationRequested();
                try
                {
                    Replace(_request.Make(cancellation.Token));
                    return true;
                }
                catch (SocketGymException error) when (IsLoss(error.Code) || error.Code is ErrorCode.ConnectionFailed or ErrorCode.ServerFull)
                {
                    cause = error;
                }
            }
            cancellation.Token.ThrowIfCancellationRequested();
            return false;
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            if (cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("The call was cancelled while the client was connecting again.", error, cancellationToken);
            throw new SocketGymException(ErrorCode.ClosedEnvironment, "The client was interrupted while it was connecting again.", error);
        }
        finally
        {
            _reconnecting = false;
        }
    }

    private void Replace((ClientConnection Connection, MadeEnvironment Made) made)
    {
        if (!made.Made.ObservationSpace.Equals(ObservationSpace) || !made.Made.ActionSpace.Equals(ActionSpace))
        {
            made.Connection.Dispose();
            throw new SocketGymException(
                ErrorCode.ClosedEnvironment,
                $"The server at {_request.Options.Address} now makes an environment with other spaces: {made.Made.ObservationSpace} and {made.Made.ActionSpace}. Make another client.");
        }
        _reader = new EpisodeReader(made.Connection.Codec, _request.Options.Limits);
        _connection = made.Connection;
        // An interruption that came too early for the new connection.
        if (_interruption.IsCancellationRequested)
            _connection.Interrupt();
        _interruption.Token.ThrowIfCancellationRequested();
    }
}
