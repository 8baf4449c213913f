using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client.Internal;

/// <summary>One server's share of a vector: a run of its environments on one connection. Asks, and keeps what was answered.</summary>
internal sealed class VectorPart(ClientConnection connection, SocketGymClientOptions options, int first, int count, List<VectorInfo> infos)
{
    private const int MostParameters = 4;

    private readonly VectorReader _reader = new(connection.Codec, options.Limits, first, count, infos);
    private readonly Value[] _parameters = new Value[MostParameters];
    private RequestMethod _method;
    private int _parameterCount;
    private bool _canJoin;

    public ClientConnection Connection => connection;

    public ServerAddress Address { get; } = options.Address;

    /// <summary>Decides what happens when it is lost; null for nothing.</summary>
    public Func<ReconnectAttempt, bool>? Reconnecting => options.Reconnecting;

    /// <summary>The number of its first environment in the whole vector.</summary>
    public int First => first;

    public int Count => count;

    /// <summary>Whether the request moves environments on, so that all servers must have done it or none.</summary>
    public bool IsStepOrReset => _method is RequestMethod.Step or RequestMethod.Reset;

    /// <summary>Where its observations are wanted in a step: an array of all environments'; null for where they are received.</summary>
    public NDArray? Joined { get; set; }

    /// <summary>Whether the observations of the last step are there, and not in <see cref="Step"/>.</summary>
    public bool IsJoined { get; private set; }

    /// <summary>Whether the server has something to answer in this exchange.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>The reply to <c>step</c>; valid until the next one.</summary>
    public VectorStepResult Step { get; private set; }

    /// <summary>The reply to <c>reset</c>; valid until the next one.</summary>
    public VectorResetResult Reset { get; private set; }

    /// <summary>The reply to any other request.</summary>
    public Value Result { get; private set; }

    /// <summary>Chooses the request of the next exchange.</summary>
    public void Ask(RequestMethod method, params ReadOnlySpan<Value> parameters)
    {
        _method = method;
        parameters.CopyTo(_parameters);
        _parameterCount = parameters.Length;
        IsAsked = true;
    }

    public void Write(CancellationToken cancellationToken) => connection.Write(_method, _parameters.AsSpan(0, _parameterCount), cancellationToken);

    public void Receive(CancellationToken cancellationToken)
    {
        switch (_method)
        {
            case RequestMethod.Step:
                IsJoined = TryJoin(cancellationToken);
                if (IsJoined)
                    break;
                Step = connection.Receive(_reader.Step, cancellationToken);
                _canJoin = Joined is not null && IsShareOf(Joined, Step.Observations);
                break;
            case RequestMethod.Reset:
                Reset = connection.Receive(_reader.Reset, cancellationToken);
                break;
            case RequestMethod.Render:
                Result = connection.Receive(_reader.Render, cancellationToken);
                break;
            default:
                Result = connection.Receive(connection.ValueReader, cancellationToken);
                break;
        }
    }

    /// <summary>Forgets the request, and what the caller gave for it.</summary>
    public void Rest()
    {
        Array.Clear(_parameters);
        IsAsked = false;
    }

    private bool TryJoin(CancellationToken cancellationToken)
    {
        if (!_canJoin || Joined is null)
            return false;
        var rowBytes = Joined.Bytes.Length / Joined.Shape[0];
        if (!connection.TryReceive(_reader.StepForm, Joined.Bytes.Slice(first * rowBytes, count * rowBytes), _reader.StepTail, out var step, cancellationToken))
            return false;
        Step = step;
        return true;
    }

    private bool IsShareOf(NDArray whole, Value observations) => observations.Kind == ValueKind.Array
        && observations.AsArray() is var rows
        && rows.DType.Equals(whole.DType)
        && rows.Shape.Length == whole.Shape.Length
        && rows.Shape[0] == count
        && rows.Shape[1..].SequenceEqual(whole.Shape[1..]);
}
