using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Hosting.Environments;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Sessions;

/// <summary>One client's environment, or vector of them, and what may be asked of it: the state machine of docs/protocol.md, section 2.</summary>
/// <remarks>
/// Knows no transport and no codec in particular. Runs on its owning thread, which also steps the environment;
/// only <see cref="Interrupt"/> may be called from another.
/// </remarks>
public sealed class Session : IDisposable
{
    private readonly EnvironmentCatalog _catalog;
    private readonly Func<Value, Value> _greet;
    private readonly int _maxVectorEnvironments;
    private readonly EnvironmentLog? _log;
    // It has neither a timer nor a wait handle, so there is nothing to dispose of, and another thread may cancel it at any time.
    private readonly CancellationTokenSource _interruption = new();
    private volatile IHosted? _hosted;

    /// <summary>Makes a session without an environment.</summary>
    /// <param name="catalog">Where environments come from.</param>
    /// <param name="greet">Makes the result of <c>hello</c> from what the client says of itself.</param>
    /// <param name="limits">What the client is allowed; null for the defaults.</param>
    /// <param name="log">Where its environments' output goes; null for nowhere.</param>
    public Session(EnvironmentCatalog catalog, Func<Value, Value> greet, ServerLimits? limits = null, EnvironmentLog? log = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(greet);
        _catalog = catalog;
        _greet = greet;
        _maxVectorEnvironments = (limits ?? new ServerLimits()).MaxVectorEnvironments;
        _log = log;
    }

    /// <summary>Carries out one request and writes its one reply; never throws for anything that the request or the environment did.</summary>
    /// <param name="request">The request.</param>
    /// <param name="codec">Writes the reply.</param>
    /// <param name="reply">An empty frame that receives the reply.</param>
    /// <returns>Whether the connection may go on.</returns>
    public bool Handle(Request request, IMessageCodec codec, FrameBuffer reply)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(reply);
        SocketGymException failure;
        try
        {
            Execute(request, codec, reply);
            return true;
        }
        catch (SocketGymException error)
        {
            // The request was read, so these are about what the environment returned, and the stream is in order.
            failure = error.Code is ErrorCode.NestingTooDeep or ErrorCode.TooManyValues or ErrorCode.CyclicValue
                ? new SocketGymException(ErrorCode.UnsupportedValue, $"The environment returned a value that cannot travel. {error.Message}", error)
                : error;
        }
        catch (Exception exception)
        {
            failure = new SocketGymException(ErrorCode.InternalError, $"The server failed to carry out the request ({exception.GetType().Name}: {exception.Message}). Please report it.", exception);
        }
        // What was written of the reply before the failure must not reach the client.
        reply.Clear();
        codec.WriteError(reply, request, failure);
        return !failure.Code.EndsConnection();
    }

    /// <summary>Ends a call in progress, and the making of an environment, where that is possible; the session can make no other. Thread-safe.</summary>
    public void Interrupt()
    {
        _interruption.Cancel();
        _hosted?.Interrupt();
    }

    /// <summary>Closes the environment.</summary>
    public void Dispose() => CloseEnvironment();

    private void Execute(Request request, IMessageCodec codec, FrameBuffer reply)
    {
        switch (request.Method)
        {
            case RequestMethod.Step:
                codec.WriteStep(reply, request, Hosted().Step(request[0]));
                break;
            case RequestMethod.Reset:
                codec.WriteReset(reply, request, Hosted().Reset(request));
                break;
            case RequestMethod.Render:
                codec.WriteResult(reply, request, Hosted().Render());
                break;
            case RequestMethod.Make:
                codec.WriteMake(reply, request, Make(request));
                break;
            case RequestMethod.MakeVector:
                codec.WriteResult(reply, request, MakeVector(request));
                break;
            case RequestMethod.Close:
                CloseEnvironment();
                codec.WriteResult(reply, request, default);
                break;
            case RequestMethod.Spec:
                var spec = Hosted().Spec;
                codec.WriteResult(reply, request, spec is null ? default : SpecDescription.ToValue(spec));
                break;
            case RequestMethod.Call or RequestMethod.GetAttribute or RequestMethod.SetAttribute or RequestMethod.HasAttribute:
                codec.WriteResult(reply, request, Hosted().Attribute(request));
                break;
            case RequestMethod.List:
                codec.WriteResult(reply, request, List());
                break;
            case RequestMethod.Hello:
                codec.WriteResult(reply, request, Hello(request[0]));
                break;
            case RequestMethod.Ping:
                codec.WriteResult(reply, request, default);
                break;
            default:
                throw new SocketGymException(ErrorCode.UnknownMethod, $"There is no method '{request.MethodName}'; there are: hello, ping, list, make, make_vec, reset, step, render, close, spec, call, get_attr, set_attr, has_attr.");
        }
    }

    private IEnvironment Make(Request request)
    {
        var (id, kwargs) = MakeParameters.Read(request);
        var module = MakeParameters.EnvironmentTypeOf(request[2]);
        CloseEnvironment();
        var environment = Guarded(() => _catalog.Make(id, kwargs, module, _interruption.Token));
        _log?.Follow(environment, id);
        _hosted = new HostedEnvironment(environment);
        return environment;
    }

    private Value MakeVector(Request request)
    {
        var (id, kwargs) = MakeParameters.Read(request);
        var (options, module) = MakeParameters.VectorOptionsOf(request[2], request[3], _maxVectorEnvironments);
        CloseEnvironment();
        var vector = Guarded(() => _catalog.MakeVector(id, kwargs, options, module, _interruption.Token));
        _log?.Follow(vector, id);
        var hosted = new HostedVector(vector);
        _hosted = hosted;
        return hosted.Describe();
    }

    private Value List()
    {
        var offers = _catalog.List();
        var items = new Value[offers.Count];
        for (var index = 0; index < items.Length; index++)
        {
            var offer = offers[index];
            items[index] = new ValueDictionary { ["id"] = offer.Id, ["host"] = offer.Host, ["interpreter"] = offer.Interpreter, ["problem"] = offer.Problem };
        }
        return Value.List(items);
    }

    private Value Hello(Value client)
    {
        if (client.Kind == ValueKind.Dict && client.AsDict().TryGetValue("protocol", out var version) && version != 1)
            throw new SocketGymException(ErrorCode.UnsupportedProtocol, $"The client speaks protocol {version}; this server speaks 1. Use a client of the server's version.");
        return _greet(client);
    }

    private IHosted Hosted() => _hosted
        ?? throw new SocketGymException(ErrorCode.NoEnvironment, "The connection has no environment; send 'make' first.");

    private void CloseEnvironment()
    {
        var hosted = _hosted;
        _hosted = null;
        hosted?.Dispose();
    }

    private static T Guarded<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }
}
