using System.Runtime.InteropServices;

namespace SocketGym.Python.Embedded;

/// <summary>The system's own dynamic linker: .NET's has no name for making a library's symbols global, and Python's extension modules look for them there.</summary>
internal static unsafe class DynamicLinker
{
    private const int Now = 2;
    private const int NoLoad = 4;
    private const int Global = 0x100;

    private static readonly delegate* unmanaged<byte*, int, void*> s_open = (delegate* unmanaged<byte*, int, void*>)Find("dlopen");
    private static readonly delegate* unmanaged<byte*> s_error = (delegate* unmanaged<byte*>)Find("dlerror");

    /// <summary>Loads a library for the caller alone.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Its handle, good for <see cref="NativeLibrary"/>.</returns>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message is the linker's.</exception>
    public static nint Load(string path) => Open(path, Now);

    /// <summary>Gives a loaded library's symbols to everything that is loaded from now on.</summary>
    /// <param name="path">The path that it was loaded by.</param>
    /// <exception cref="DllNotFoundException">It is not loaded.</exception>
    public static void MakeGlobal(string path) => Open(path, Now | Global | NoLoad);

    private static nint Open(string path, int flags)
    {
        var text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            var handle = (nint)s_open((byte*)text, flags);
            return handle != 0 ? handle : throw new DllNotFoundException(Marshal.PtrToStringUTF8((nint)s_error()) ?? $"{path} is not loaded.");
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    // A part of the C library from glibc 2.34 on, and always of musl.
    private static nint Find(string name)
    {
        foreach (var library in (string[])["libc.so.6", "libdl.so.2", "libc"])
        {
            if (NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, name, out var symbol))
                return symbol;
        }
        throw new EntryPointNotFoundException($"The system's libraries have no {name}.");
    }
}
