namespace SocketGym.Core.Checking;

/// <summary>How bad a finding of <see cref="EnvironmentChecker"/> is.</summary>
public enum Severity
{
    /// <summary>Allowed, and probably not meant.</summary>
    Warning,

    /// <summary>Against Gymnasium's contract: learners go wrong or fail.</summary>
    Error,
}
