using System.Runtime.InteropServices;

namespace SocketGym.Python.Workers;

/// <summary>The system calls that .NET has no name for: waiting on pipes with a time limit, and memory shared with a process that has no file.</summary>
/// <remarks>None of them is variadic (as <c>fcntl</c> is), so that they are called alike on every system.</remarks>
internal static unsafe partial class LibC
{
    public const short PollIn = 1;
    public const short PollOut = 4;
    public const int ErrorInterrupted = 4;
    public const int SignalKill = 9;
    public const int SignalTerminate = 15;

    public const int ProtRead = 1;
    public const int ProtWrite = 2;
    public const int MapShared = 1;
    public const nint MapFailed = -1;
    public const int MemFdCloseOnExec = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    // Linux's alone, and here only for 64-bit systems, whose off_t is a long.
    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemFdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int FTruncate(int descriptor, nint length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint MMap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int MUnmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "sched_yield")]
    public static partial int Yield();
}
