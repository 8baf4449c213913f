namespace SocketGym.Core.Checking;

/// <summary>An environment broke Gymnasium's contract in the eyes of <see cref="EnvironmentChecker"/>.</summary>
public sealed class InvalidEnvironmentException : Exception
{
    internal InvalidEnvironmentException(IReadOnlyList<Finding> findings)
        : base(string.Join(Environment.NewLine, findings)) => Findings = findings;

    /// <summary>What was found, warnings too.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
