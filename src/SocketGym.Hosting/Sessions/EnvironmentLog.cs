using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;

namespace SocketGym.Hosting.Sessions;

/// <summary>Logs what one session's environments print, as many lines as a person can read, and why one failed to close.</summary>
/// <remarks>Thread-safe. Never waits for anything but its own lock.</remarks>
/// <param name="logger">Where it logs.</param>
/// <param name="connection">The connection's number.</param>
public sealed class EnvironmentLog(ILogger logger, long connection)
{
    /// <summary>The logger's category.</summary>
    public const string Category = "SocketGym.Environment";

    // So many lines at once, and as many again in every so long; what is beyond them is counted.
    private const int MaxLines = 100;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _windowStart = Stopwatch.GetTimestamp();
    private int _lines;
    private int _leftOut;

    /// <summary>Listens to an environment, if it reports anything.</summary>
    /// <param name="environment">The environment, or a vector of them.</param>
    /// <param name="id">What the client called it.</param>
    public void Follow(object environment, string id) => (environment as IReportingEnvironment)?.ReportTo(
        line => Print(id, line),
        failure => FailedToClose(id, failure));

    /// <summary>Logs that an environment failed to close, and why.</summary>
    /// <param name="id">What the client called it.</param>
    /// <param name="failure">What it threw.</param>
    internal void FailedToClose(string id, SocketGymException failure) =>
        Log.CloseFailed(logger, connection, id, failure.Code, $"{failure.Message}\n{failure.RemoteTraceback}".TrimEnd());

    /// <summary>Logs that a call in progress could not be ended, and why.</summary>
    /// <param name="id">What the client called the environment.</param>
    /// <param name="failure">What it threw.</param>
    internal void FailedToEnd(string id, Exception failure) => Log.EndFailed(logger, connection, id, failure);

    private void Print(string id, string line)
    {
        lock (_lock)
        {
            if (Stopwatch.GetElapsedTime(_windowStart) >= Window)
            {
                if (_leftOut > 0)
                    Log.OutputLeftOut(logger, connection, id, _leftOut);
                (_windowStart, _lines, _leftOut) = (Stopwatch.GetTimestamp(), 0, 0);
            }
            if (++_lines > MaxLines)
                _leftOut++;
            else
                Log.Printed(logger, connection, id, Printable(line));
        }
    }

    // A terminal would take control characters for orders.
    private static string Printable(string line) => string.Create(line.Length, line, (text, source) =>
    {
        for (var index = 0; index < text.Length; index++)
            text[index] = char.IsControl(source[index]) && source[index] != '\t' ? '?' : source[index];
    });
}
