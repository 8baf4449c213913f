using System.Net.Sockets;

namespace SocketGym.Client.Internal;

/// <summary>Waits for the first of the replies that are due on several connections; used again and again, it allocates nothing.</summary>
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
        foreach (var connection in _connections)
        {
            connection.AddSocket(_sockets);
            var left = connection.TimeLeft;
            if (left != Timeout.InfiniteTimeSpan && left < atMost)
                atMost = left;
        }
        Socket.Select(_sockets, null, null, atMost);
    }
}
