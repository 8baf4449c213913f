using SocketGym.Core.Errors;

namespace SocketGym.Protocol.Pickle;

internal static class PickleErrors
{
    public static SocketGymException Malformed(string message) => new(ErrorCode.MalformedMessage, "The pickle cannot be read: " + message);

    public static SocketGymException TooManyValues(long limit) =>
        new(ErrorCode.TooManyValues, $"The pickle stands for more than {limit} values; send less in one message, or raise the limit.");

    public static SocketGymException TooDeep(int limit) =>
        new(ErrorCode.NestingTooDeep, $"The pickle nests containers deeper than {limit}; flatten the value, or raise the limit.");

    public static SocketGymException ShapeMismatch(string message) => new(ErrorCode.ShapeMismatch, message);

    public static SocketGymException Unsupported(string message) => new(ErrorCode.UnsupportedValue, message);
}
