namespace SocketGym.Python.Workers;

/// <summary>This process's ends of a worker's pipes.</summary>
/// <param name="Requests">To write requests into.</param>
/// <param name="Replies">To read replies from.</param>
/// <param name="Errors">To read the worker's standard error from.</param>
internal sealed record WorkerPipes(Stream Requests, Stream Replies, Stream Errors);
