using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Sessions;

/// <summary>The requests that reach into an environment by name: <c>call</c>, <c>get_attr</c>, <c>set_attr</c>, <c>has_attr</c> (docs/protocol.md, "Attributes").</summary>
internal static class AttributeRequest
{
    private const int MaxNameLength = 256;
    private const int ValueIndex = 1;

    /// <summary>Checks a request and carries it out.</summary>
    /// <param name="request">The request.</param>
    /// <param name="attributes">The environment's attributes.</param>
    /// <returns>The result.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/> for a name or a parameter that is refused, and what the environment throws.</exception>
    public static Value Execute(Request request, IAttributes attributes)
    {
        var name = NameOf(request[0]);
        switch (request.Method)
        {
            case RequestMethod.GetAttribute:
                return attributes.GetAttribute(name);
            case RequestMethod.HasAttribute:
                return attributes.FindAttribute(name) switch
                {
                    AttributeKind.Value => "value",
                    AttributeKind.Method => "method",
                    _ => Value.None,
                };
            case RequestMethod.SetAttribute when request.ParameterCount <= ValueIndex:
                throw Refusal("'set_attr' lacks the value; send None to set None.");
            case RequestMethod.SetAttribute:
                return attributes.SetAttribute(name, request[ValueIndex], ForceOf(request[2]));
            default:
                return attributes.Call(name, ArgumentsOf(request[1]), KwargsOf(request[2]));
        }
    }

    private static string NameOf(Value value)
    {
        if (value.Kind != ValueKind.String)
            throw Refusal($"The attribute's name is {value} ({ValueText.TypeName(value)}); it must be a str.");
        var name = value.AsString();
        if (name.Length is 0 or > MaxNameLength)
            throw Refusal($"The attribute's name has {name.Length} characters; it must have 1 to {MaxNameLength}.");
        // What lies behind such names is the interpreter itself.
        if (name.StartsWith('_') || name.Contains('.', StringComparison.Ordinal))
            throw Refusal($"The attribute's name is {value}; a name that begins with '_' or contains '.' is private to the environment.");
        return name;
    }

    private static bool ForceOf(Value force) => force.Kind switch
    {
        ValueKind.None => true,
        ValueKind.Bool => force.AsBool(),
        _ => throw Refusal($"force is {force} ({ValueText.TypeName(force)}); it must be a bool or None."),
    };

    private static Value[] ArgumentsOf(Value arguments) => arguments.Kind switch
    {
        ValueKind.None => [],
        ValueKind.List or ValueKind.Tuple => arguments.AsItems().ToArray(),
        _ => throw Refusal($"args is {arguments} ({ValueText.TypeName(arguments)}); it must be a list, a tuple or None."),
    };

    private static ValueDictionary KwargsOf(Value given)
    {
        if (given.IsNone)
            return ValueDictionary.Empty;
        if (given.Kind is not (ValueKind.Dict or ValueKind.OrderedDict))
            throw Refusal($"kwargs is {given} ({ValueText.TypeName(given)}); it must be a dict or None.");
        foreach (var (key, _) in given.AsDict())
        {
            if (key.Kind != ValueKind.String)
                throw Refusal($"The keyword argument {key} is a {ValueText.TypeName(key)}; it must be a str.");
        }
        return given.AsDict();
    }

    private static SocketGymException Refusal(string message) => new(ErrorCode.InvalidArgument, message);
}
