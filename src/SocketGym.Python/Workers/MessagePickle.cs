using System.Buffers;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Pickle;

namespace SocketGym.Python.Workers;

/// <summary>The pickles in which requests and replies go to and from Python.</summary>
/// <remarks>Encoding and decoding may be done by two threads. It keeps its buffer, so that a request of a size seen before allocates none.</remarks>
internal sealed class MessagePickle
{
    // The name of the worker's stand-in for a value that cannot travel (python/worker's values.py).
    private static readonly PickleGlobal OpaqueGlobal = new("socketgym_worker.values", "Opaque");

    private readonly FrameBuffer _frame = new();
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private readonly Pickler _pickler;
    private readonly Unpickler _unpickler;

    /// <summary>Makes one.</summary>
    /// <param name="limits">What a request or a reply may hold.</param>
    public MessagePickle(MessageLimits limits)
    {
        // A request or reply wraps its values in two containers of its own.
        var inner = limits with { MaxDepth = limits.MaxDepth + 2 };
        _pickler = new Pickler(inner);
        _unpickler = new Unpickler(inner, OpaqueGlobal);
    }

    /// <summary>The pieces of what was encoded last, behind a big-endian u32 length; valid until the next.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Framed => _pieces;

    /// <summary>Encodes a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The bytes of its pickle.</returns>
    /// <exception cref="SocketGymException">The request has no encoding.</exception>
    public long Encode(Value request)
    {
        _frame.Clear();
        _pickler.Write(_frame, request);
        _frame.Complete(_pieces);
        return _frame.PayloadLength;
    }

    /// <summary>Copies the pickle that was encoded last.</summary>
    /// <param name="destination">At least as long.</param>
    public void CopyTo(Span<byte> destination)
    {
        var skipped = FrameBuffer.HeaderBytes;
        foreach (var piece in _pieces)
        {
            var part = piece.Span[skipped..];
            skipped = 0;
            part.CopyTo(destination);
            destination = destination[part.Length..];
        }
    }

    /// <summary>Reads a pickle of Python's.</summary>
    /// <param name="pickle">The pickle.</param>
    /// <returns>The value, which has memory of its own.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: it holds what cannot be read.</exception>
    public Value Decode(ReadOnlyMemory<byte> pickle)
    {
        try
        {
            return _unpickler.Read(new ReadOnlySequence<byte>(pickle));
        }
        catch (SocketGymException failure)
        {
            // The stream is as it should be; it is the environment that returned something unheard of.
            throw new SocketGymException(ErrorCode.UnsupportedValue, $"The environment returned a value that cannot travel. {failure.Message}", failure);
        }
    }
}
