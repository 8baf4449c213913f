namespace SocketGym.Protocol.Messages;

/// <summary>The methods of the protocol; their names on the wire are in <see cref="RequestMethodNames"/>.</summary>
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

    /// <summary>Makes a vector of environments for the session.</summary>
    MakeVector,

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

    /// <summary>Calls a method of the environment.</summary>
    Call,

    /// <summary>Reads an attribute of the environment.</summary>
    GetAttribute,

    /// <summary>Sets an attribute of the environment.</summary>
    SetAttribute,

    /// <summary>Asks whether the environment has an attribute.</summary>
    HasAttribute,
}
