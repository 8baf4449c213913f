using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SocketGym.Hosting.Transport;

/// <summary>Takes what a socket has received, without waiting for more: one system call where asking what there is and receiving it are two.</summary>
internal static unsafe partial class ReadyReceive
{
    // Linux's MSG_DONTWAIT, which leaves the socket itself blocking, and the errors that mean that there is nothing yet.
    private const int DoNotWait = 0x40;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    /// <summary>Receives if there is something, or the stream has ended.</summary>
    /// <param name="socket">A connected stream socket, which the caller keeps from being disposed of meanwhile.</param>
    /// <param name="destination">Where to; not empty.</param>
    /// <param name="received">How many bytes; 0 at the end of the stream.</param>
    /// <returns>Whether there was something. Other systems than Linux leave the end of the stream to a blocking receive.</returns>
    /// <exception cref="SocketException">The socket has failed.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed of.</exception>
    public static bool TryReceive(Socket socket, Span<byte> destination, out int received)
    {
        received = 0;
        if (!OperatingSystem.IsLinux())
        {
            if (socket.Available == 0)
                return false;
            received = socket.Receive(destination);
            return true;
        }
        fixed (byte* first = destination)
            received = (int)Receive(socket.Handle.ToInt32(), first, (nuint)destination.Length, DoNotWait);
        if (received >= 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error is WouldBlock or Interrupted
            ? false
            : throw new SocketException((int)SocketError.ConnectionReset, Marshal.GetPInvokeErrorMessage(error));
    }

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);
}
