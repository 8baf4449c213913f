using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers;

/// <summary>A Gymnasium environment in a Python process of its own.</summary>
/// <remarks>
/// Not thread-safe, but for <see cref="Interrupt"/>. An observation may lie in memory that the process writes the next one into: it is valid until the next call. An exception of the environment leaves it usable;
/// after <see cref="ErrorCode.WorkerDied"/> or <see cref="ErrorCode.EnvironmentTimeout"/> there is no process any more, and every call but
/// <see cref="Close"/> throws <see cref="ErrorCode.WorkerDied"/>.
/// </remarks>
public sealed class WorkerEnvironment : PythonEnvironment, IInterruptible, IReportingEnvironment
{
    private readonly IWorker _worker;
    private Action<SocketGymException>? _failedToClose;

    internal WorkerEnvironment(IWorker worker, WorkerLimits limits, Value made)
        : base(worker, limits, made) => _worker = worker;

    /// <summary>Ends the environment's process, at once and from any thread; a call in progress fails with <see cref="ErrorCode.WorkerDied"/>.</summary>
    public void Interrupt() => _worker.Abort();

    /// <summary>Closes the environment and ends its process; never throws, and a second call does nothing.</summary>
    /// <remarks>The process ends either way, with everything it had started; who listens is told of an exception of the environment's <c>close</c>.</remarks>
    public override void Close()
    {
        _worker.Dispose();
        if (_worker.CloseFailure is { } failure)
            Interlocked.Exchange(ref _failedToClose, null)?.Invoke(failure);
    }

    /// <inheritdoc/>
    public void ReportTo(Action<string> printed, Action<SocketGymException> failedToClose)
    {
        _failedToClose = failedToClose;
        _worker.Listen(printed);
    }
}
