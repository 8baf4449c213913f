namespace SocketGym.Core.Errors;

/// <summary>What follows from an error's code.</summary>
public static class ErrorCodes
{
    /// <summary>Whether the connection ends after this error (docs/protocol.md, section 6): a protocol violation, or a server that will not go on.</summary>
    /// <param name="code">The code.</param>
    public static bool EndsConnection(this ErrorCode code) => code is ErrorCode.InternalError or ErrorCode.EmptyFrame or ErrorCode.FrameTooLarge
        or ErrorCode.TruncatedFrame or ErrorCode.MalformedMessage or ErrorCode.NestingTooDeep or ErrorCode.TooManyValues or ErrorCode.CyclicValue
        or ErrorCode.ForbiddenGlobal or ErrorCode.ShapeMismatch or ErrorCode.UnsupportedProtocol or ErrorCode.ServerFull or ErrorCode.ServerDraining;
}
