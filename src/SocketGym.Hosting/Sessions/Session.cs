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
    private readonly ServerLimits _limits;
    private readonly EnvironmentLog? _log;
    // It has neither a timer nor a wait handle, so there is nothing to dispose of, and another thread may cancel it at any time.
    private readonly CancellationTokenSource _interruption = new();
    private volatile IHosted? _hosted;
    private volatile string _id = "";

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
        _limits = limits ?? new ServerLimits();
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
        try
        {
            try
            {
                _interruption.Cancel();
            }
            finally
            {
                _hosted?.Interrupt();
            }
        }
        catch (Exception failure)
        {
            // The environment's own code, which its thread may be closing just now: whoever ends calls goes on to the next session.
            _log?.FailedToEnd(_id, failure);
        }
    }

    /// <summary>Closes the environment; never throws.</summary>
    public void Dispose() => DropEnvironment();

    private void Execute(Request request, IMessageCodec codec, FrameBuffer reply)
    {
        switch (request.Method)
        {
            case RequestMethod.Step:
                codec.WriteStep(reply, request, Ask(request, static (hosted, request) => hosted.Step(request[0])));
                break;
            case RequestMethod.Reset:
                codec.WriteReset(reply, request, Ask(request, static (hosted, request) => hosted.Reset(request)));
                break;
            case RequestMethod.Render:
                codec.WriteResult(reply, request, Ask(request, static (hosted, _) => hosted.Render()));
                break;
            case RequestMethod.Make:
                Make(request, codec, reply);
                break;
            case RequestMethod.MakeVector:
                MakeVector(request, codec, reply);
                break;
            case RequestMethod.Close:
                CloseEnvironment();
                codec.WriteResult(reply, request, default);
                break;
            case RequestMethod.Spec:
                var spec = Ask(request, static (hosted, _) => hosted.Spec);
                codec.WriteResult(reply, request, spec is null ? default : SpecDescription.ToValue(spec));
                break;
            case RequestMethod.Call or RequestMethod.GetAttribute or RequestMethod.SetAttribute or RequestMethod.HasAttribute:
                codec.WriteResult(reply, request, Ask(request, static (hosted, request) => hosted.Attribute(request)));
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

    private void Make(Request request, IMessageCodec codec, FrameBuffer reply)
    {
        var (id, kwargs) = MakeParameters.Read(request);
        var module = MakeParameters.EnvironmentTypeOf(request[2]);
        DropEnvironment();
        var environment = Guarded(() => _catalog.Make(id, kwargs, module, _interruption.Token));
        _log?.Follow(environment, id);
        (_id, _hosted) = (id, new HostedEnvironment(environment));
        Describe(() => codec.WriteMake(reply, request, environment));
    }

    private void MakeVector(Request request, IMessageCodec codec, FrameBuffer reply)
    {
        var (id, kwargs) = MakeParameters.Read(request);
        var (options, module) = MakeParameters.VectorOptionsOf(request[2], request[3], _limits);
        DropEnvironment();
        var vector = Guarded(() => _catalog.MakeVector(id, kwargs, options, module, _interruption.Token));
        _log?.Follow(vector, id);
        var hosted = new HostedVector(vector);
        (_id, _hosted) = (id, hosted);
        Describe(() => codec.WriteResult(reply, request, hosted.Describe()));
    }

    // One that cannot be described to the client is not made.
    private void Describe(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            DropEnvironment();
            throw;
        }
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

    // The functions are static, so that a step allocates nothing.
    private T Ask<T>(Request request, Func<IHosted, Request, T> call)
    {
        var hosted = _hosted ?? throw new SocketGymException(ErrorCode.NoEnvironment, "The connection has no environment; send 'make' first.");
        try
        {
            return call(hosted, request);
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }

    private void CloseEnvironment()
    {
        var hosted = _hosted;
        _hosted = null;
        try
        {
            hosted?.Dispose();
        }
        catch (Exception exception) when (exception is not SocketGymException)
        {
            throw EnvironmentFault.Of(exception);
        }
    }

    // For where no reply is about the environment that is closed.
    private void DropEnvironment()
    {
        try
        {
            CloseEnvironment();
        }
        catch (SocketGymException failure)
        {
            _log?.FailedToClose(_id, failure);
        }
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
