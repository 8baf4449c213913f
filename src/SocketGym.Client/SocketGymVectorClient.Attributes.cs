using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

// Attributes and methods of all environments by name. Names that begin with '_' or contain '.' are refused by the servers.
public sealed partial class SocketGymVectorClient
{
    /// <inheritdoc/>
    public AttributeKind FindAttribute(string name) => FindAttribute(name, CancellationToken.None);

    /// <summary>What the first environment has under a name.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for <see cref="IAttributes.FindAttribute"/>.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.FindAttribute"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public AttributeKind FindAttribute(string name, CancellationToken cancellationToken)
    {
        Enter(CallState.Idle);
        try
        {
            _parts.All[0].Ask(RequestMethod.HasAttribute, name);
            Exchange(cancellationToken);
            var found = _parts.All[0].Result;
            if (found.IsNone)
                return AttributeKind.None;
            return found == "method" ? AttributeKind.Method : AttributeKind.Value;
        }
        catch (SocketGymException lost) when (IsCovered(lost))
        {
            throw MakeAnew(lost, cancellationToken);
        }
        finally
        {
            Leave(CallState.Idle);
        }
    }

    /// <inheritdoc/>
    public Value GetAttribute(string name) => GetAttribute(name, CancellationToken.None);

    /// <summary>Reads an attribute of every environment.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>A tuple of the values, valid for good.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.GetAttribute"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Value GetAttribute(string name, CancellationToken cancellationToken) => AskAll(RequestMethod.GetAttribute, cancellationToken, name);

    /// <inheritdoc/>
    public bool SetAttribute(string name, Value value, bool force = true) => SetAttribute(name, value, force, CancellationToken.None);

    /// <summary>Sets an attribute of every environment.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">A list or tuple with a value for each environment, read during the call only.</param>
    /// <param name="force">Whether the attribute is made where there is none.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>Whether it was set everywhere.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.SetAttribute"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused and for another number of values, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public bool SetAttribute(string name, Value value, bool force, CancellationToken cancellationToken)
    {
        if (value.Kind is not (ValueKind.List or ValueKind.Tuple) || value.AsItems().Length != Count)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The value of '{name}' is {value}; it must be a list or tuple of {Count}, one for each environment.");
        Enter(CallState.Idle);
        try
        {
            foreach (var part in _parts.All)
                part.Ask(RequestMethod.SetAttribute, name, Value.List(value.AsItems().Slice(part.First, part.Count).ToArray()), force);
            Exchange(cancellationToken);
            var isSet = true;
            foreach (var part in _parts.All)
            {
                isSet &= part.Result.Kind == ValueKind.Bool
                    ? part.Result.AsBool()
                    : throw _parts.End(part, new SocketGymException(ErrorCode.MalformedMessage, $"The server answered set_attr with {part.Result}, not with a bool."));
            }
            return isSet;
        }
        catch (SocketGymException lost) when (IsCovered(lost))
        {
            throw MakeAnew(lost, cancellationToken);
        }
        finally
        {
            Leave(CallState.Idle);
        }
    }

    /// <inheritdoc/>
    public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null) => Call(name, arguments, kwargs, CancellationToken.None);

    /// <summary>Calls a method of every environment; where it cannot be called, reads it.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="arguments">Its positional arguments, the same for all, read during the call only; null for none.</param>
    /// <param name="kwargs">Its keyword arguments, the same for all, read during the call only; null for none.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>A tuple of what each returned, valid for good.</returns>
    /// <exception cref="SocketGymException">As for <see cref="IAttributes.Call"/>, <see cref="ErrorCode.InvalidArgument"/> for a name that is refused, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Value Call(string name, IReadOnlyList<Value>? arguments, ValueDictionary? kwargs, CancellationToken cancellationToken) =>
        AskAll(RequestMethod.Call, cancellationToken, name, Value.List([.. arguments ?? []]), kwargs ?? ValueDictionary.Empty);

    // The same request to all servers, and their tuples as one.
    private Value AskAll(RequestMethod method, CancellationToken cancellationToken, params ReadOnlySpan<Value> parameters)
    {
        Enter(CallState.Idle);
        try
        {
            foreach (var part in _parts.All)
                part.Ask(method, parameters);
            Exchange(cancellationToken);
            var all = new Value[Count];
            foreach (var part in _parts.All)
            {
                if (part.Result.Kind != ValueKind.Tuple || part.Result.AsItems().Length != part.Count)
                    throw _parts.End(part, new SocketGymException(ErrorCode.MalformedMessage, $"The server answered with {part.Result}, not with a tuple of {part.Count}."));
                part.Result.AsItems().CopyTo(all.AsSpan(part.First));
            }
            return Value.Tuple(all);
        }
        catch (SocketGymException lost) when (IsCovered(lost))
        {
            throw MakeAnew(lost, cancellationToken);
        }
        finally
        {
            Leave(CallState.Idle);
        }
    }
}
