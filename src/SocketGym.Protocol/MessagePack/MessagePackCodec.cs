using System.Buffers;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.MessagePack;

/// <summary>A server's side of MessagePack (docs/protocol.md, section 4). One object serves one connection.</summary>
/// <remarks>
/// Not thread-safe. In steady state neither reading nor answering a step allocates. A step's action is valid until the next request is read;
/// the parameters of every other method are valid for good. After an exception of a writing method the output holds a part of a message: clear it.
/// </remarks>
public sealed class MessagePackCodec : IMessageCodec
{
    private const int MaxNameBytes = 64;
    private const int MaxShownName = 100;

    private readonly ValueDecoder _decoder;
    private readonly ValueEncoder _encoder;

    /// <summary>Makes a codec.</summary>
    /// <param name="limits">Limits on messages, in both directions.</param>
    public MessagePackCodec(MessageLimits limits)
    {
        _decoder = new ValueDecoder(limits);
        _encoder = new ValueEncoder(limits);
    }

    /// <inheritdoc/>
    public string Name => "msgpack";

    /// <inheritdoc/>
    public void ReadRequest(in ReadOnlySequence<byte> payload, Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Clear();
        var reader = new MessagePackReader(payload);
        var id = MessageFormat.ReadStart(ref reader, MessageFormat.RequestType);
        request.Begin(id, RequestMethod.Unknown);
        var method = ReadMethod(ref reader, out var unknownName);
        request.Begin(id, method, unknownName);
        _decoder.Begin(method == RequestMethod.Step ? ArrayLifetime.UntilNextMessage : ArrayLifetime.Owned);
        var count = _decoder.ReadListHeader(ref reader);
        for (var index = 0; index < count; index++)
        {
            var parameter = _decoder.Read(ref reader, depth: 1);
            // What an unknown method takes is unknown too: it is read to the end and answered with UnknownMethod.
            if (method != RequestMethod.Unknown)
                request.Add(parameter);
        }
        MessageFormat.ReadEnd(ref reader);
    }

    /// <inheritdoc/>
    public void WriteMake(FrameBuffer output, Request request, IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        WriteResult(output, request, new ValueDictionary
        {
            ["observation_space"] = SpaceDescription.ToValue(environment.ObservationSpace),
            ["action_space"] = SpaceDescription.ToValue(environment.ActionSpace),
            ["metadata"] = environment.Metadata,
            ["render_mode"] = environment.RenderMode,
            ["spec"] = SpecDescription.ToValue(environment.Spec),
        });
    }

    /// <inheritdoc/>
    public void WriteReset(FrameBuffer output, Request request, in ResetResult result)
    {
        var writer = BeginSuccess(output, request);
        _encoder.WriteListHeader(ref writer, 2);
        _encoder.Write(ref writer, result.Observation, depth: 1);
        _encoder.Write(ref writer, result.Info, depth: 1);
        writer.Flush();
    }

    /// <inheritdoc/>
    public void WriteStep(FrameBuffer output, Request request, in StepResult result)
    {
        var writer = BeginSuccess(output, request);
        _encoder.WriteListHeader(ref writer, 5);
        _encoder.Write(ref writer, result.Observation, depth: 1);
        _encoder.Write(ref writer, result.Reward, depth: 1);
        _encoder.Write(ref writer, result.Terminated, depth: 1);
        _encoder.Write(ref writer, result.Truncated, depth: 1);
        _encoder.Write(ref writer, result.Info, depth: 1);
        writer.Flush();
    }

    /// <inheritdoc/>
    public void WriteResult(FrameBuffer output, Request request, Value result)
    {
        var writer = BeginSuccess(output, request);
        _encoder.Write(ref writer, result);
        writer.Flush();
    }

    /// <inheritdoc/>
    public void WriteError(FrameBuffer output, Request request, SocketGymException error)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(error);
        var writer = _encoder.Begin(output);
        MessageFormat.WriteStart(ref writer, MessageFormat.ResponseType, request.Id);
        _encoder.Write(ref writer, new ValueDictionary
        {
            ["code"] = error.Code.ToString(),
            ["message"] = error.Message,
            ["type"] = error.RemoteType,
            ["traceback"] = error.RemoteTraceback,
        });
        writer.WriteNil();
        writer.Flush();
    }

    private MessagePackWriter BeginSuccess(FrameBuffer output, Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var writer = _encoder.Begin(output);
        MessageFormat.WriteStart(ref writer, MessageFormat.ResponseType, request.Id);
        writer.WriteNil();
        return writer;
    }

    private static RequestMethod ReadMethod(scoped ref MessagePackReader reader, out string? unknownName)
    {
        var peek = reader.CreatePeekReader();
        var utf8 = reader.ReadStringSequence();
        unknownName = null;
        if (utf8.Length <= MaxNameBytes)
        {
            Span<byte> name = stackalloc byte[MaxNameBytes];
            utf8.CopyTo(name);
            var method = RequestMethodNames.Parse(name[..(int)utf8.Length]);
            if (method != RequestMethod.Unknown)
                return method;
        }
        var text = peek.ReadString();
        unknownName = text.Length <= MaxShownName ? text : text[..MaxShownName] + "...";
        return RequestMethod.Unknown;
    }
}
