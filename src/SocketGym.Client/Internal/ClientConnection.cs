using System.Net.Sockets;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.MessagePack;
using SocketGym.Protocol.Messages;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Client.Internal;

/// <summary>Reads one kind of response out of a frame's payload.</summary>
internal delegate Response ResponseReader<T>(ReadOnlyMemory<byte> payload, uint id, out T result);

/// <summary>One connection: requests go out and each waits for its reply. Knows when it has ended, and why.</summary>
internal sealed class ClientConnection : IDisposable
{
    private const int ProtocolVersion = 1;

    private readonly ClientSocket _socket;
    private readonly ReplyPipe _pipe;
    private readonly FrameReader _frames;
    private readonly FrameBuffer _request = new();
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private readonly TimeSpan _timeout;
    private readonly int _maxFrameBytes;
    private readonly bool _asksForMemory;
    private readonly bool _asksForCompression;
    private SharedClientStream? _shared;
    private PayloadCompression? _compression;
    private uint _lastId;
    private int _busy;
    private bool _isRoused;
    private volatile bool _interrupted;
    private volatile Exception? _ended;

    private ClientConnection(ClientSocket socket, SocketGymClientOptions options)
    {
        _socket = socket;
        _pipe = new ReplyPipe(socket);
        _maxFrameBytes = options.Limits.MaxFrameBytes;
        _frames = new FrameReader(_pipe, _maxFrameBytes);
        _timeout = options.Timeout;
        _asksForCompression = options.Compression;
        _asksForMemory = !_asksForCompression && (options.SharedMemory ?? socket.IsLocal);
        Codec = new MessagePackClientCodec(options.Limits);
        ValueReader = ReadValue;
    }

    public MessagePackClientCodec Codec { get; }

    /// <summary>Reads a reply whose values stay as they are.</summary>
    public ResponseReader<Value> ValueReader { get; }

    /// <summary>What the server answered to <c>hello</c>; before that, one without a limit.</summary>
    public ServerInfo Server { get; private set; } = new("", ProtocolVersion, [], uint.MaxValue);

    /// <summary>Whether requests and replies go through memory that the server shares.</summary>
    public bool SharesMemory => _shared is not null;

    /// <summary>Whether requests and replies are compressed.</summary>
    public bool Compresses => _compression is not null;

    /// <summary>Whether no call can succeed any more. Thread-safe.</summary>
    public bool IsEnded => _ended is not null;

    /// <summary>Connects and exchanges versions.</summary>
    public static ClientConnection Open(SocketGymClientOptions options, CancellationToken cancellationToken)
    {
        var socket = Connector.Connect(options.Address, options.ConnectTimeout, cancellationToken);
        var connection = new ClientConnection(new ClientSocket(socket, options.Spin), options);
        try
        {
            connection.Greet(cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and waits for its reply, whose values stay as they are.</summary>
    public Value Call(RequestMethod method, ReadOnlySpan<Value> parameters, CancellationToken cancellationToken) =>
        Call(method, parameters, ValueReader, cancellationToken);

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <param name="method">What is asked for.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="reader">Reads the reply; values may refer to it until the next call.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <exception cref="InvalidOperationException">Another call is in progress.</exception>
    public T Call<T>(RequestMethod method, ReadOnlySpan<Value> parameters, ResponseReader<T> reader, CancellationToken cancellationToken)
    {
        Write(method, parameters, cancellationToken);
        Send(cancellationToken);
        return Receive(reader, cancellationToken);
    }

    /// <summary>Takes the connection for a request and encodes it, the first third of a call. <see cref="Send"/> or <see cref="Abandon"/> is next, and the parameters stay as they are until then.</summary>
    /// <exception cref="InvalidOperationException">Another call is in progress.</exception>
    public void Write(RequestMethod method, ReadOnlySpan<Value> parameters, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("Another call is in progress; a client takes one at a time.");
        try
        {
            ThrowIfEnded();
            cancellationToken.ThrowIfCancellationRequested();
            WriteRequest(NextId, method, parameters);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Gives up a request that was written, and not sent or not answered.</summary>
    public void Abandon() => Volatile.Write(ref _busy, 0);

    /// <summary>Sends the request that was written. <see cref="Receive{T}"/> is next.</summary>
    public void Send(CancellationToken cancellationToken)
    {
        _lastId = NextId;
        _isRoused = false;
        RestartTimeout();
        var registration = AbortOn(cancellationToken);
        try
        {
            _pipe.Stream.Send(_pieces);
        }
        catch (Exception error)
        {
            registration.Dispose();
            var ended = End(error, cancellationToken);
            Abandon();
            throw ended;
        }
        registration.Dispose();
    }

    /// <summary>Whether something has come that <see cref="Receive{T}"/> can go on: a reply or its beginning, or the stream's end.</summary>
    public bool HasArrived => _shared is null ? _socket.CanReceive() : _shared.IsReady || _isRoused;

    /// <summary>Whether <see cref="Receive{T}"/> has something to go on: something has come, or the time is up.</summary>
    public bool CanReceive => HasArrived || _socket.Deadline.IsPast;

    /// <summary>How long a wait for the reply may take; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> without a limit.</summary>
    public TimeSpan TimeLeft => _socket.Deadline.PollTime;

    /// <summary>Adds the socket on which to wait for the reply. <see cref="EndWait"/> is next.</summary>
    /// <returns>Whether something is there already, without a word on the socket.</returns>
    public bool BeginWait(List<Socket> sockets)
    {
        _socket.AddTo(sockets);
        return _shared is not null && _shared.Announce();
    }

    /// <summary>Ends the wait: what came with it shows in <see cref="HasArrived"/>.</summary>
    public void EndWait()
    {
        if (_shared is null)
            return;
        try
        {
            _shared.Withdraw();
            // Rings that came meanwhile are for the next wait. Less than a ring is the stream's end, or what Receive must judge.
            _isRoused = _socket.CanReceive() && _socket.Available < SharedLayout.Ring.Length;
        }
        catch (Exception error) when (error is SocketGymException or SocketException)
        {
            // Receive meets the end of the connection, too.
            _isRoused = true;
        }
    }

    /// <summary>Gives a reply that is waited for later than its request was sent the whole time again.</summary>
    public void RestartTimeout() => _socket.Deadline = Deadline.After(_timeout);

    /// <summary>Waits for the reply to the request that was sent.</summary>
    public T Receive<T>(ResponseReader<T> reader, CancellationToken cancellationToken)
    {
        try
        {
            return ReadReply(_lastId, reader, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Waits for the reply to the request that was sent, and receives its array into the caller's memory where the reply has a form that is known.</summary>
    /// <param name="form">The form.</param>
    /// <param name="destination">At least as long as the array.</param>
    /// <param name="reader">Reads what follows the array.</param>
    /// <param name="result">Receives what it read.</param>
    /// <param name="cancellationToken">Ends the call and the connection.</param>
    /// <returns>False where the reply has another form: <see cref="Receive{T}"/> is next, and nothing was written.</returns>
    public bool TryReceive<T>(ArrayForm form, Span<byte> destination, Func<ReadOnlyMemory<byte>, T> reader, out T? result, CancellationToken cancellationToken)
    {
        result = default;
        if (form.DataBytes == 0 || form.DataBytes > destination.Length || Compresses)
            return false;
        var hasReceived = false;
        var registration = AbortOn(cancellationToken);
        try
        {
            _frames.Release();
            hasReceived = _pipe.TryReceive(form.StartOf(_lastId), destination[..form.DataBytes], form.TailBytes, out var tail);
            if (hasReceived)
                result = reader(tail);
        }
        catch (Exception error)
        {
            registration.Dispose();
            var ended = End(error, cancellationToken);
            Abandon();
            throw ended;
        }
        registration.Dispose();
        if (!hasReceived)
            return false;
        var cancelled = cancellationToken.IsCancellationRequested ? End(null, cancellationToken) : null;
        Abandon();
        return cancelled is null ? true : throw cancelled;
    }

    /// <summary>Ends the connection; a call in progress throws. Thread-safe.</summary>
    public void Interrupt()
    {
        _interrupted = true;
        _socket.Abort();
    }

    public void Dispose()
    {
        _ended ??= new SocketGymException(ErrorCode.ClosedEnvironment, "The environment was closed.");
        _socket.Dispose();
        // A call in progress on another thread gives the memory back itself, once it has seen the socket's end.
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            return;
        _shared?.Dispose();
        Volatile.Write(ref _busy, 0);
    }

    private uint NextId => _lastId == uint.MaxValue ? 1 : _lastId + 1;

    private void Greet(CancellationToken cancellationToken)
    {
        var greeting = new ValueDictionary { ["protocol"] = ProtocolVersion, ["client"] = SocketGymClient.Name };
        if (_asksForMemory)
            greeting[SharedClientStream.Key] = true;
        if (_asksForCompression)
            greeting[PayloadCompression.Key] = PayloadCompression.Zlib;
        var answer = Call(RequestMethod.Hello, [greeting], cancellationToken);
        Server = ServerInfo.FromValue(answer);
        if (_asksForMemory)
            Share(answer.AsDict().GetOrNone(SharedClientStream.Key), greeting, cancellationToken);
        if (_asksForCompression && answer.AsDict().GetOrNone(PayloadCompression.Key) is { Kind: ValueKind.String } agreed && agreed.AsString() == PayloadCompression.Zlib)
            _compression = new PayloadCompression(_maxFrameBytes);
    }

    // Where it cannot be had, the server withdraws what it offered with the next request.
    private void Share(Value offer, ValueDictionary greeting, CancellationToken cancellationToken)
    {
        if (SharedClientStream.TryMap(offer, out var requestBytes) is not { } memory)
            return;
        greeting[SharedClientStream.Key] = offer.AsDict().GetOrNone("identity");
        Value answer;
        try
        {
            answer = Call(RequestMethod.Hello, [greeting], cancellationToken);
        }
        catch
        {
            memory.Close();
            throw;
        }
        if (answer.Kind == ValueKind.Dict && answer.AsDict().GetOrNone(SharedClientStream.Key) is { Kind: ValueKind.Bool } agreed && agreed.AsBool())
            _pipe.Stream = _shared = new SharedClientStream(new SharedChannel(_socket, memory, requestBytes, isServer: false));
        else
            memory.Close();
    }

    private Response ReadValue(ReadOnlyMemory<byte> payload, uint id, out Value result)
    {
        var response = Codec.ReadResponse(new(payload));
        result = response.Result;
        return response;
    }

    private void WriteRequest(uint id, RequestMethod method, ReadOnlySpan<Value> parameters)
    {
        _request.Clear();
        Codec.WriteRequest(_request, id, method, parameters);
        var request = _compression?.Pack(_request) ?? _request;
        if (Math.Max(_request.PayloadLength, request.PayloadLength) > Server.MaxFrameBytes)
        {
            throw new SocketGymException(
                ErrorCode.InvalidArgument, $"The request takes {_request.PayloadLength} bytes; the server accepts at most {Server.MaxFrameBytes}.");
        }
        request.Complete(_pieces);
    }

    private T ReadReply<T>(uint id, ResponseReader<T> reader, CancellationToken cancellationToken)
    {
        Response response;
        T result;
        var registration = AbortOn(cancellationToken);
        try
        {
            response = reader(ReceivePayload(), id, out result);
            if (response.Id != id && (response.Id != 0 || response.Error is null))
                throw new SocketGymException(ErrorCode.MalformedMessage, $"The server answered request {response.Id} where request {id} was waiting.");
        }
        catch (Exception error)
        {
            registration.Dispose();
            throw End(error, cancellationToken);
        }
        registration.Dispose();
        // The token's callback may have come after the reply: the socket is shut down then.
        if (cancellationToken.IsCancellationRequested)
            throw End(null, cancellationToken);
        if (response.Error is null)
            return result;
        throw response.Error.Code.EndsConnection() ? End(response.Error, CancellationToken.None) : response.Error;
    }

    private CancellationTokenRegistration AbortOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static socket => ((ClientSocket)socket!).Abort(), _socket);

    private ReadOnlyMemory<byte> ReceivePayload()
    {
        _frames.Release();
        if (!_frames.TryReadFrame(out var payload))
            throw new SocketGymException(ErrorCode.ConnectionLost, "The server closed the connection while a reply was due.");
        if (_pipe.Buffered != FrameBuffer.HeaderBytes + payload.Length)
            throw new SocketGymException(ErrorCode.MalformedMessage, "The server sent more than one reply to one request.");
        return (_compression?.Unpack(payload) ?? payload).First;
    }

    // Closes the socket, remembers why, and returns what to throw.
    private Exception End(Exception? error, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            error = new OperationCanceledException("The call was cancelled, which ended the connection.", error, cancellationToken);
        else if (_interrupted)
            error = new SocketGymException(ErrorCode.ClosedEnvironment, "The client was interrupted.", error);
        _ended = error;
        _socket.Dispose();
        _shared?.Dispose();
        return error!;
    }

    private void ThrowIfEnded()
    {
        if (_interrupted && _ended is null)
            _ended = new SocketGymException(ErrorCode.ClosedEnvironment, "The client was interrupted.");
        if (_ended is { } ended)
            throw new SocketGymException(ErrorCode.ClosedEnvironment, $"The environment is closed; make another. It was ended by: {ended.Message}", ended);
    }
}
