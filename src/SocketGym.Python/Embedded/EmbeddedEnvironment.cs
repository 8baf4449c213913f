using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Embedded;

/// <summary>A Gymnasium environment in this process's own CPython.</summary>
/// <remarks>
/// Not thread-safe; any thread may call, and is quicker where it has made the environment. An observation may lie in memory that the next one is written into: it is
/// valid until the next call. Every call takes the GIL, so that two environments never run Python code at the same time. An exception of the environment, <c>SystemExit</c> and
/// <c>KeyboardInterrupt</c> among them, leaves it usable. No call can be ended: one that hangs holds its thread, and one that crashes ends this process. After <see cref="Close"/> every call throws <see cref="ErrorCode.NoEnvironment"/>.
/// </remarks>
public sealed class EmbeddedEnvironment : PythonEnvironment, IReportingEnvironment
{
    private readonly EmbeddedSession _session;
    private Action<SocketGymException>? _failedToClose;

    internal EmbeddedEnvironment(EmbeddedSession session, Value made)
        : base(session, WorkerLimits.Default, made) => _session = session;

    /// <summary>Closes the environment; never throws, and a second call does nothing.</summary>
    /// <remarks>Who listens is told of an exception of the environment's <c>close</c>.</remarks>
    public override void Close()
    {
        _session.Dispose();
        if (_session.CloseFailure is { } failure)
            Interlocked.Exchange(ref _failedToClose, null)?.Invoke(failure);
    }

    /// <inheritdoc/>
    /// <remarks>What the environment prints goes to this process's own standard output and error, and <paramref name="printed"/> is never called.</remarks>
    public void ReportTo(Action<string> printed, Action<SocketGymException> failedToClose) => _failedToClose = failedToClose;
}
