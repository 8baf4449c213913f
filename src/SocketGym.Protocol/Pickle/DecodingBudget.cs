using SocketGym.Core.Errors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Pickle;

/// <summary>What one message may still become. A memo lets a pickle repeat an object in two bytes, so its length bounds nothing.</summary>
internal sealed class DecodingBudget(MessageLimits limits)
{
    /// <summary>Values reached so far, repeated ones each time.</summary>
    public long Values { get; private set; }

    private long Bytes { get; set; }

    public void Reset()
    {
        Values = 0;
        Bytes = 0;
    }

    /// <exception cref="SocketGymException"><see cref="ErrorCode.TooManyValues"/>.</exception>
    public void AddValues(long count)
    {
        Values += count;
        if (Values > limits.MaxValues)
            throw PickleErrors.TooManyValues(limits.MaxValues);
    }

    /// <summary>Checks that there is room for values which are yet to be counted, before anything is allocated for them.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.TooManyValues"/>.</exception>
    public void Reserve(long count)
    {
        if (count > limits.MaxValues - Values)
            throw PickleErrors.TooManyValues(limits.MaxValues);
    }

    /// <summary>Accounts for text and data before they are copied out of the payload.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.TooManyValues"/>: together they exceed the longest frame.</exception>
    public void AddBytes(long count)
    {
        Bytes += count;
        if (Bytes > limits.MaxFrameBytes)
        {
            throw new SocketGymException(ErrorCode.TooManyValues,
                $"The pickle repeats its data to more than {limits.MaxFrameBytes} bytes, the most that a frame may hold; send less in one message.");
        }
    }
}
