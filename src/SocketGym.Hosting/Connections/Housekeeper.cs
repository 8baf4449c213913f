namespace SocketGym.Hosting.Connections;

/// <summary>The one thread that looks after busy connections: it never touches a stream, only wakes and interrupts.</summary>
internal sealed class Housekeeper : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BusyBeforeLooking = TimeSpan.FromMilliseconds(200);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Func<IEnumerable<Connection>> _connections;
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="connections">A snapshot of the live connections.</param>
    public Housekeeper(Func<IEnumerable<Connection>> connections)
    {
        _connections = connections;
        _thread = new Thread(Watch) { IsBackground = true, Name = "housekeeping" };
        _thread.Start();
    }

    /// <summary>Stops the thread.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        while (!_stop.Wait(Interval))
        {
            foreach (var connection in _connections())
            {
                // Nobody waits for this step any more: its worker can go.
                if (connection.IsAbandoned(BusyBeforeLooking))
                    connection.Interrupt();
            }
        }
    }
}
