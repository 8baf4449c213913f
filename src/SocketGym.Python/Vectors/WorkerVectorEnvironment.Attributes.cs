using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Vectors;

// Frames, the attributes of all environments, and what all of them report.
public sealed partial class WorkerVectorEnvironment
{
    private static readonly Value RenderRequest = Value.Tuple("render");

    private Action<SocketGymException>? _failedToClose;

    /// <inheritdoc/>
    public Value Render() => Joined(_team.AskAll(_ => RenderRequest, _limits.RenderMs));

    /// <inheritdoc/>
    public AttributeKind FindAttribute(string name)
    {
        var found = _team.Ask(0, Value.Tuple("has_attr", name), _limits.StepMs);
        if (found.IsNone)
            return AttributeKind.None;
        return found.AsBool() ? AttributeKind.Method : AttributeKind.Value;
    }

    /// <inheritdoc/>
    public Value GetAttribute(string name)
    {
        var request = Value.Tuple("get_attr", name);
        return Joined(_team.AskAll(_ => request, _limits.StepMs));
    }

    /// <inheritdoc/>
    public bool SetAttribute(string name, Value value, bool force = true)
    {
        if (value.Kind is not (ValueKind.List or ValueKind.Tuple) || value.AsItems().Length != Count)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The value of '{name}' is {value}; it must be a list or tuple of {Count}, one for each environment.");
        OpaqueSearch.Refuse(value, "the attribute's values");
        var answers = _team.AskAll(
            part => Value.Tuple("set_attr", name, Value.List(value.AsItems().Slice(_team.FirstOf(part), _team.CountOf(part)).ToArray()), force), _limits.StepMs);
        return answers.All(answer => answer.AsBool());
    }

    /// <inheritdoc/>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null)
    {
        var positional = Value.List([.. arguments ?? []]);
        Value named = kwargs ?? ValueDictionary.Empty;
        OpaqueSearch.Refuse(positional, "the arguments");
        OpaqueSearch.Refuse(named, "the keyword arguments");
        var request = Value.Tuple("call", name, positional, named);
        return Joined(_team.AskAll(_ => request, _limits.StepMs));
    }

    /// <inheritdoc/>
    public void ReportTo(Action<string> printed, Action<SocketGymException> failedToClose)
    {
        _failedToClose = failedToClose;
        _team.Listen(printed);
    }

    // Each worker answers with a tuple of as many as it has environments.
    private Value Joined(Value[] answers)
    {
        var items = new Value[Count];
        for (var part = 0; part < answers.Length; part++)
        {
            if (answers[part].Kind != ValueKind.Tuple || answers[part].AsItems().Length != _team.CountOf(part))
                throw new SocketGymException(ErrorCode.EnvironmentFault, $"A worker answered {answers[part]} for {_team.CountOf(part)} environments.");
            answers[part].AsItems().CopyTo(items.AsSpan(_team.FirstOf(part)));
        }
        return Value.Tuple(items);
    }
}
