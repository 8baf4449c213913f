using System.Globalization;
using System.IO.Pipes;
using SocketGym.Core.Values;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Supervisors;

/// <summary>The pipes of a worker that is to be forked: this side's ends, and those that the supervisor opens by their names under <c>/proc</c>.</summary>
internal sealed class ForkPipes : IDisposable
{
    private readonly AnonymousPipeServerStream _requests = new(PipeDirection.Out, HandleInheritability.None);
    private readonly AnonymousPipeServerStream _replies = new(PipeDirection.In, HandleInheritability.None);
    private readonly AnonymousPipeServerStream _errors = new(PipeDirection.In, HandleInheritability.None);

    /// <summary>This side's ends.</summary>
    public WorkerPipes Own => new(_requests, _replies, _errors);

    /// <summary>The other side's ends as the supervisor is told them (python/worker's <c>supervisor.py</c>).</summary>
    public Value Names => Value.Tuple(NameOf(_requests), NameOf(_replies), NameOf(_errors));

    /// <summary>Closes the other side's ends here; from then on a pipe ends when the worker's end does.</summary>
    public void CloseOthers()
    {
        _requests.DisposeLocalCopyOfClientHandle();
        _replies.DisposeLocalCopyOfClientHandle();
        _errors.DisposeLocalCopyOfClientHandle();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseOthers();
        _requests.Dispose();
        _replies.Dispose();
        _errors.Dispose();
    }

    private static Value NameOf(AnonymousPipeServerStream pipe)
    {
        var descriptor = pipe.ClientSafePipeHandle.DangerousGetHandle().ToInt32();
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}");
        return Value.Tuple(descriptor, new FileInfo(path).LinkTarget ?? "");
    }
}
