namespace SocketGym.Core.Checking;

/// <summary>Something that <see cref="EnvironmentChecker"/> found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Rule">What it is about.</param>
/// <param name="Problem">What is wrong, with the value.</param>
/// <param name="Advice">What to do.</param>
public sealed record Finding(Severity Severity, Rule Rule, string Problem, string Advice)
{
    /// <summary>The finding in one line.</summary>
    public override string ToString() => $"{(Severity == Severity.Error ? "error" : "warning")} {Rule}: {Problem} {Advice}";
}
