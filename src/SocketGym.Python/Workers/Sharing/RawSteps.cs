using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Workers.Sharing;

/// <summary>Steps and resets through shared memory whose actions and results are raw numbers and arrays wherever they are of the types of the last pattern (python/worker's <c>steps.py</c>).</summary>
/// <remarks>One thread uses it. In steady state a step allocates nothing; a raw observation is valid until the next request to the worker.</remarks>
internal sealed class RawSteps
{
    private const int NumberBytes = 16;
    private const int Alignment = 64;

    private static readonly Value StepName = "step";
    private static readonly Value EmptyInfo = ValueDictionary.Empty;

    private readonly SharedPort _port;
    private readonly Value[] _request = [StepName, Value.None];
    private readonly Value _requestTuple;
    private Value _actionPattern;
    private StepResult? _resultPattern;
    private Value _observation;
    private int _infoOffset;
    private bool _isPatternUnread;

    /// <summary>Makes the path of one worker's steps.</summary>
    /// <param name="port">The port; not owned.</param>
    public RawSteps(SharedPort port)
    {
        _port = port;
        _requestTuple = Value.Tuple(_request);
    }

    /// <summary>Whether <see cref="SendReset"/> may be called: false while the worker's types are those of a reply that could not be read.</summary>
    public bool MayReset => !_isPatternUnread;

    /// <summary>Asks for a step.</summary>
    /// <param name="action">The action.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="SocketGymException">The action has no encoding; nothing was written.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool Send(Value action, long deadline)
    {
        if (IsLike(_actionPattern, action))
        {
            WriteRaw(action);
            return _port.SendRaw(MessageKind.Step, deadline);
        }
        var isPattern = IsRaw(action, SharedPort.RequestBytes / 2);
        _request[1] = action;
        // Nothing is a pattern before the worker has been sent it.
        _actionPattern = Value.None;
        if (!_port.Send(_requestTuple, isPattern ? MessageKind.Pattern : MessageKind.Message, deadline))
            return false;
        // Only its types matter from here on, but an array may be the caller's again after this call.
        if (isPattern)
            _actionPattern = action.Copy();
        return true;
    }

    /// <summary>Waits for the step's result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker has ended.</returns>
    /// <exception cref="InvalidDataException">The worker wrote what it never does.</exception>
    /// <exception cref="SocketGymException">The environment's error, or <see cref="ErrorCode.UnsupportedValue"/>.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool TryReceive(out StepResult result, long deadline)
    {
        result = default;
        if (!_port.TryReceive(out var kind, out var piped, deadline))
            return false;
        if (kind == MessageKind.Step)
        {
            result = ReadRaw();
            return true;
        }
        try
        {
            var parts = WorkerReply.PartsOf(WorkerReply.ResultOf(kind == MessageKind.Piped ? piped : _port.ReadMessage(0)), 5);
            result = new StepResult(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }
        catch (SocketGymException)
        {
            // Whether the worker got as far as to take this action's types for the next one's is not known.
            _actionPattern = Value.None;
            _isPatternUnread |= kind == MessageKind.Pattern;
            throw;
        }
        _isPatternUnread = false;
        if (kind == MessageKind.Pattern)
            Adopt(result);
        return true;
    }

    /// <summary>Asks for a reset without seed or options.</summary>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker reads no more.</returns>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool SendReset(long deadline) => _port.SendRaw(MessageKind.Reset, deadline);

    /// <summary>Waits for the reset's result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="deadline">When to give up, as <see cref="Environment.TickCount64"/>.</param>
    /// <returns>False when the worker has ended.</returns>
    /// <exception cref="InvalidDataException">The worker wrote what it never does.</exception>
    /// <exception cref="SocketGymException">The environment's error, or <see cref="ErrorCode.UnsupportedValue"/>.</exception>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public bool TryReceiveReset(out ResetResult result, long deadline)
    {
        result = default;
        if (!_port.TryReceive(out var kind, out var piped, deadline))
            return false;
        if (kind == MessageKind.Reset)
        {
            result = new ResetResult(ReadObservation(Pattern), ReadInfo());
            return true;
        }
        var parts = WorkerReply.PartsOf(WorkerReply.ResultOf(kind == MessageKind.Piped ? piped : _port.ReadMessage(0)), 2);
        result = new ResetResult(parts[0], parts[1]);
        return true;
    }

    private StepResult Pattern => _resultPattern ?? throw new InvalidDataException("It sent raw values before it said of which types they are.");

    private void WriteRaw(Value action)
    {
        var memory = _port.Memory.GetSpan();
        var number = memory.Slice(SharedPort.Action, NumberBytes);
        switch (action.Kind)
        {
            case ValueKind.Array:
                action.AsArray().Bytes.CopyTo(memory[SharedPort.RequestArea..]);
                break;
            case ValueKind.Scalar:
                action.CopyScalarTo(number);
                break;
            case ValueKind.Float:
                BinaryPrimitives.WriteDoubleLittleEndian(number, action.AsDouble());
                break;
            case ValueKind.Bool:
                BinaryPrimitives.WriteInt64LittleEndian(number, action.AsBool() ? 1 : 0);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(number, action.AsInt64());
                break;
        }
    }

    private StepResult ReadRaw()
    {
        var pattern = Pattern;
        var (terminated, truncated) = _port.Flags;
        return new StepResult(
            ReadObservation(pattern),
            ReadNumber(pattern.Reward, SharedPort.Reward),
            Flag(pattern.Terminated, terminated),
            Flag(pattern.Truncated, truncated),
            ReadInfo());
    }

    private Value ReadObservation(StepResult pattern) =>
        pattern.Observation.Kind == ValueKind.Array ? _observation : ReadNumber(pattern.Observation, SharedPort.Observation);

    private Value ReadInfo() => _port.MessageLength == 0 ? EmptyInfo : _port.ReadMessage(_infoOffset);

    private Value ReadNumber(Value pattern, int offset)
    {
        ReadOnlySpan<byte> bytes = _port.Memory.GetSpan().Slice(offset, NumberBytes);
        return pattern.Kind switch
        {
            ValueKind.Float => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ValueKind.Int => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ValueKind.Bool => MemoryMarshal.Read<long>(bytes) != 0,
            _ => Value.FromScalar(pattern.ScalarType, bytes[..pattern.ScalarType.ItemSize]),
        };
    }

    private void Adopt(StepResult result)
    {
        var isArray = result.Observation.Kind == ValueKind.Array;
        if (!IsRaw(result.Observation, SharedPort.ReplyBytes) || !IsRaw(result.Reward, NumberBytes) || result.Reward.Kind == ValueKind.Array)
            throw new InvalidDataException($"It takes {result.Observation} or {result.Reward} for a raw value.");
        _resultPattern = result;
        _infoOffset = 0;
        if (!isArray)
            return;
        var array = result.Observation.AsArray();
        var bytes = array.Bytes.Length;
        _infoOffset = (bytes + Alignment - 1) / Alignment * Alignment;
        _observation = new NDArray(array.DType, array.Shape, _port.Memory.Memory.Slice(SharedPort.ReplyArea, bytes));
    }

    private static Value Flag(Value pattern, bool flag) => pattern.Kind == ValueKind.Bool ? flag : Value.Scalar(flag);

    // Whether values of its type may be raw, the same rule as python/worker's; an int beyond 64 bits then goes as a message.
    private static bool IsRaw(Value value, int mostBytes) => value.Kind switch
    {
        ValueKind.Int or ValueKind.Float or ValueKind.Bool => true,
        ValueKind.Scalar => IsRaw(value.ScalarType),
        ValueKind.Array => IsRaw(value.AsArray().DType) && value.AsArray().Bytes.Length <= mostBytes,
        _ => false,
    };

    /// <summary>Whether numbers of a dtype may be raw, the same rule as python/worker's.</summary>
    /// <param name="dtype">The dtype.</param>
    public static bool IsRaw(DType dtype) => !dtype.IsStructured && "biufc".Contains(dtype.Kind, StringComparison.Ordinal) && dtype.ItemSize <= NumberBytes;

    private static bool IsLike(Value pattern, Value value)
    {
        if (value.Kind != pattern.Kind)
            return false;
        switch (value.Kind)
        {
            case ValueKind.Int:
                return value.IsInt64;
            case ValueKind.Float or ValueKind.Bool:
                return true;
            case ValueKind.Scalar:
                return value.ScalarType.Equals(pattern.ScalarType);
            case ValueKind.Array:
                var (array, other) = (value.AsArray(), pattern.AsArray());
                return array.DType.Equals(other.DType) && array.Shape.SequenceEqual(other.Shape);
            default:
                // None is both the absence of a pattern and an action that goes as a message.
                return false;
        }
    }
}
