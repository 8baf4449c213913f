using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Hosting.Environments;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Hosting.Sessions;

/// <summary>One client's environment and what may be asked of it: the state machine of docs/protocol.md, section 2.</summary>
/// <remarks>
/// Knows no transport and no codec in particular. Runs on its owning thread, which also steps the environment;
/// only <see cref="Interrupt"/> may be called from another.
/// </remarks>
public sealed class Session : IDisposable
{
    private readonly EnvironmentCatalog _catalog;
    private readonly Func<Value, Value> _greet;
    private readonly EnvironmentLog? _log;
    // It has neither a timer nor a wait handle, so there is nothing to dispose of, and another thread may cancel it at any time.
    private readonly CancellationTokenSource _interruption = new();
    private volatile IEnvironment? _environment;
    private bool _inEnvironment;

    /// <summary>Makes a session without an environment.</summary>
    /// <param name="catalog">Where environments come from.</param>
    /// <param name="greet">Makes the result of <c>hello</c> from what the client says of itself.</param>
    /// <param name="log">Where its environments' output goes; null for nowhere.</param>
    public Session(EnvironmentCatalog catalog, Func<Value, Value> greet, EnvironmentLog? log = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(greet);
        _catalog = catalog;
        _greet = greet;
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
            _inEnvironment = false;
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
        catch (Exception exception) when (_inEnvironment)
        {
            failure = new SocketGymException(ErrorCode.EnvironmentFault, $"{exception.GetType().Name}: {exception.Message}", exception)
            {
                RemoteType = exception.GetType().FullName,
                RemoteTraceback = exception.StackTrace,
            };
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
        (_environment as IInterruptible)?.Interrupt();
    }

    /// <summary>Closes the environment.</summary>
    public void Dispose() => CloseEnvironment();

    private void Execute(Request request, IMessageCodec codec, FrameBuffer reply)
    {
        switch (request.Method)
        {
            case RequestMethod.Step:
                codec.WriteStep(reply, request, Step(request[0]));
                break;
            case RequestMethod.Reset:
                codec.WriteReset(reply, request, Reset(request));
                break;
            case RequestMethod.Render:
                codec.WriteResult(reply, request, Render());
                break;
            case RequestMethod.Make:
                codec.WriteMake(reply, request, Make(request));
                break;
            case RequestMethod.Close:
                CloseEnvironment();
                codec.WriteResult(reply, request, default);
                break;
            case RequestMethod.Spec:
                var spec = Environment().Spec;
                codec.WriteResult(reply, request, spec is null ? default : SpecDescription.ToValue(spec));
                break;
            case RequestMethod.Call or RequestMethod.GetAttribute or RequestMethod.SetAttribute or RequestMethod.HasAttribute:
                codec.WriteResult(reply, request, Attribute(request));
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
                throw new SocketGymException(ErrorCode.UnknownMethod, $"There is no method '{request.MethodName}'; there are: hello, ping, list, make, reset, step, render, close, spec, call, get_attr, set_attr, has_attr.");
        }
    }

    private StepResult Step(Value action)
    {
        var environment = Environment();
        _inEnvironment = true;
        var result = environment.Step(action);
        _inEnvironment = false;
        return result;
    }

    private ResetResult Reset(Request request)
    {
        var environment = Environment();
        var seed = SeedOf(request[0]);
        var options = request[1] switch
        {
            { IsNone: true } => null,
            { Kind: ValueKind.Dict or ValueKind.OrderedDict } given => given.AsDict(),
            var other => throw new SocketGymException(ErrorCode.InvalidArgument, $"options is {other} ({ValueText.TypeName(other)}); it must be a dict or None."),
        };
        _inEnvironment = true;
        var result = environment.Reset(seed, options);
        _inEnvironment = false;
        return result;
    }

    private Value Render()
    {
        var environment = Environment();
        _inEnvironment = true;
        var frame = environment.Render();
        _inEnvironment = false;
        return frame;
    }

    private Value Attribute(Request request)
    {
        var environment = Environment();
        _inEnvironment = true;
        var result = AttributeRequest.Execute(request, EnvironmentAttributes.Of(environment));
        _inEnvironment = false;
        return result;
    }

    private IEnvironment Make(Request request)
    {
        if (request[0].Kind != ValueKind.String)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"The environment's id is {request[0]} ({ValueText.TypeName(request[0])}); it must be a str such as 'CartPole-v1'.");
        var kwargs = request[1] switch
        {
            { IsNone: true } => ValueDictionary.Empty,
            { Kind: ValueKind.Dict or ValueKind.OrderedDict } given => given.AsDict(),
            var other => throw new SocketGymException(ErrorCode.InvalidArgument, $"kwargs is {other} ({ValueText.TypeName(other)}); it must be a dict or None."),
        };
        var module = request[2].IsNone ? null : request[2].Kind == ValueKind.String
            ? request[2].AsString()
            : throw new SocketGymException(ErrorCode.InvalidArgument, $"env_type is {request[2]} ({ValueText.TypeName(request[2])}); it must be a str or None.");
        CloseEnvironment();
        _inEnvironment = true;
        var environment = _catalog.Make(request[0].AsString(), kwargs, module, _interruption.Token);
        _inEnvironment = false;
        _log?.Follow(environment, request[0].AsString());
        _environment = environment;
        return environment;
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

    private IEnvironment Environment() => _environment
        ?? throw new SocketGymException(ErrorCode.NoEnvironment, "The connection has no environment; send 'make' first.");

    private void CloseEnvironment()
    {
        var environment = _environment;
        _environment = null;
        if (environment is null)
            return;
        _inEnvironment = true;
        environment.Dispose();
        _inEnvironment = false;
    }

    private static BigInteger? SeedOf(Value seed) => seed.Kind switch
    {
        ValueKind.None => null,
        ValueKind.Int => seed.AsBigInteger(),
        // Python's bool is an int, and Gymnasium takes it as a seed.
        ValueKind.Bool => seed.AsBool() ? 1 : 0,
        _ => throw new SocketGymException(ErrorCode.InvalidArgument, $"seed is {seed} ({ValueText.TypeName(seed)}); it must be a Python int or None."),
    };
}
