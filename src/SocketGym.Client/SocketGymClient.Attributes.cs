using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

// Attributes and methods of the remote environment by name. Names that begin with '_' or contain '.' are refused by the server.
public sealed partial class SocketGymClient
{
    /// <inheritdoc/>
    public AttributeKind FindAttribute(string name) => FindAttribute(name, CancellationToken.None);

    /// <summary>What the remote environment has under a name.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for <see cref="IAttributes.FindAttribute"/>.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.FindAttribute"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public AttributeKind FindAttribute(string name, CancellationToken cancellationToken)
    {
        var found = Ask(RequestMethod.HasAttribute, [name], cancellationToken);
        if (found.IsNone)
            return AttributeKind.None;
        return found == "method" ? AttributeKind.Method : AttributeKind.Value;
    }

    /// <inheritdoc/>
    public Value GetAttribute(string name) => GetAttribute(name, CancellationToken.None);

    /// <summary>Reads an attribute of the remote environment.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>The value, valid for good.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.GetAttribute"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Value GetAttribute(string name, CancellationToken cancellationToken) => Ask(RequestMethod.GetAttribute, [name], cancellationToken);

    /// <inheritdoc/>
    public bool SetAttribute(string name, Value value, bool force = true) => SetAttribute(name, value, force, CancellationToken.None);

    /// <summary>Sets an attribute of the remote environment.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The value, read during the call only.</param>
    /// <param name="force">Whether the attribute is made where there is none.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>As for <see cref="IAttributes.SetAttribute"/>.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.SetAttribute"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public bool SetAttribute(string name, Value value, bool force, CancellationToken cancellationToken)
    {
        var answer = Ask(RequestMethod.SetAttribute, [name, value, force], cancellationToken);
        return answer.Kind == ValueKind.Bool
            ? answer.AsBool()
            : throw new SocketGymException(ErrorCode.MalformedMessage, $"The server answered set_attr with {answer}, not with a bool.");
    }

    /// <inheritdoc/>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null) => Call(name, arguments, kwargs, CancellationToken.None);

    /// <summary>Calls a method of the remote environment.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="arguments">Its positional arguments, read during the call only; null for none.</param>
    /// <param name="kwargs">Its keyword arguments, read during the call only; null for none.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>What it returned, valid for good.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.Call"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public Value Call(string name, IReadOnlyList<Value>? arguments, ValueDictionary? kwargs, CancellationToken cancellationToken) =>
        Ask(RequestMethod.Call, [name, Value.List([.. arguments ?? []]), kwargs ?? ValueDictionary.Empty], cancellationToken);

    private Value Ask(RequestMethod method, ReadOnlySpan<Value> parameters, CancellationToken cancellationToken) =>
        Exchange(method, parameters, _connection.ValueReader, cancellationToken);
}
