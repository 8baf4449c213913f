using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

// The attributes of all environments, and what all of them report.
public sealed partial class VectorEnvironment
{
    /// <inheritdoc/>
    public AttributeKind FindAttribute(string name) => EnvironmentAttributes.Of(Own[0]).FindAttribute(name);

    /// <inheritdoc/>
    public Value GetAttribute(string name) => ForEach(attributes => attributes.GetAttribute(name));

    /// <inheritdoc/>
    public bool SetAttribute(string name, Value value, bool force = true)
    {
        if (value.Kind is not (ValueKind.List or ValueKind.Tuple) || value.AsItems().Length != Count)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The value of '{name}' is {value}; it must be a list or tuple of {Count}, one for each environment.");
        var (environments, isSet) = (Own, true);
        for (var index = 0; index < Count; index++)
            isSet &= EnvironmentAttributes.Of(environments[index]).SetAttribute(name, value.AsItems()[index], force);
        return isSet;
    }

    /// <inheritdoc/>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null) => ForEach(
        attributes => attributes.FindAttribute(name) == AttributeKind.Value ? attributes.GetAttribute(name) : attributes.Call(name, arguments, kwargs));

    /// <summary>Ends at once those environments that can be ended so. Thread-safe.</summary>
    public void Interrupt() => TryEach(_environments, environment => (environment as IInterruptible)?.Interrupt())?.Throw();

    /// <inheritdoc/>
    public void ReportTo(Action<string> printed, Action<SocketGymException> failedToClose)
    {
        foreach (var environment in _environments)
            (environment as IReportingEnvironment)?.ReportTo(printed, failedToClose);
    }

    private Value ForEach(Func<IAttributes, Value> read) => Value.Tuple([.. Own.Select(environment => read(EnvironmentAttributes.Of(environment)).Copy())]);
}
