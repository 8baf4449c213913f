namespace SocketGym.Python.Workers;

/// <summary>What came through a worker's pipe.</summary>
internal enum Received
{
    /// <summary>Its end: the worker has ended.</summary>
    End,

    /// <summary>A message of no bytes, which asks to look at the shared memory.</summary>
    Ring,

    /// <summary>A message.</summary>
    Message,
}
