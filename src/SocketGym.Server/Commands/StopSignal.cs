using System.Runtime.InteropServices;

namespace SocketGym.Server.Commands;

/// <summary>Ctrl-C and SIGTERM, from the moment that it is made: a server that has said where it is must end politely from then on.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly ManualResetEventSlim _signalled = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignal()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    /// <summary>Waits for the first of them.</summary>
    public void Wait() => _signalled.Wait();

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _signalled.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // The first asks politely; the default of the second ends the process.
        context.Cancel = !_signalled.IsSet;
        _signalled.Set();
    }
}
