namespace SocketGym.Core.Errors;

/// <summary>Every way in which something can go wrong, the same names on the wire, in C# and in Python (docs/protocol.md has the table).</summary>
public enum ErrorCode
{
    /// <summary>A fault of the server itself; please report it. The connection ends.</summary>
    InternalError,

    /// <summary>A frame of length 0. The connection ends.</summary>
    EmptyFrame,

    /// <summary>A frame longer than the receiver's limit. The connection ends.</summary>
    FrameTooLarge,

    /// <summary>The connection ended inside a frame.</summary>
    TruncatedFrame,

    /// <summary>A payload that is no message of the connection's codec. The connection ends.</summary>
    MalformedMessage,

    /// <summary>A payload nested deeper than the limit. The connection ends.</summary>
    NestingTooDeep,

    /// <summary>A payload that stands for more values than the limit. The connection ends.</summary>
    TooManyValues,

    /// <summary>A value that contains itself. The connection ends.</summary>
    CyclicValue,

    /// <summary>A pickle that names something outside the closed list. Nothing ran. The connection ends.</summary>
    ForbiddenGlobal,

    /// <summary>An array whose shape, dtype and byte count do not fit each other. The connection ends.</summary>
    ShapeMismatch,

    /// <summary>The client speaks another protocol version, or a codec that this listener does not offer. The connection ends.</summary>
    UnsupportedProtocol,

    /// <summary>A method that the protocol does not have.</summary>
    UnknownMethod,

    /// <summary>A parameter that is missing, of the wrong type, or out of range.</summary>
    InvalidArgument,

    /// <summary>The environment has no attribute of this name, or none that can be set.</summary>
    UnknownAttribute,

    /// <summary>A request that needs an environment, before <c>make</c> or after <c>close</c>.</summary>
    NoEnvironment,

    /// <summary>No environment has this id; the message names close matches.</summary>
    UnknownEnvironment,

    /// <summary>The environment has a space that is none of Gymnasium's ten.</summary>
    UnsupportedSpace,

    /// <summary>The environment does not offer this render mode, or was made without one.</summary>
    UnsupportedRenderMode,

    /// <summary>A value that has no encoding, such as a function in an observation or an action.</summary>
    UnsupportedValue,

    /// <summary>The environment refused the action.</summary>
    InvalidAction,

    /// <summary><c>step</c> or <c>render</c> before the first <c>reset</c>.</summary>
    ResetNeeded,

    /// <summary>The environment raised an exception of its own; its type and traceback come along.</summary>
    EnvironmentFault,

    /// <summary>The environment's process ended.</summary>
    WorkerDied,

    /// <summary>The environment did not answer within its time limit and was ended.</summary>
    EnvironmentTimeout,

    /// <summary>No Python interpreter with Gymnasium was found, or it could not be started.</summary>
    InterpreterUnavailable,

    /// <summary>A limit on connections or sessions is reached.</summary>
    ServerFull,

    /// <summary>The server is shutting down.</summary>
    ServerDraining,

    /// <summary>In a client: the server could not be reached.</summary>
    ConnectionFailed,

    /// <summary>In a client: the connection ended while a reply was due.</summary>
    ConnectionLost,

    /// <summary>In a client: no reply came within the time limit. The connection is closed.</summary>
    RequestTimeout,

    /// <summary>In a client: the environment was closed before.</summary>
    ClosedEnvironment,
}
