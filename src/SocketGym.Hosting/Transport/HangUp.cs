using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SocketGym.Hosting.Transport;

/// <summary>Whether a peer is gone, also behind requests of its that nobody has read yet.</summary>
internal static unsafe partial class HangUp
{
    // Linux's POLLRDHUP; POLLERR and POLLHUP are reported without being asked for.
    private const short PeerClosed = 0x2000;

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>Asks the system; takes nothing from the stream.</summary>
    /// <param name="socket">A connected socket, which the caller keeps from being disposed of meanwhile.</param>
    /// <exception cref="SocketException">The socket has failed.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed of.</exception>
    public static bool IsHungUp(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        var poll = new PollDescriptor { Descriptor = socket.Handle.ToInt32(), Events = PeerClosed };
        return Poll(&poll, 1, 0) > 0;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMs);
}
