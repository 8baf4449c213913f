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
        catch (SocketGymException lost) when (CanReconnect(lost))
        {
            if (!TryReconnect(lost, cancellationToken, out var resetNeeded))
                throw;
            throw resetNeeded;
        }
    }

    private int ExchangeRender(Span<byte> destination, CancellationToken cancellationToken)
    {
        _observation = default;
        try
        {
            _connection.Write(RequestMethod.Render, [], cancellationToken);
            _connection.Send(cancellationToken);
            var form = _reader.ImageForm;
            if (_connection.TryReceive(form, destination, ReplyReader.ImageTail, out _, cancellationToken))
                return form.DataBytes;
            var image = _connection.Receive(_reader.Render, cancellationToken).AsArray();
            if (image.Bytes.Length > destination.Length)
                throw new ArgumentException($"The {image} takes {image.Bytes.Length} bytes, and the destination has {destination.Length}.", nameof(destination));
            image.Bytes.CopyTo(destination);
            return image.Bytes.Length;
        }
        catch (SocketGymException lost) when (CanReconnect(lost))
        {
            if (!TryReconnect(lost, cancellationToken, out var resetNeeded))
                throw;
            throw resetNeeded;
        }
    }

    private bool CanReconnect(SocketGymException lost) => _request.Options.Reconnecting is not null && _connection.IsEnded && Reconnection.IsLoss(lost.Code);

    private bool TryReconnect(SocketGymException lost, CancellationToken cancellationToken, out SocketGymException resetNeeded)
    {
        resetNeeded = new SocketGymException(
            ErrorCode.ResetNeeded,
            $"The connection was lost and the environment made anew at {_request.Options.Address}: call Reset, and set again what was set on the old one. Lost by: {lost.Message}",
            lost);
        return _reconnection.TryMakeAnew(_request.Options.Reconnecting!, lost, token => Replace(_request.Make(token)), cancellationToken);
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
        _reconnection.ThrowIfInterrupted(_connection.Interrupt);
    }
}
