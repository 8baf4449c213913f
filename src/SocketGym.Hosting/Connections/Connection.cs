using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using SocketGym.Core.Errors;
using SocketGym.Hosting.Sessions;
using SocketGym.Hosting.Transport;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Hosting.Connections;

/// <summary>One client's connection: its thread reads a frame, carries the request out, and writes the reply, in turn.</summary>
/// <remarks>The thread owns socket and session. Others may only call <see cref="Drain"/>, <see cref="StopReading"/> and <see cref="Interrupt"/>.</remarks>
internal sealed class Connection : IDisposable
{
    private const int DiscardBytes = 4096;

    private readonly Socket _socket;
    private readonly Session _session;
    private readonly ConnectionContext _context;
    private readonly bool _refused;
    private readonly FrameBuffer _reply = new();
    private readonly Request _request = new();
    private readonly Negotiation _negotiation;
    // .NET resets a connection, rather than ending it, when it is disposed of during another thread's call.
    private readonly Lock _closing = new();
    private IMessageCodec? _codec;
    private SharedStream? _shared;
    private PayloadCompression? _compression;
    private long _busySince;
    private volatile bool _draining;

    public Connection(long id, Socket socket, ConnectionContext context, bool refused)
    {
        Id = id;
        _socket = socket;
        _context = context;
        _refused = refused;
        _negotiation = new Negotiation(socket, context.Greeting, context.Limits);
        _session = new Session(context.Catalog, _negotiation.Greet, context.Limits, context.EnvironmentLogger is { } logger ? new EnvironmentLog(logger, id) : null);
    }

    /// <summary>The number that log lines carry.</summary>
    public long Id { get; }

    /// <summary>Makes the next request the last, answered <c>ServerDraining</c>. Thread-safe.</summary>
    public void Drain() => _draining = true;

    /// <summary>Wakes the thread from a blocked receive; it can still send. Thread-safe.</summary>
    public void StopReading()
    {
        lock (_closing)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Receive);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The connection has ended by itself.
            }
        }
    }

    /// <summary>Ends a call in progress where the environment allows that. Thread-safe.</summary>
    public void Interrupt() => _session.Interrupt();

    /// <summary>Whether a request has been in progress for longer than a while, and the client is gone. Thread-safe.</summary>
    /// <param name="longerThan">Below this nothing is asked of the system.</param>
    public bool IsAbandoned(TimeSpan longerThan)
    {
        var since = Volatile.Read(ref _busySince);
        if (since == 0 || Stopwatch.GetElapsedTime(since) < longerThan)
            return false;
        lock (_closing)
        {
            try
            {
                return HangUp.IsHungUp(_socket);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Serves the connection until it ends. Runs on the connection's own thread.</summary>
    public void Run()
    {
        try
        {
            Serve();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Log.ConnectionBroke(_context.Logger, Id, gone.Message);
        }
    }

    /// <summary>Closes environment and socket. For the thread that serves the connection, or in its place where it never started.</summary>
    public void Dispose()
    {
        _session.Dispose();
        _negotiation.Dispose();
        _shared?.Dispose();
        lock (_closing)
            _socket.Dispose();
    }

    private void Serve()
    {
        var socket = new SocketStream(_socket, new AdaptiveSpin(_context.Limits.MaxSpin));
        var pipe = new SocketPipeReader(socket);
        var frames = new FrameReader(pipe, _context.Limits.Messages.MaxFrameBytes);
        var open = true;
        while (open)
        {
            // A violation found before there is a request answers none.
            _request.Clear();
            try
            {
                if (!frames.TryReadFrame(out var payload))
                    return;
                Volatile.Write(ref _busySince, Stopwatch.GetTimestamp());
                open = Answer(_compression?.Unpack(payload) ?? payload);
                frames.Release();
            }
            catch (SocketGymException refusal) when (!refusal.Code.EndsConnection())
            {
                // Only a whole frame is refused so: what comes after it is in order.
                Refuse(refusal);
                frames.Release();
            }
            catch (SocketGymException violation)
            {
                Log.ProtocolViolation(_context.Logger, Id, violation.Code, violation.Message);
                Refuse(violation);
                open = false;
            }
            Send(pipe.Stream);
            Volatile.Write(ref _busySince, 0);
            if (open && _negotiation.Conclude(_request.Method) is { } memory)
                open = TryShare(memory, pipe, socket);
            if (_negotiation.Compresses)
                _compression ??= new PayloadCompression(_context.Limits.Messages.MaxFrameBytes);
        }
        Linger();
    }

    private bool Answer(in ReadOnlySequence<byte> payload)
    {
        _codec ??= _context.Codecs.Choose(payload);
        _codec.ReadRequest(payload, _request);
        if (_refused)
            throw new SocketGymException(ErrorCode.ServerFull, $"The server has its {_context.Limits.MaxConnections} connections; close one or try again later.");
        if (_draining)
            throw new SocketGymException(ErrorCode.ServerDraining, "The server is shutting down; connect to another or try again later.");
        return _session.Handle(_request, _codec, _reply);
    }

    private void Send(IByteStream stream)
    {
        stream.Send(_compression?.Pack(_reply) ?? _reply);
        _reply.Clear();
        _compression?.Release();
    }

    // Whatever the client sent before it knew that the memory is in use would be out of order.
    private bool TryShare(SharedMemory memory, SocketPipeReader pipe, SocketStream socket)
    {
        pipe.Stream = _shared = new SharedStream(new SharedChannel(socket, memory, SharedLayout.DefaultRequestBytes, isServer: true));
        if (!pipe.HasRest)
            return true;
        Log.ProtocolViolation(_context.Logger, Id, ErrorCode.MalformedMessage, "A request followed the agreement on shared memory before its reply.");
        return false;
    }

    private void Refuse(SocketGymException error)
    {
        _reply.Clear();
        (_codec ?? new MessagePackCodec(_context.Limits.Messages)).WriteError(_reply, _request, error);
    }

    // Closing while the client's bytes lie unread would reset the connection and could destroy the reply just sent.
    private void Linger()
    {
        _socket.Shutdown(SocketShutdown.Send);
        _socket.ReceiveTimeout = (int)ConnectionContext.LingerTime.TotalMilliseconds;
        Span<byte> discarded = stackalloc byte[DiscardBytes];
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < ConnectionContext.LingerTime && _socket.Receive(discarded) > 0)
        {
        }
    }
}
