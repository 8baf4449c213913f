using System.Buffers;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>Reads pickles of protocol 2 to 5 as data: it can build values and do nothing else (docs/protocol.md, section 7).</summary>
/// <remarks>
/// Opcodes and globals come from closed lists and no name is ever looked up, so that a hostile pickle has nothing to call. Not
/// thread-safe; one object serves one connection and keeps its working memory from message to message. Values own their memory:
/// they stay valid after the payload is gone.
/// </remarks>
public sealed class Unpickler
{
    private readonly MessageLimits _limits;
    private readonly PickleGraph _graph = new();
    private readonly PickleMachine _machine;
    private readonly ValueBuilder _builder;

    /// <summary>Makes an unpickler.</summary>
    /// <param name="limits">What a message may hold; null for those of docs/protocol.md.</param>
    /// <param name="opaque">A global that a trusted peer applies to (type name, <c>repr</c>) for a value that cannot travel; null takes none.</param>
    public Unpickler(MessageLimits? limits = null, PickleGlobal? opaque = null)
        : this(limits, opaque, 0)
    {
    }

    /// <summary>Makes one whose outermost dicts are used again by the next message, so that reading a small request allocates nothing.</summary>
    internal Unpickler(MessageLimits? limits, PickleGlobal? opaque, int recycledLevels)
    {
        _limits = limits ?? MessageLimits.Default;
        _machine = new PickleMachine(_graph, _limits, opaque);
        _builder = new ValueBuilder(_graph, _limits, recycledLevels);
    }

    /// <summary>Reads one pickle.</summary>
    /// <param name="payload">Exactly one pickle.</param>
    /// <returns>The value.</returns>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.UnsupportedProtocol"/> for a protocol other than 2 to 5, <see cref="ErrorCode.ForbiddenGlobal"/> for a name outside the closed list,
    /// <see cref="ErrorCode.MalformedMessage"/> for bytes that are no pickle of plain data, <see cref="ErrorCode.NestingTooDeep"/>,
    /// <see cref="ErrorCode.TooManyValues"/>, <see cref="ErrorCode.FrameTooLarge"/> where a limit is passed, <see cref="ErrorCode.CyclicValue"/>
    /// for a container that contains itself, <see cref="ErrorCode.ShapeMismatch"/> for an array whose dtype, shape and bytes do not fit,
    /// <see cref="ErrorCode.UnsupportedValue"/> for a dtype or type as a value, and for dtypes that have no encoding.
    /// </exception>
    public Value Read(in ReadOnlySequence<byte> payload)
    {
        if (payload.Length > _limits.MaxFrameBytes)
            throw new SocketGymException(ErrorCode.FrameTooLarge, $"The pickle has {payload.Length} bytes; the limit is {_limits.MaxFrameBytes}.");
        if (payload.IsSingleSegment)
            return ReadJoined(payload.First);
        // Offsets into one piece of memory keep the objects small; a payload in several pieces is put together first.
        var joined = ArrayPool<byte>.Shared.Rent((int)payload.Length);
        try
        {
            payload.CopyTo(joined);
            return ReadJoined(joined.AsMemory(0, (int)payload.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private Value ReadJoined(ReadOnlyMemory<byte> payload)
    {
        try
        {
            _graph.Begin(payload);
            return _builder.Build(_machine.Run());
        }
        finally
        {
            _machine.Clear();
            _builder.Clear();
            _graph.Clear();
        }
    }
}
