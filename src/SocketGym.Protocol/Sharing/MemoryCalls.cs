using System.Runtime.InteropServices;

namespace SocketGym.Protocol.Sharing;

/// <summary>Linux's calls for memory without a file, here only for 64-bit systems, whose <c>off_t</c> is a long.</summary>
/// <remarks><c>open</c> and <c>fcntl</c> are variadic, but on Linux called like any other.</remarks>
internal static unsafe partial class MemoryCalls
{
    public const int ProtRead = 1;
    public const int ProtWrite = 2;
    public const int MapShared = 1;
    public const nint MapFailed = -1;
    public const uint CloseOnExec = 1;
    public const uint AllowSealing = 2;
    public const int AddSeals = 1033;
    public const int GetSeals = 1034;
    public const int SealSeal = 1;
    public const int SealShrink = 2;
    public const int SealGrow = 4;
    public const int OpenReadWriteCloseOnExec = 0x80002;
    public const int SeekEnd = 2;

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    public static partial int Truncate(int descriptor, nint length);

    [LibraryImport("libc", EntryPoint = "lseek")]
    public static partial nint Seek(int descriptor, nint offset, int origin);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    public static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial nint Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);
}
