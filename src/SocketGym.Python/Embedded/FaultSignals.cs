using System.Runtime.InteropServices;

namespace SocketGym.Python.Embedded;

/// <summary>Keeps the handlers by which .NET turns a fault into an exception, since Python modules put theirs in the place: <c>pygame</c> before version 2.2 when it is imported, <c>faulthandler</c> when it is enabled.</summary>
/// <remarks>What other native code does on a fault in between is not changed: it ends the process.</remarks>
internal sealed unsafe partial class FaultSignals
{
    // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV: .NET sets these when it starts, and never again.
    private static readonly int[] Numbers = [4, 5, 6, 7, 8, 11];

    // More than the structure takes in any C library; a handler's address comes first in all of them.
    private const int ActionBytes = 256;

    private readonly byte* _actions;

    /// <summary>Remembers the handlers that there are now.</summary>
    public FaultSignals()
    {
        _actions = (byte*)NativeMemory.AllocZeroed((nuint)(Numbers.Length * ActionBytes));
        for (var index = 0; index < Numbers.Length; index++)
            _ = SignalAction(Numbers[index], null, _actions + (index * ActionBytes));
    }

    /// <summary>Puts back those that were replaced. Thread-safe.</summary>
    public void Restore()
    {
        var now = stackalloc byte[ActionBytes];
        for (var index = 0; index < Numbers.Length; index++)
        {
            var before = _actions + (index * ActionBytes);
            // The flags may be gone where the handler is the same.
            new Span<byte>(now, ActionBytes).Clear();
            if (SignalAction(Numbers[index], null, now) == 0 && !new ReadOnlySpan<byte>(now, ActionBytes).SequenceEqual(new ReadOnlySpan<byte>(before, ActionBytes)))
                _ = SignalAction(Numbers[index], before, null);
        }
    }

    /// <summary>The stack that this thread handles signals on.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AlternateStack
    {
        public nint Start;
        public int Flags;
        public nint Bytes;

        /// <summary>The present one.</summary>
        public static AlternateStack Current
        {
            get
            {
                AlternateStack stack = default;
                _ = SignalStack(null, &stack);
                return stack;
            }
        }

        /// <summary>Puts it back on this thread where another took its place.</summary>
        public void Restore()
        {
            var now = Current;
            if (now.Start == Start && now.Bytes == Bytes)
                return;
            var before = this;
            _ = SignalStack(&before, null);
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SignalAction(int signal, byte* action, byte* former);

    [LibraryImport("libc", EntryPoint = "sigaltstack")]
    private static partial int SignalStack(AlternateStack* stack, AlternateStack* former);
}
