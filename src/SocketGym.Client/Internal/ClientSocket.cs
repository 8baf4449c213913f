using System.Diagnostics;
using System.Net.Sockets;
using SocketGym.Core.Errors;

namespace SocketGym.Client.Internal;

/// <summary>A connected socket whose sends and receives block their caller, with a time limit and a spin before the sleep.</summary>
/// <remarks>
/// Every operation is a non-blocking one, then <c>poll</c>: an asynchronous operation would tie the socket to .NET's event loop and make all
/// later ones slower. One thread sends and receives; <see cref="Abort"/> may come from any.
/// </remarks>
internal sealed class ClientSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly TimeSpan _spin;
    private bool _spinPays = true;

    /// <param name="socket">Connected and non-blocking; owned from here on.</param>
    /// <param name="spin">How long to look for data before sleeping.</param>
    public ClientSocket(Socket socket, TimeSpan spin)
    {
        _socket = socket;
        _spin = spin;
    }

    public void Send(ReadOnlySpan<byte> data, Deadline deadline)
    {
        while (!data.IsEmpty)
        {
            var count = _socket.Send(data, SocketFlags.None, out var error);
            if (error == SocketError.Success)
                data = data[count..];
            else if (error == SocketError.WouldBlock)
                Wait(SelectMode.SelectWrite, deadline);
            else
                throw Lost(error);
        }
    }

    /// <summary>Receives at least one byte; 0 at the end of the stream.</summary>
    public int Receive(Span<byte> destination, Deadline deadline)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var count = _socket.Receive(destination, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                // A wait that a spin would not have covered, wake-up included, means that the next one would be wasted too.
                _spinPays = Stopwatch.GetElapsedTime(started) <= 2 * _spin;
                return count;
            }
            if (error != SocketError.WouldBlock)
                throw Lost(error);
            if (_spinPays && Stopwatch.GetElapsedTime(started) < _spin)
                Thread.Yield();
            else
                Wait(SelectMode.SelectRead, deadline);
        }
    }

    /// <summary>Whether a receive would return at once: with bytes, with the stream's end or with an error.</summary>
    public bool CanReceive()
    {
        try
        {
            return _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Waits until one of several sockets can receive, or a time has passed.</summary>
    public static void WaitAny(IEnumerable<ClientSocket> sockets, TimeSpan time)
    {
        try
        {
            Socket.Select(sockets.Select(socket => socket._socket).ToList(), null, null, time);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One of them was closed meanwhile: it can receive, namely an error.
        }
    }

    /// <summary>Wakes a blocked call, which then finds the stream ended. Thread-safe.</summary>
    public void Abort()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The peer was faster, which comes to the same.
        }
    }

    public void Dispose() => _socket.Dispose();

    private static SocketGymException Lost(SocketError error) =>
        new(ErrorCode.ConnectionLost, $"The connection failed while a reply was due: {error}.", new SocketException((int)error));

    private void Wait(SelectMode mode, Deadline deadline)
    {
        if (!_socket.Poll(deadline.PollTime, mode) && deadline.IsPast)
            throw new SocketGymException(ErrorCode.RequestTimeout, "The server did not answer within the client's time limit (SocketGymClientOptions.Timeout).");
    }
}
