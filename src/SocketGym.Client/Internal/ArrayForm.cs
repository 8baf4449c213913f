using System.Buffers.Binary;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;

namespace SocketGym.Client.Internal;

/// <summary>How a reply with an array looked from its start to the array's data, but for its id: the data of the next one that looks so can be received straight to where it is wanted (docs/protocol.md, "Fast receive").</summary>
internal sealed class ArrayForm
{
    // The frame's length, 94, 01, ce: then the id.
    private const int IdOffset = FrameBuffer.HeaderBytes + 3;

    private byte[] _start = [];

    /// <summary>Bytes of the array's data; 0 where no form is known.</summary>
    public int DataBytes { get; private set; }

    /// <summary>Bytes of the reply behind the data.</summary>
    public int TailBytes { get; private set; }

    /// <summary>The bytes before the data, of a reply to a request; valid until the next call.</summary>
    /// <param name="id">The request's.</param>
    public ReadOnlySpan<byte> StartOf(uint id)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_start.AsSpan(IdOffset), id);
        return _start;
    }

    /// <summary>Learns from a result in the form in which servers write it.</summary>
    /// <param name="payload">The frame's payload, which starts as a result does.</param>
    /// <param name="value">What was read of it; no form is known where it is no array that lies in the payload.</param>
    public void Learn(ReadOnlySpan<byte> payload, Value value)
    {
        DataBytes = 0;
        if (value.Kind != ValueKind.Array || value.AsArray().Bytes is not { IsEmpty: false } data || !payload.Overlaps(data, out var offset) || offset < 0 || data.Length > payload.Length - offset)
            return;
        var start = payload[..offset];
        (DataBytes, TailBytes) = (data.Length, payload.Length - offset - data.Length);
        if (_start.Length != FrameBuffer.HeaderBytes + start.Length)
            _start = new byte[FrameBuffer.HeaderBytes + start.Length];
        BinaryPrimitives.WriteUInt32BigEndian(_start, (uint)payload.Length);
        start.CopyTo(_start.AsSpan(FrameBuffer.HeaderBytes));
    }
}
