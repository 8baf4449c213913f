using System.Globalization;

namespace SocketGym.Python.Workers;

/// <summary>How a process ended, in words.</summary>
internal static class WorkerExit
{
    private const int SignalBase = 128;

    /// <summary>Describes an exit code as .NET gives it: 128 and the signal's number for a process that a signal ended.</summary>
    /// <param name="exitCode">The exit code.</param>
    public static string Describe(int exitCode)
    {
        var name = (exitCode - SignalBase) switch
        {
            4 => "SIGILL",
            6 => "SIGABRT",
            8 => "SIGFPE",
            9 => "SIGKILL, perhaps for want of memory",
            11 => "SIGSEGV",
            15 => "SIGTERM",
            var signal => "signal " + signal.ToString(CultureInfo.InvariantCulture),
        };
        return exitCode is > SignalBase and < SignalBase + 65 ? $"was ended by {name} (exit code {exitCode})" : $"ended with exit code {exitCode}";
    }
}
