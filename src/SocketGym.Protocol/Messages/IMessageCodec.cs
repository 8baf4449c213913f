using System.Buffers;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;

namespace SocketGym.Protocol.Messages;

/// <summary>A server's side of one codec: requests in, responses out. One object serves one connection.</summary>
/// <remarks>Not thread-safe; may keep buffers from message to message. The writers append exactly one payload, without the frame's length.</remarks>
public interface IMessageCodec
{
    /// <summary>The codec's name in banners and in <c>hello</c>: <c>msgpack</c> or <c>pickle</c>.</summary>
    string Name { get; }

    /// <summary>Reads one request.</summary>
    /// <param name="payload">One frame's payload; the request's values may refer to it until the frame is released.</param>
    /// <param name="request">Receives the request; its id and method are set as soon as they are known.</param>
    /// <exception cref="SocketGymException">A protocol violation: <see cref="ErrorCode.MalformedMessage"/> and its kin.</exception>
    void ReadRequest(in ReadOnlySequence<byte> payload, Request request);

    /// <summary>Answers <c>make</c>.</summary>
    /// <param name="output">Where the payload goes.</param>
    /// <param name="request">The request answered.</param>
    /// <param name="environment">The environment made.</param>
    void WriteMake(FrameBuffer output, Request request, IEnvironment environment);

    /// <summary>Answers <c>reset</c>.</summary>
    /// <param name="output">Where the payload goes.</param>
    /// <param name="request">The request answered.</param>
    /// <param name="result">What the environment returned.</param>
    void WriteReset(FrameBuffer output, Request request, in ResetResult result);

    /// <summary>Answers <c>step</c>; allocates nothing for values of a shape seen before.</summary>
    /// <param name="output">Where the payload goes.</param>
    /// <param name="request">The request answered.</param>
    /// <param name="result">What the environment returned.</param>
    void WriteStep(FrameBuffer output, Request request, in StepResult result);

    /// <summary>Answers every other method.</summary>
    /// <param name="output">Where the payload goes.</param>
    /// <param name="request">The request answered.</param>
    /// <param name="result">The result; <c>None</c> where there is nothing to say.</param>
    void WriteResult(FrameBuffer output, Request request, Value result);

    /// <summary>Answers with an error.</summary>
    /// <param name="output">Where the payload goes.</param>
    /// <param name="request">The request answered, as far as it was read.</param>
    /// <param name="error">The error.</param>
    void WriteError(FrameBuffer output, Request request, SocketGymException error);
}
