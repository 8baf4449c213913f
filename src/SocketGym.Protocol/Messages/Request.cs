using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Protocol.Messages;

/// <summary>One request, whatever codec it came in. A connection uses one object again and again.</summary>
/// <remarks>Not thread-safe. Parameters are valid until the next request is read into the object.</remarks>
public sealed class Request
{
    private const int MaxParameters = 4;
    private readonly Value[] _parameters = new Value[MaxParameters];

    /// <summary>The number that the response repeats; 0 until it could be read.</summary>
    public uint Id { get; private set; }

    /// <summary>What is asked for.</summary>
    public RequestMethod Method { get; private set; }

    /// <summary>The method's name as it was sent; set for <see cref="RequestMethod.Unknown"/>.</summary>
    public string? MethodName { get; private set; }

    /// <summary>How many parameters were sent.</summary>
    public int ParameterCount { get; private set; }

    /// <summary>A parameter; <c>None</c> where fewer were sent.</summary>
    /// <param name="index">The position in docs/protocol.md's table of methods, from 0.</param>
    public Value this[int index] => index < ParameterCount ? _parameters[index] : default;

    /// <summary>Forgets the request before.</summary>
    public void Clear()
    {
        Id = 0;
        Method = RequestMethod.Unknown;
        MethodName = null;
        ParameterCount = 0;
        Array.Clear(_parameters);
    }

    /// <summary>Sets what is known before the parameters are read, so that an error in them still answers this request.</summary>
    /// <param name="id">The number that the response repeats.</param>
    /// <param name="method">What is asked for.</param>
    /// <param name="methodName">The name as sent, for an unknown method.</param>
    public void Begin(uint id, RequestMethod method, string? methodName = null)
    {
        Id = id;
        Method = method;
        MethodName = methodName;
    }

    /// <summary>Appends a parameter.</summary>
    /// <param name="value">The parameter.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: there are more than any method has.</exception>
    public void Add(Value value)
    {
        if (ParameterCount == MaxParameters)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The request has more than {MaxParameters} parameters; no method takes so many.");
        _parameters[ParameterCount++] = value;
    }
}
