using System.Buffers;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.MessagePack;

/// <summary>A client's side of MessagePack (docs/protocol.md, section 4): requests out, responses in. One object serves one connection.</summary>
/// <remarks>Not thread-safe. In steady state writing a step's request allocates nothing.</remarks>
public sealed class MessagePackClientCodec
{
    private const int StepParts = 5;

    private readonly ValueDecoder _decoder;
    private readonly ValueEncoder _encoder;

    /// <summary>Makes a codec.</summary>
    /// <param name="limits">Limits on messages, in both directions.</param>
    public MessagePackClientCodec(MessageLimits limits)
    {
        _decoder = new ValueDecoder(limits);
        _encoder = new ValueEncoder(limits);
    }

    /// <summary>Writes one request.</summary>
    /// <param name="output">Where the payload goes. Large arrays are sent from where they lie: they must not change until then.</param>
    /// <param name="id">The request's number; clients count from 1.</param>
    /// <param name="method">What is asked for.</param>
    /// <param name="parameters">The parameters in the order of docs/protocol.md's table of methods.</param>
    /// <exception cref="SocketGymException">As for <see cref="ValueEncoder.Write"/>; the output then holds a part of a message: clear it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The method is <see cref="RequestMethod.Unknown"/>.</exception>
    public void WriteRequest(FrameBuffer output, uint id, RequestMethod method, params ReadOnlySpan<Value> parameters)
    {
        var writer = _encoder.Begin(output);
        MessageFormat.WriteStart(ref writer, MessageFormat.RequestType, id);
        writer.WriteString(RequestMethodNames.Utf8(method));
        _encoder.WriteListHeader(ref writer, parameters.Length);
        foreach (ref readonly var parameter in parameters)
            _encoder.Write(ref writer, parameter, depth: 1);
        writer.Flush();
    }

    /// <summary>Reads one response.</summary>
    /// <param name="payload">One frame's payload.</param>
    /// <param name="arrays">How long the result's arrays stay as they are; with <see cref="ArrayLifetime.UntilFrameReleased"/> they lie in the payload.</param>
    /// <returns>The response; an error is returned in it, not thrown.</returns>
    /// <exception cref="SocketGymException">The payload is no response: <see cref="ErrorCode.MalformedMessage"/> and its kin.</exception>
    public Response ReadResponse(in ReadOnlySequence<byte> payload, ArrayLifetime arrays = ArrayLifetime.Owned)
    {
        var reader = new MessagePackReader(payload);
        var id = ReadStart(ref reader, arrays, out var error);
        if (error is not null)
            return new Response(id, error, default);
        var result = _decoder.Read(ref reader);
        MessageFormat.ReadEnd(ref reader);
        return new Response(id, null, result);
    }

    /// <summary>Reads the response to a <c>step</c> without the list around its parts.</summary>
    /// <param name="payload">One frame's payload.</param>
    /// <param name="arrays">How long the arrays stay as they are; with <see cref="ArrayLifetime.UntilFrameReleased"/> the observation lies in the payload.</param>
    /// <param name="step">The parts, when there is no error.</param>
    /// <returns>Id and error; the result in it is <c>None</c>.</returns>
    /// <exception cref="SocketGymException">The payload is no response to a step: <see cref="ErrorCode.MalformedMessage"/> and its kin.</exception>
    public Response ReadStep(in ReadOnlySequence<byte> payload, ArrayLifetime arrays, out StepResult step)
    {
        step = default;
        var reader = new MessagePackReader(payload);
        var id = ReadStart(ref reader, arrays, out var error);
        if (error is not null)
            return new Response(id, error, default);
        var parts = _decoder.ReadListHeader(ref reader);
        if (parts != StepParts)
            throw new SocketGymException(ErrorCode.MalformedMessage, $"The result of a step has {parts} parts, not {StepParts}.");
        step = new StepResult(
            _decoder.Read(ref reader, depth: 1),
            _decoder.Read(ref reader, depth: 1),
            _decoder.Read(ref reader, depth: 1),
            _decoder.Read(ref reader, depth: 1),
            _decoder.Read(ref reader, depth: 1));
        MessageFormat.ReadEnd(ref reader);
        return new Response(id, null, default);
    }

    // Reads up to the result; with an error, to the end.
    private uint ReadStart(scoped ref MessagePackReader reader, ArrayLifetime arrays, out SocketGymException? error)
    {
        var id = MessageFormat.ReadStart(ref reader, MessageFormat.ResponseType);
        _decoder.Begin(arrays);
        error = null;
        if (reader.TryReadNil())
            return id;
        error = ToException(_decoder.Read(ref reader));
        reader.ReadNil();
        MessageFormat.ReadEnd(ref reader);
        return id;
    }

    private static SocketGymException ToException(Value description)
    {
        var fields = new FieldReader(description, "error");
        var name = fields.Text("code");
        var message = fields.Text("message");
        // By name alone: Enum.TryParse would take numbers and lists too.
        var isKnown = Enum.IsDefined(typeof(ErrorCode), name);
        return new SocketGymException(isKnown ? Enum.Parse<ErrorCode>(name) : ErrorCode.InternalError, isKnown ? message : $"{name}: {message}")
        {
            RemoteType = fields.OptionalText("type"),
            RemoteTraceback = fields.OptionalText("traceback"),
        };
    }
}
