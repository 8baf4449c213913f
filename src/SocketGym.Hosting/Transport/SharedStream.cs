using System.Buffers.Binary;
using SocketGym.Core.Errors;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Hosting.Transport;

/// <summary>A connection's bytes in memory that the client shares, where the socket only rings, carries what is too large, and tells of the client's end (docs/protocol.md, section 8).</summary>
/// <remarks>One thread uses it. What the client writes is never trusted: a request is copied out before it is read, and what cannot be ends the connection with <see cref="ErrorCode.MalformedMessage"/>.</remarks>
internal sealed class SharedStream : IByteStream, IDisposable
{
    // Some looks at a word cost nothing that matters; then, where the client may share this processor, it is let run between looks.
    private const int Glances = 200;

    private readonly SocketStream _socket;
    private readonly SharedMemory _memory;
    private readonly FrameArea _requests;
    private readonly FrameArea _replies;
    private readonly AdaptiveSpin _spin;
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private readonly byte[] _head = new byte[FrameBuffer.HeaderBytes];
    private uint _number;
    private int _headLeft;
    private long _socketLeft;

    /// <summary>Takes over a connection whose client has mapped the memory.</summary>
    /// <param name="socket">The connection's socket.</param>
    /// <param name="memory">The memory; owned from here on.</param>
    /// <param name="requestBytes">Bytes of its area of requests.</param>
    /// <param name="spin">How long to look for a request before blocking.</param>
    public SharedStream(SocketStream socket, SharedMemory memory, int requestBytes, AdaptiveSpin spin)
    {
        _socket = socket;
        _memory = memory;
        _spin = spin;
        var replies = SharedLayout.Requests + requestBytes;
        _requests = new FrameArea(memory, SharedLayout.Requests, requestBytes);
        _replies = new FrameArea(memory, replies, memory.Memory.Length - replies);
    }

    /// <inheritdoc/>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.MalformedMessage"/>: the client wrote what cannot be.</exception>
    public int Receive(Span<byte> destination)
    {
        if (_requests.Rest == 0 && _headLeft == 0 && _socketLeft == 0 && !Await())
            return 0;
        if (_requests.Rest > 0)
            return _requests.Take(destination);
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

    /// <inheritdoc/>
    public void Send(FrameBuffer frame)
    {
        frame.Complete(_pieces);
        var fits = _replies.TryWrite(_pieces);
        _pieces.Clear();
        _replies.Publish(_number, onSocket: !fits);
        if (!fits)
        {
            _socket.Send(frame);
            return;
        }
        frame.Clear();
        if (Volatile.Read(ref _memory.Word(SharedLayout.ClientWaits)) != 0)
            _socket.Send(SharedLayout.Ring);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Close();

    // Waits for the next request; false at the end of the stream.
    private bool Await()
    {
        _number++;
        if (!Spin() && !Block())
            return false;
        return !_requests.IsOnSocket || _headLeft > 0 || TryReceiveHead();
    }

    private bool Spin()
    {
        for (var glance = 0; glance < Glances; glance++)
        {
            if (_requests.TrySee(_number))
                return true;
            Thread.SpinWait(1);
        }
        _spin.Begin();
        while (_spin.Next())
        {
            if (!_requests.TrySee(_number))
                continue;
            _spin.End();
            return true;
        }
        return false;
    }

    private bool Block()
    {
        try
        {
            while (true)
            {
                Volatile.Write(ref _memory.Word(SharedLayout.ServerWaits), 1);
                Interlocked.MemoryBarrier();
                if (_requests.TrySee(_number))
                {
                    TakeRings();
                    return true;
                }
                if (!TryReceiveRing(out var isRing))
                    return false;
                if (_requests.TrySee(_number) && (isRing || _requests.IsOnSocket))
                    return true;
                if (!isRing)
                    throw new SocketGymException(ErrorCode.MalformedMessage, "A frame came by the socket that the shared memory does not announce.");
            }
        }
        finally
        {
            Volatile.Write(ref _memory.Word(SharedLayout.ServerWaits), 0);
            _spin.End();
        }
    }

    // The client may have rung although nobody waited any more. Such rings must not fill the socket.
    private void TakeRings()
    {
        while (!_requests.IsOnSocket && _socket.Available >= SharedLayout.Ring.Length && TryReceiveRing(out var isRing))
        {
            if (!isRing)
                throw new SocketGymException(ErrorCode.MalformedMessage, "A frame came by the socket that the shared memory does not announce.");
        }
    }

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
