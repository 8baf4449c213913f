namespace SocketGym.Core.Errors;

/// <summary>The one exception type of SocketGym: a code from the protocol's table, and a message that says what to do.</summary>
public sealed class SocketGymException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="message">What was wrong, with what value, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SocketGymException(ErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>What went wrong.</summary>
    public ErrorCode Code { get; }

    /// <summary>The qualified name of the environment's own exception type, such as <c>ValueError</c>; else null.</summary>
    public string? RemoteType { get; init; }

    /// <summary>The environment's own traceback; else null.</summary>
    public string? RemoteTraceback { get; init; }
}
