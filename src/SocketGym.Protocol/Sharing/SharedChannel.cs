using System.Buffers.Binary;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Framing;

namespace SocketGym.Protocol.Sharing;

/// <summary>Frames through memory that client and server share, where the socket only rings, carries what is too large, and tells of the other side's end (docs/protocol.md, section 8).</summary>
/// <remarks>
/// One thread uses it: a client sends a request and receives its reply, in turn; a server the other way round. What the other side writes is never trusted: a frame is copied out before it is read, and
/// what cannot be is <see cref="ErrorCode.MalformedMessage"/>.
/// </remarks>
public sealed class SharedChannel : IDisposable
{
    private readonly ISharedSocket _socket;
    private readonly SharedMemory _memory;
    private readonly FrameArea _incoming;
    private readonly FrameArea _outgoing;
    private readonly bool _isServer;
    private readonly int _waits;
    private readonly int _otherWaits;
    private readonly byte[] _head = new byte[FrameBuffer.HeaderBytes];
    private readonly GlanceBudget _glances = new();
    private uint _number;
    private int _headLeft;
    private long _socketLeft;
    private bool _isHeadEarly;

    /// <summary>Takes over a connection whose sides have agreed on memory.</summary>
    /// <param name="socket">The connection's socket; not owned.</param>
    /// <param name="memory">The memory; owned from here on.</param>
    /// <param name="requestBytes">Bytes of its area of requests.</param>
    /// <param name="isServer">Which side this is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The areas do not lie within the memory.</exception>
    public SharedChannel(ISharedSocket socket, SharedMemory memory, int requestBytes, bool isServer)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _socket = socket;
        _memory = memory;
        _isServer = isServer;
        var replies = SharedLayout.Requests + requestBytes;
        var requestArea = new FrameArea(memory, SharedLayout.Requests, requestBytes);
        var replyArea = new FrameArea(memory, replies, memory.Memory.Length - replies);
        (_incoming, _outgoing) = isServer ? (requestArea, replyArea) : (replyArea, requestArea);
        (_waits, _otherWaits) = isServer ? (SharedLayout.ServerWaits, SharedLayout.ClientWaits) : (SharedLayout.ClientWaits, SharedLayout.ServerWaits);
    }

    /// <summary>Whether <see cref="Receive"/> has a frame, or its beginning, to go on. It may have the other side's end as well, which only the socket tells.</summary>
    public bool IsReady => _incoming.Rest > 0 || _headLeft > 0 || _socketLeft > 0 || _incoming.IsShown;

    /// <summary>
    /// Says that this side waits for its next frame otherwise than by <see cref="Receive"/>, on the sockets of several channels at the same time: from here on the other side rings. <see cref="Withdraw"/> is next.
    /// </summary>
    /// <returns><see cref="IsReady"/>, seen after the other side could see that this one waits: where it is false, a ring comes with the frame.</returns>
    public bool Announce()
    {
        Volatile.Write(ref _memory.Word(_waits), 1);
        Interlocked.MemoryBarrier();
        return IsReady;
    }

    /// <summary>Says that this side waits no more, and takes the rings that have come.</summary>
    public void Withdraw()
    {
        Volatile.Write(ref _memory.Word(_waits), 0);
        while (_headLeft == 0 && _socketLeft == 0 && _socket.Available >= SharedLayout.Ring.Length && TryReceiveRing(out var isRing))
            _isHeadEarly = !isRing;
    }

    /// <summary>Waits for at least one byte of the next frame, spinning before it blocks.</summary>
    /// <param name="destination">Where the bytes go; not empty.</param>
    /// <returns>How many came; 0 when the other side has ended the connection.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: the other side wrote what cannot be.</exception>
    public int Receive(Span<byte> destination)
    {
        if (_isHeadEarly)
            RequireAnnounced();
        if (_incoming.Rest == 0 && _headLeft == 0 && _socketLeft == 0 && !Await())
            return 0;
        if (_incoming.Rest > 0)
            return _incoming.Take(destination);
        int count;
        if (_headLeft > 0)
        {
            count = Math.Min(_headLeft, destination.Length);
            _head.AsSpan(_head.Length - _headLeft, count).CopyTo(destination);
            _headLeft -= count;
            return count;
        }
        count = _socket.Receive(destination[..(int)Math.Min(_socketLeft, destination.Length)]);
        _socketLeft -= count;
        return count;
    }

    /// <summary>Sends a frame: a request, or the reply to the request that was received last.</summary>
    /// <param name="pieces">The frame's pieces in order, its length first.</param>
    public void Send(List<ReadOnlyMemory<byte>> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (!_isServer)
            _number++;
        var fits = _outgoing.TryWrite(pieces);
        _outgoing.Publish(_number, onSocket: !fits);
        if (!fits)
        {
            foreach (var piece in pieces)
                _socket.Send(piece.Span);
        }
        else if (Volatile.Read(ref _memory.Word(_otherWaits)) != 0)
        {
            _socket.Send(SharedLayout.Ring);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Close();

    // Waits for the next frame; false at the end of the stream.
    private bool Await()
    {
        if (_isServer)
            _number++;
        if (!Spin() && !Block())
            return false;
        return !_incoming.IsOnSocket || _headLeft > 0 || TryReceiveHead();
    }

    private bool Spin()
    {
        if (Glance())
            return true;
        // The other side may share this processor, and is let run between looks from here on.
        _socket.BeginSpin();
        while (_socket.Spin())
        {
            if (!_incoming.TrySee(_number))
                continue;
            _socket.EndSpin();
            return true;
        }
        return false;
    }

    private bool Glance()
    {
        var hasSeen = _incoming.TrySee(_number);
        for (var left = _glances.Count - 1; left > 0 && !hasSeen; left--)
        {
            _socket.Pause();
            hasSeen = _incoming.TrySee(_number);
        }
        _glances.Note(hasSeen);
        return hasSeen;
    }

    private bool Block()
    {
        try
        {
            while (true)
            {
                Volatile.Write(ref _memory.Word(_waits), 1);
                Interlocked.MemoryBarrier();
                if (_incoming.TrySee(_number))
                {
                    TakeRings();
                    return true;
                }
                if (!TryReceiveRing(out var isRing))
                    return false;
                if (_incoming.TrySee(_number) && (isRing || _incoming.IsOnSocket))
                    return true;
                if (!isRing)
                    throw Unannounced();
            }
        }
        finally
        {
            Volatile.Write(ref _memory.Word(_waits), 0);
            _socket.EndSpin();
        }
    }

    // The other side may have rung although nobody waited any more. Such rings must not fill the socket.
    private void TakeRings()
    {
        while (!_incoming.IsOnSocket && _socket.Available >= SharedLayout.Ring.Length && TryReceiveRing(out var isRing))
        {
            if (!isRing)
                throw Unannounced();
        }
    }

    // The length of a frame was taken for a ring.
    private void RequireAnnounced()
    {
        _isHeadEarly = false;
        if (!_incoming.TrySee(_number) || !_incoming.IsOnSocket)
            throw Unannounced();
    }

    private static SocketGymException Unannounced() => new(ErrorCode.MalformedMessage, "A frame came by the socket that the shared memory does not announce.");

    private bool TryReceiveHead()
    {
        var isRing = true;
        while (isRing)
        {
            if (!TryReceiveRing(out isRing))
                return false;
        }
        return true;
    }

    // Receives a ring, or the length of a frame.
    private bool TryReceiveRing(out bool isRing)
    {
        isRing = false;
        if (!_socket.TryFill(_head))
            return false;
        _socketLeft = BinaryPrimitives.ReadUInt32BigEndian(_head);
        isRing = _socketLeft == 0;
        _headLeft = isRing ? 0 : _head.Length;
        return true;
    }
}
