using System.Runtime.InteropServices;

namespace SocketGym.Core.Vectors;

/// <summary>On which processor a thread runs, and how it gets off it. Elsewhere than on Linux nobody knows, and no thread is moved.</summary>
internal static unsafe partial class Processors
{
    // Linux's sched_setaffinity takes as many processors as the mask has bits.
    private const int MaskBytes = 128;
    private const int ThisThread = 0;
    private const int Unknown = -1;

    private static readonly bool _areKnown = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc", out var library) && NativeLibrary.TryGetExport(library, "sched_getcpu", out _);

    /// <summary>The number of the calling thread's processor, as of now; -1 where it is not known. (<see cref="Thread.GetCurrentProcessorId"/> may be that of some calls before.)</summary>
    public static int Current => _areKnown ? CurrentProcessor() : Unknown;

    /// <summary>Has the system move the calling thread to another of the processors that it may use. It may use the same ones afterwards.</summary>
    /// <returns>Whether it was moved.</returns>
    public static bool TryLeave()
    {
        if (Current is not (>= 0 and < 8 * MaskBytes and var present))
            return false;
        var allowed = stackalloc byte[MaskBytes];
        if (GetAffinity(ThisThread, MaskBytes, allowed) < 0)
            return false;
        var others = stackalloc byte[MaskBytes];
        new ReadOnlySpan<byte>(allowed, MaskBytes).CopyTo(new Span<byte>(others, MaskBytes));
        others[present / 8] &= (byte)~(1 << (present % 8));
        // Where there is no other the first call fails and changes nothing.
        return SetAffinity(ThisThread, MaskBytes, others) == 0 && SetAffinity(ThisThread, MaskBytes, allowed) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition]
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, byte* mask);
}
