using System.Diagnostics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Sharing;

namespace SocketGym.Python.Workers.Sharing;

/// <summary>Requests and replies through memory shared with the worker, where both spin a little before they block (python/worker's <c>sharing.py</c> has the layout).</summary>
/// <remarks>One thread uses it. What the worker writes is checked as if a stranger had written it: the environment's code could.</remarks>
internal sealed class SharedPort : IDisposable
{
    /// <summary>Where raw actions that are numbers go.</summary>
    public const int Action = 16;

    /// <summary>Where raw rewards are.</summary>
    public const int Reward = 144;

    /// <summary>Where raw observations that are numbers are.</summary>
    public const int Observation = 160;

    /// <summary>Where requests go.</summary>
    public const int RequestArea = 4096;

    /// <summary>Bytes for requests.</summary>
    public const int RequestBytes = 1024 * 1024;

    /// <summary>Where replies are.</summary>
    public const int ReplyArea = RequestArea + RequestBytes;

    /// <summary>Bytes for replies. Pages that are never written take no room.</summary>
    public const int ReplyBytes = 64 * 1024 * 1024;

    private const int ArrayAlignment = 64;
    private const int KindBits = 3;
    private const int RequestWord = 0;
    private const int RequestLength = 4;
    private const int WorkerSpin = 8;
    private const int ReplyWord = 128;
    private const int ReplyLength = 132;
    private const int ReplyFlags = 136;
    private const int WorkerWaits = 256;
    private const int ServerWaits = 384;

    private const int LongestSpinMicroseconds = 300;
    private const int LongestWorkerSpinMicroseconds = 100;

    // A vector has a worker for each processor, and looking on, even yielding, would take from theirs half of what a step takes: only the shortest steps are waited for so.
    private const int LongestVectorSpinMicroseconds = 60;

    // A vector's worker waits for the slowest of the others, too, and being woken takes longer than that.
    private const int LongestVectorWorkerSpinMicroseconds = 400;

    private const int MomentMs = 1;

    private readonly WorkerChannel _channel;
    private readonly GlanceBudget _glances = new();
    private long _longestSpin = TicksOf(LongestSpinMicroseconds);
    private long _spin = TicksOf(LongestSpinMicroseconds);
    private long _published;
    private uint _number;

    private SharedPort(WorkerChannel channel, SharedMemory memory)
    {
        _channel = channel;
        Memory = memory;
        Memory.Word(WorkerSpin) = LongestWorkerSpinMicroseconds;
    }

    /// <summary>The memory.</summary>
    public SharedMemory Memory { get; }

    /// <summary>Bytes of the last reply's message in the memory.</summary>
    public uint MessageLength => Volatile.Read(ref Memory.Word(ReplyLength));

    /// <summary>The flags of the last raw step.</summary>
    public (bool Terminated, bool Truncated) Flags => (Memory.Word(ReplyFlags) & 3) switch
    {
        0 => (false, false),
        1 => (true, false),
        2 => (false, true),
        _ => (true, true),
    };

    /// <summary>Offers a worker memory to share.</summary>
    /// <param name="channel">The worker's pipes, which carry rings and what is too large from then on; not owned.</param>
    /// <param name="offer">Asks the worker, through the pipes, whether it can map the memory.</param>
    /// <returns>The port; null where the pipes have to do.</returns>
    public static SharedPort? TryOpen(WorkerChannel channel, Func<Value, bool> offer)
    {
        if (SharedMemory.TryMake(ReplyArea + ReplyBytes) is not { } memory)
            return null;
        try
        {
            if (offer(Value.Tuple("share", Environment.ProcessId, memory.Descriptor, memory.Identity)))
            {
                memory.CloseDescriptor();
                return new SharedPort(channel, memory);
            }
        }
        catch
        {
            memory.Close();
            throw;
        }
        memory.Close();
        return null;
    }

    /// <summary>From now on waits as for a worker of a vector, which waits itself as one.</summary>
    /// <param name="maySpin">Whether the worker may spin before it blocks.</param>
    public void WaitAsVector(bool maySpin)
    {
        _longestSpin = _spin = TicksOf(LongestVectorSpinMicroseconds);
        Memory.Word(WorkerSpin) = maySpin ? (uint)LongestVectorWorkerSpinMicroseconds : 0;
    }

    /// <summary>Sends a message through the memory, or where it is too large through the pipe.</summary>
    /// <param name="request">The message.</param>
    /// <param name="kind"><see cref="MessageKind.Message"/> or <see cref="MessageKind.Pattern"/>.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="SocketGymException">The message has no encoding; nothing was written.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool Send(Value request, MessageKind kind, long deadline)
    {
        var length = _channel.Encode(request);
        if (length > RequestBytes)
            return Publish(MessageKind.Piped, deadline) && _channel.SendEncoded(deadline);
        _channel.CopyEncodedTo(Memory.GetSpan().Slice(RequestArea, RequestBytes));
        Memory.Word(RequestLength) = (uint)length;
        return Publish(kind, deadline);
    }

    /// <summary>Sends a step whose action lies in the memory, or a reset.</summary>
    /// <param name="kind"><see cref="MessageKind.Step"/> or <see cref="MessageKind.Reset"/>.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool SendRaw(MessageKind kind, long deadline) => Publish(kind, deadline);

    /// <summary>Waits for the reply to the request that was sent last.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="piped">The message of a <see cref="MessageKind.Piped"/> reply.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker has ended.</returns>
    /// <exception cref="InvalidDataException">Something else writes into the pipe.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: the reply holds what cannot be read.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool TryReceive(out MessageKind kind, out Value piped, long deadline)
    {
        piped = default;
        kind = MessageKind.Piped;
        var word = Spin();
        if (word is null && !WaitForRing(out word, out piped, deadline))
            return false;
        // A message in the pipe that came before its ring was seen is the reply all the same.
        if (word is null)
            return true;
        kind = (MessageKind)(word.Value & ((1 << KindBits) - 1));
        if (kind != MessageKind.Piped)
            return true;
        var received = Received.Ring;
        while (received == Received.Ring)
            received = _channel.TryReceiveAny(out piped, deadline);
        return received == Received.Message;
    }

    /// <summary>Reads the message of the last reply.</summary>
    /// <param name="offset">Where it starts in the area of replies.</param>
    /// <returns>The message.</returns>
    /// <exception cref="InvalidDataException">The worker wrote lengths that cannot be.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.UnsupportedValue"/>: it holds what cannot be read.</exception>
    public Value ReadMessage(int offset)
    {
        var length = MessageLength;
        if (length > ReplyBytes - offset)
            throw new InvalidDataException($"Its reply is said to take {length} bytes.");
        return _channel.Decode(Memory.Memory.Slice(ReplyArea + offset, (int)length));
    }

    /// <summary>Takes the arrays behind the last reply's message, where they are.</summary>
    /// <param name="description">What the message told of them (python/worker's <c>frames.py</c>).</param>
    /// <returns>An array, or a tuple or list of them; valid until the next request.</returns>
    /// <exception cref="InvalidDataException">The worker described what cannot be.</exception>
    public Value TakeArrays(Value description)
    {
        var parts = description.Kind == ValueKind.Tuple ? description.AsItems() : default;
        if (parts.Length != 2 || parts[1].Kind != ValueKind.List)
            throw new InvalidDataException($"It describes arrays by {description}.");
        var place = (long)MessageLength;
        var arrays = new Value[parts[1].AsItems().Length];
        for (var index = 0; index < arrays.Length; index++)
            arrays[index] = TakeArray(parts[1].AsItems()[index], ref place);
        if (parts[0].IsNone && arrays.Length == 1)
            return arrays[0];
        return parts[0].Kind == ValueKind.String && parts[0].AsString() == "list" ? Value.List(arrays) : Value.Tuple(arrays);
    }

    private NDArray TakeArray(Value description, ref long place)
    {
        var parts = description.Kind == ValueKind.Tuple ? description.AsItems() : default;
        if (parts.Length == 2 && parts[0].Kind == ValueKind.String && DType.TryParse(parts[0].AsString(), out var dtype) && RawSteps.IsRaw(dtype) && parts[1].Kind == ValueKind.Tuple)
        {
            var shape = new int[parts[1].AsItems().Length];
            // At most as many bytes as there are, whatever the dimensions are said to be.
            var bytes = (long)dtype.ItemSize;
            for (var index = 0; index < shape.Length; index++)
            {
                var dimension = parts[1].AsItems()[index];
                shape[index] = dimension is { Kind: ValueKind.Int, IsInt64: true } && dimension.AsInt64() is >= 0 and <= ReplyBytes ? (int)dimension.AsInt64() : -1;
                bytes = shape[index] < 0 ? -1 : Math.Min(bytes * shape[index], int.MaxValue);
                if (bytes < 0)
                    break;
            }
            place = (place + ArrayAlignment - 1) / ArrayAlignment * ArrayAlignment;
            var start = place;
            place += bytes;
            if (bytes >= 0 && place <= ReplyBytes)
                return new NDArray(dtype, shape, Memory.Memory.Slice(ReplyArea + (int)start, (int)bytes));
        }
        throw new InvalidDataException($"It describes an array by {description}.");
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => Memory.Close();

    private bool Publish(MessageKind kind, long deadline)
    {
        _number++;
        Volatile.Write(ref Memory.Word(RequestWord), (_number << KindBits) | (uint)kind);
        Interlocked.MemoryBarrier();
        _published = Stopwatch.GetTimestamp();
        return Volatile.Read(ref Memory.Word(WorkerWaits)) == 0 || _channel.Ring(deadline);
    }

    private static long TicksOf(int microseconds) => microseconds * Stopwatch.Frequency / 1_000_000;

    // The reply's word once it is there, else null.
    private uint? Look()
    {
        var word = Volatile.Read(ref Memory.Word(ReplyWord));
        return word >> KindBits == (_number & (uint.MaxValue >> KindBits)) ? word : null;
    }

    private uint? Spin()
    {
        if (Glance() is { } seen)
            return seen;
        // The worker may share this processor, and is let run between looks from here on.
        while (Stopwatch.GetTimestamp() - _published < _spin)
        {
            _ = LibC.Yield();
            if (Look() is { } word)
            {
                _spin = _longestSpin;
                return word;
            }
        }
        return null;
    }

    private uint? Glance()
    {
        var word = Look();
        for (var left = _glances.Count - 1; left > 0 && word is null; left--)
        {
            Thread.SpinWait(1);
            word = Look();
        }
        _glances.Note(word is not null);
        return word;
    }

    private bool WaitForRing(out uint? word, out Value piped, long deadline)
    {
        try
        {
            piped = default;
            while (true)
            {
                Volatile.Write(ref Memory.Word(ServerWaits), 1);
                Interlocked.MemoryBarrier();
                // The worker writes without a fence: what it had written before it could see this is seen here a moment later.
                word = Look();
                if (word is null && !_channel.WaitForAny(MomentMs))
                    word = Look();
                if (word is not null)
                    return true;
                var received = _channel.TryReceiveAny(out piped, deadline);
                if (received != Received.Ring)
                    return received == Received.Message;
            }
        }
        finally
        {
            Memory.Word(ServerWaits) = 0;
            // An environment that takes longer is not worth the spin, until a step of it turns out short again.
            _spin = Stopwatch.GetTimestamp() - _published < _longestSpin ? _longestSpin : _spin / 2;
        }
    }
}
