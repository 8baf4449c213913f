namespace SocketGym.Python.Workers.Sharing;

/// <summary>Where the message of a request or reply is (python/worker's <c>sharing.py</c>).</summary>
internal enum MessageKind
{
    /// <summary>In the pipe, since the memory has no room for it.</summary>
    Piped = 0,

    /// <summary>In the memory.</summary>
    Message = 1,

    /// <summary>In the memory; it is a step, and the types of its values hold for the raw ones until the next pattern.</summary>
    Pattern = 2,

    /// <summary>It is a step whose action or result is raw; its info alone, unless it is empty, is pickled in the memory.</summary>
    Step = 3,

    /// <summary>It is a reset without seed or options, or the result of one, of which the observation is raw.</summary>
    Reset = 4,

    /// <summary>In the memory; it describes the raw arrays behind it.</summary>
    Arrays = 5,
}
