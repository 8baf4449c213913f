using Microsoft.Extensions.Logging;
using SocketGym.Core.Errors;

namespace SocketGym.Hosting;

/// <summary>Everything that the server logs. Connections have event ids from 100, the server's life from 200, environments from 300.</summary>
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

    [LoggerMessage(201, LogLevel.Warning, "Accepting at {Address} failed, and is tried again: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string address, string reason);

    [LoggerMessage(300, LogLevel.Information, "{Id} of connection {Connection}: {Line}")]
    public static partial void Printed(ILogger logger, long connection, string id, string line);

    [LoggerMessage(301, LogLevel.Information, "{Id} of connection {Connection}: {Count} further lines were left out.")]
    public static partial void OutputLeftOut(ILogger logger, long connection, string id, int count);

    [LoggerMessage(302, LogLevel.Warning, "{Id} of connection {Connection} failed to close with {Code}: {Reason}")]
    public static partial void CloseFailed(ILogger logger, long connection, string id, ErrorCode code, string reason);

    [LoggerMessage(303, LogLevel.Warning, "{Id} of connection {Connection} failed to end a call in progress.")]
    public static partial void EndFailed(ILogger logger, long connection, string id, Exception failure);
}
