using System.Runtime.InteropServices;

namespace SocketGym.Core.Seeding;

/// <summary>The one function that NumPy's distributions take from the C library and .NET does not offer.</summary>
internal static unsafe class PlatformMath
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<double, double> NativeLog1P = FindLog1P();

    /// <summary>log(1 + x) exactly as the platform's C library gives it, which is what NumPy calls.</summary>
    /// <param name="x">Greater than -1.</param>
    /// <remarks>Without a known C library it is the logarithm of 1 + x, which may differ in the last bit.</remarks>
    public static double Log1P(double x) => NativeLog1P != null ? NativeLog1P(x) : Math.Log(1 + x);

    private static delegate* unmanaged[SuppressGCTransition]<double, double> FindLog1P()
    {
        foreach (var name in (ReadOnlySpan<string>)["libm.so.6", "libc.so", "libSystem.dylib", "ucrtbase.dll"])
        {
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "log1p", out var address))
                return (delegate* unmanaged[SuppressGCTransition]<double, double>)address;
        }
        return null;
    }
}
