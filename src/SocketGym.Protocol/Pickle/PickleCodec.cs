using System.Buffers;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>A server's side of gym_service's dialect (docs/protocol.md, section 7). One object serves one connection.</summary>
/// <remarks>
/// Not thread-safe. Neither reading a step whose action is a number nor answering one allocates in steady state. A request's parameters own their memory. After an
/// exception of a writing method the output holds a part of a pickle: clear it. The dialect has no ids; a request's stays 0.
/// </remarks>
public sealed class PickleCodec : IMessageCodec
{
    // A request's own dict and its payload: no parameter refers to them.
    private const int EnvelopeLevels = 2;

    private readonly Unpickler _unpickler;
    private readonly Pickler _pickler;
    private readonly SpacePickler _spaces;

    /// <summary>Makes a codec.</summary>
    /// <param name="limits">Limits on messages, in both directions.</param>
    public PickleCodec(MessageLimits limits)
    {
        _unpickler = new Unpickler(limits, opaque: null, EnvelopeLevels);
        _pickler = new Pickler(limits);
        _spaces = new SpacePickler(_pickler);
    }

    /// <inheritdoc/>
    public string Name => "pickle";

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// Besides what <see cref="Unpickler.Read"/> throws: <see cref="ErrorCode.MalformedMessage"/> for a pickle that is no dict with a text
    /// under <c>type</c>, <see cref="ErrorCode.InvalidArgument"/> for a <c>payload</c> that is no dict.
    /// </exception>
    public void ReadRequest(in ReadOnlySequence<byte> payload, Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Clear();
        var message = _unpickler.Read(payload);
        if (message.Kind is not (ValueKind.Dict or ValueKind.OrderedDict) || !message.AsDict().TryGetValue("type", out var type) || type.Kind != ValueKind.String)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"A request is a dict with a text under 'type' and a dict under 'payload', not {message}.");
        var method = MethodOf(type.AsString());
        request.Begin(0, method, method == RequestMethod.Unknown ? type.AsString() : null);
        if (method == RequestMethod.Unknown)
            return;
        var given = message.AsDict().GetOrNone("payload");
        var parameters = given.Kind switch
        {
            ValueKind.Dict or ValueKind.OrderedDict => given.AsDict(),
            ValueKind.None => ValueDictionary.Empty,
            _ => throw new SocketGymException(ErrorCode.InvalidArgument, $"The payload of '{type.AsString()}' must be a dict, not {ValueText.TypeName(given)}."),
        };
        AddParameters(request, parameters);
    }

    /// <inheritdoc/>
    public void WriteMake(FrameBuffer output, Request request, IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var pickle = BeginReply(output, "ok"u8);
        pickle.WriteText("observation_space"u8);
        _spaces.Write(pickle, environment.ObservationSpace);
        pickle.WriteText("action_space"u8);
        _spaces.Write(pickle, environment.ActionSpace);
        WriteEntry(pickle, "render_fps"u8, environment.Metadata.GetOrNone("render_fps"));
        WriteEntry(pickle, "metadata"u8, environment.Metadata);
        WriteEntry(pickle, "render_mode"u8, environment.RenderMode);
        WriteEntry(pickle, "spec"u8, SpecDescription.ToValue(environment.Spec));
        EndReply(pickle);
    }

    /// <inheritdoc/>
    public void WriteReset(FrameBuffer output, Request request, in ResetResult result)
    {
        var pickle = BeginReply(output, "ok"u8);
        WriteEntry(pickle, "observation"u8, result.Observation);
        WriteEntry(pickle, "info"u8, result.Info);
        EndReply(pickle);
    }

    /// <inheritdoc/>
    public void WriteStep(FrameBuffer output, Request request, in StepResult result)
    {
        var pickle = BeginReply(output, "ok"u8);
        WriteEntry(pickle, "observation"u8, result.Observation);
        WriteEntry(pickle, "reward"u8, result.Reward);
        WriteEntry(pickle, "terminated"u8, result.Terminated);
        WriteEntry(pickle, "truncated"u8, result.Truncated);
        WriteEntry(pickle, "info"u8, result.Info);
        EndReply(pickle);
    }

    /// <inheritdoc/>
    public void WriteResult(FrameBuffer output, Request request, Value result)
    {
        ArgumentNullException.ThrowIfNull(request);
        var pickle = BeginReply(output, "ok"u8);
        if (request.Method == RequestMethod.Render)
            WriteEntry(pickle, "image"u8, result);
        else if (request.Method is RequestMethod.Call or RequestMethod.GetAttribute or RequestMethod.SetAttribute or RequestMethod.HasAttribute)
            WriteEntry(pickle, "result"u8, result);
        EndReply(pickle);
    }

    /// <inheritdoc/>
    public void WriteError(FrameBuffer output, Request request, SocketGymException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var pickle = BeginReply(output, "error"u8);
        WriteEntry(pickle, "message"u8, error.Message);
        // gym_service's client prints the traceback without looking whether there is one.
        WriteEntry(pickle, "traceback"u8, error.RemoteTraceback ?? "");
        WriteEntry(pickle, "code"u8, error.Code.ToString());
        WriteEntry(pickle, "exception_type"u8, error.RemoteType);
        EndReply(pickle);
    }

    // The methods that the dialect has; the rest of the protocol's are MessagePack's alone.
    private static RequestMethod MethodOf(string type) => type switch
    {
        "step" => RequestMethod.Step,
        "reset" => RequestMethod.Reset,
        "render" => RequestMethod.Render,
        "make" => RequestMethod.Make,
        "close" => RequestMethod.Close,
        "call" => RequestMethod.Call,
        "get_attr" => RequestMethod.GetAttribute,
        "set_attr" => RequestMethod.SetAttribute,
        "has_attr" => RequestMethod.HasAttribute,
        _ => RequestMethod.Unknown,
    };

    private static void AddParameters(Request request, ValueDictionary parameters)
    {
        switch (request.Method)
        {
            case RequestMethod.Make:
                request.Add(parameters.GetOrNone("env_id"));
                request.Add(parameters.GetOrNone("kwargs"));
                if (parameters.GetOrNone("env_type") is { IsNone: false } type)
                    request.Add(type);
                break;
            case RequestMethod.Reset:
                request.Add(parameters.GetOrNone("seed"));
                request.Add(parameters.GetOrNone("options"));
                break;
            case RequestMethod.Step:
                request.Add(Required(parameters, "action", "step"));
                break;
            case RequestMethod.GetAttribute or RequestMethod.HasAttribute:
                request.Add(parameters.GetOrNone("name"));
                break;
            case RequestMethod.SetAttribute:
                request.Add(parameters.GetOrNone("name"));
                request.Add(Required(parameters, "value", "set_attr"));
                request.Add(parameters.GetOrNone("force"));
                break;
            case RequestMethod.Call:
                request.Add(parameters.GetOrNone("name"));
                request.Add(parameters.GetOrNone("args"));
                request.Add(parameters.GetOrNone("kwargs"));
                break;
        }
    }

    private static Value Required(ValueDictionary parameters, string name, string method) => parameters.TryGetValue(name, out var value)
        ? value
        : throw new SocketGymException(ErrorCode.InvalidArgument, $"The payload of '{method}' lacks '{name}'.");

    private PickleOutput BeginReply(FrameBuffer output, ReadOnlySpan<byte> status)
    {
        var pickle = _pickler.Begin(output);
        pickle.Write(PickleOpcode.EmptyDict, PickleOpcode.Mark);
        pickle.WriteText("status"u8);
        pickle.WriteText(status);
        return pickle;
    }

    private void WriteEntry(PickleOutput pickle, ReadOnlySpan<byte> name, Value value)
    {
        pickle.WriteText(name);
        _pickler.WriteValue(value, 1);
    }

    private void EndReply(PickleOutput pickle)
    {
        pickle.Write(PickleOpcode.SetItems);
        _pickler.End();
    }
}
