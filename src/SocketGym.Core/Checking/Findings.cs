using SocketGym.Core.Errors;

namespace SocketGym.Core.Checking;

/// <summary>Collects findings, each once.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _list = [];

    public IReadOnlyList<Finding> List => _list;

    public bool HasErrors => _list.Exists(finding => finding.Severity == Severity.Error);

    public void Error(Rule rule, string problem, string advice) => Add(new(Severity.Error, rule, problem, advice));

    public void Warn(Rule rule, string problem, string advice) => Add(new(Severity.Warning, rule, problem, advice));

    /// <summary>Makes a call that must not throw.</summary>
    /// <param name="call">The call, in words.</param>
    /// <param name="function">The call.</param>
    /// <param name="result">What it returned, where it did.</param>
    /// <returns>Whether it returned.</returns>
    public bool Try<T>(string call, Func<T> function, out T result)
    {
        try
        {
            result = function();
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            result = default!;
            if (failure is SocketGymException { Code: ErrorCode.InvalidAction })
                Error(Rule.ActionRefused, $"{call} refuses an action that the action space contains: {failure.Message}", "Take every action of the space, or declare a smaller space.");
            else
                Error(Rule.CallFails, $"{call} throws {failure.GetType().Name}: {failure.Message}", "Make the call succeed: learners make it as it was made here.");
            return false;
        }
    }

    // Every episode would say the same again.
    private void Add(Finding finding)
    {
        if (!_list.Exists(other => other.Rule == finding.Rule && (other.Problem == finding.Problem || finding.Rule is Rule.ObservationType or Rule.ObservationOutOfSpace or Rule.NotReproducible or Rule.AliasedObservation)))
            _list.Add(finding);
    }
}
