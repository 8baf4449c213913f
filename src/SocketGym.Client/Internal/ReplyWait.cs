using System.Net.Sockets;

namespace SocketGym.Client.Internal;

/// <summary>Waits for the first of the replies that are due on several connections; used again and again, it allocates nothing.</summary>
/// <remarks>
/// Where memory is shared, a server rings only for those who say that they wait: so all connections say so and look once more before the sockets are waited on. None says so any longer than that, because a ring costs
/// the server a system call.
/// </remarks>
internal sealed class ReplyWait
{
    private readonly List<ClientConnection> _connections = [];
    private readonly List<Socket> _sockets = [];

    /// <summary>How many connections are waited for.</summary>
    public int Count => _connections.Count;

    public void Clear() => _connections.Clear();

    public void Add(ClientConnection connection) => _connections.Add(connection);

    /// <summary>Waits until one of the connections has something, its own time limit is over, or a time has passed.</summary>
    public void Wait(TimeSpan atMost)
    {
        _sockets.Clear();
        var isThere = false;
        foreach (var connection in _connections)
        {
            isThere |= connection.BeginWait(_sockets);
            var left = connection.TimeLeft;
            if (left != Timeout.InfiniteTimeSpan && left < atMost)
                atMost = left;
        }
        if (!isThere)
            Socket.Select(_sockets, null, null, atMost);
        foreach (var connection in _connections)
            connection.EndWait();
    }
}
