using System.Diagnostics;
using System.Net.Sockets;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Client.Internal;

/// <summary>A connected socket whose sends and receives block their caller, with a time limit and a spin before the sleep.</summary>
/// <remarks>
/// Every operation is a non-blocking one, then <c>poll</c>: an asynchronous operation would tie the socket to .NET's event loop and make all
/// later ones slower. One thread sends and receives; <see cref="Abort"/> may come from any.
/// </remarks>
internal sealed class ClientSocket : IClientStream, ISharedSocket, IDisposable
{
    private readonly Socket _socket;
    private readonly TimeSpan _spin;
    private bool _spinPays = true;
    private long _spinStarted;

    /// <param name="socket">Connected and non-blocking; owned from here on.</param>
    /// <param name="spin">How long to look for data before sleeping.</param>
    public ClientSocket(Socket socket, TimeSpan spin)
    {
        _socket = socket;
        _spin = spin;
    }

    /// <summary>Until when a send or receive may wait.</summary>
    public Deadline Deadline { get; set; }

    /// <summary>Whether the connection stays on this machine, as far as its addresses show.</summary>
    public bool IsLocal => SharedMemory.MayReach(_socket.RemoteEndPoint);

    /// <inheritdoc/>
    public int Available => _socket.Available;

    /// <inheritdoc/>
    public void Send(List<ReadOnlyMemory<byte>> pieces)
    {
        foreach (var piece in pieces)
            Send(piece.Span);
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var count = _socket.Send(data, SocketFlags.None, out var error);
            if (error == SocketError.Success)
                data = data[count..];
            else if (error == SocketError.WouldBlock)
                Wait(SelectMode.SelectWrite);
            else
                throw Lost(error);
        }
    }

    /// <inheritdoc cref="IClientStream.Receive"/>
    public int Receive(Span<byte> destination)
    {
        BeginSpin();
        while (true)
        {
            if (TryReceive(destination, out var count))
            {
                EndSpin();
                return count;
            }
            if (!Spin())
                Wait(SelectMode.SelectRead);
        }
    }

    /// <inheritdoc/>
    public bool TryFill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (!TryReceive(destination, out var count))
                Wait(SelectMode.SelectRead);
            else if (count == 0)
                return false;
            destination = destination[count..];
        }
        return true;
    }

    /// <inheritdoc/>
    public void Pause() => Thread.SpinWait(1);

    /// <inheritdoc/>
    public void BeginSpin() => _spinStarted = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public bool Spin()
    {
        if (!_spinPays || Stopwatch.GetElapsedTime(_spinStarted) >= _spin)
            return false;
        Thread.Yield();
        return true;
    }

    /// <inheritdoc/>
    // A wait that a spin would not have covered, wake-up included, means that the next one would be wasted too.
    public void EndSpin() => _spinPays = Stopwatch.GetElapsedTime(_spinStarted) <= 2 * _spin;

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

    /// <summary>Adds the socket to those that are waited on.</summary>
    public void AddTo(List<Socket> sockets) => sockets.Add(_socket);

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

    private bool TryReceive(Span<byte> destination, out int count)
    {
        count = _socket.Receive(destination, SocketFlags.None, out var error);
        if (error == SocketError.Success)
            return true;
        count = 0;
        return error == SocketError.WouldBlock ? false : throw Lost(error);
    }

    private void Wait(SelectMode mode)
    {
        if (!_socket.Poll(Deadline.PollTime, mode) && Deadline.IsPast)
            throw new SocketGymException(ErrorCode.RequestTimeout, "The server did not answer within the client's time limit (SocketGymClientOptions.Timeout).");
    }
}
