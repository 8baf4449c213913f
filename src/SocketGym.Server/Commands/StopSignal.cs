using System.Runtime.InteropServices;

namespace SocketGym.Server.Commands;

/// <summary>Ctrl-C, SIGTERM and, where that is asked for, the end of standard input.</summary>
/// <remarks>From the moment that it is made: a server that has said where it is must end politely from then on.</remarks>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _end = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <param name="withStandardInput">Whether the end of standard input counts, too.</param>
    public StopSignal(bool withStandardInput)
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        if (withStandardInput)
            new Thread(ReadToEnd) { IsBackground = true, Name = "standard input" }.Start();
    }

    /// <summary>Waits for the first of them.</summary>
    public void Wait() => _end.Task.Wait();

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    // The first signal asks politely; the default of the second ends the process.
    private void Handle(PosixSignalContext context) => context.Cancel = _end.TrySetResult();

    private void ReadToEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A terminal that is gone.
        }
        _end.TrySetResult();
    }
}
