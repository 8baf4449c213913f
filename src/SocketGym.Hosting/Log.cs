using Microsoft.Extensions.Logging;
using SocketGym.Core.Errors;

namespace SocketGym.Hosting;

/// <summary>Everything that the server logs. Connections have event ids from 100, the server's life from 200.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Debug, "Connection {Id} opened.")]
    public static partial void ConnectionOpened(ILogger logger, long id);

    [LoggerMessage(101, LogLevel.Debug, "Connection {Id} closed.")]
    public static partial void ConnectionClosed(ILogger logger, long id);

    [LoggerMessage(102, LogLevel.Information, "Connection {Id} ended with {Code}: {Reason}")]
    public static partial void ProtocolViolation(ILogger logger, long id, ErrorCode code, string reason);

    [LoggerMessage(103, LogLevel.Debug, "Connection {Id} broke: {Reason}")]
    public static partial void ConnectionBroke(ILogger logger, long id, string reason);

    [LoggerMessage(104, LogLevel.Error, "Connection {Id} failed.")]
    public static partial void ConnectionFailed(ILogger logger, long id, Exception fault);

    [LoggerMessage(200, LogLevel.Information, "Draining {Count} connections.")]
    public static partial void Draining(ILogger logger, int count);
}
