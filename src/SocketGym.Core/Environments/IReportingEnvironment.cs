using SocketGym.Core.Errors;

namespace SocketGym.Core.Environments;

/// <summary>An environment that says more than its results hold: what it prints, and why it failed to close.</summary>
public interface IReportingEnvironment
{
    /// <summary>Names who listens, which replaces the one before.</summary>
    /// <param name="printed">Takes each line that the environment prints, the last few of those before this call first. Called on any thread; while it runs, the environment may have to wait.</param>
    /// <param name="failedToClose">Takes what <see cref="IEnvironment.Close"/> does not throw.</param>
    void ReportTo(Action<string> printed, Action<SocketGymException> failedToClose);
}
