namespace SocketGym.Protocol.Messages;

/// <summary>The methods of the protocol; on the wire their names are lower-case.</summary>
public enum RequestMethod
{
    /// <summary>A name that the protocol does not have.</summary>
    Unknown,

    /// <summary>Exchanges versions.</summary>
    Hello,

    /// <summary>Does nothing but answer.</summary>
    Ping,

    /// <summary>Names the environments on offer.</summary>
    List,

    /// <summary>Makes the session's environment.</summary>
    Make,

    /// <summary>Starts an episode.</summary>
    Reset,

    /// <summary>Takes a step.</summary>
    Step,

    /// <summary>Draws the present state.</summary>
    Render,

    /// <summary>Closes the session's environment.</summary>
    Close,

    /// <summary>Tells how the environment was made.</summary>
    Spec,
}
