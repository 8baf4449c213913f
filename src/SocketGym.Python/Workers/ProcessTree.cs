using System.ComponentModel;
using System.Diagnostics;

namespace SocketGym.Python.Workers;

/// <summary>Ends processes that are not this one's children.</summary>
internal static class ProcessTree
{
    /// <summary>Kills a process with everything below it, if it is still there.</summary>
    /// <param name="id">Its id.</param>
    public static void End(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself.
        }
    }
}
