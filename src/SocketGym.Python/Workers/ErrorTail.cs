using System.Text;

namespace SocketGym.Python.Workers;

/// <summary>Drains a worker's standard error on a thread of its own, keeps the last lines, and hands each on.</summary>
/// <remarks><see cref="ToString"/> may be called from any thread.</remarks>
internal sealed class ErrorTail
{
    private const int MaxLines = 20;
    private const int MaxLineBytes = 500;
    private const int StackBytes = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly byte[] _line = new byte[MaxLineBytes];
    private readonly PipeEnd _pipe;
    private readonly Thread _thread;
    private Action<string>? _listener;
    private int _length;

    /// <summary>Starts to drain.</summary>
    /// <param name="pipe">The pipe; disposed when it has ended.</param>
    public ErrorTail(PipeEnd pipe)
    {
        _pipe = pipe;
        _thread = new Thread(Drain, StackBytes) { IsBackground = true, Name = "socketgym-worker-stderr" };
        _thread.Start();
    }

    /// <summary>Names who takes each line, cut after 500 bytes, those that are kept first.</summary>
    /// <param name="listener">Called on any thread, and under a lock: it must not block.</param>
    public void Listen(Action<string> listener)
    {
        lock (_lock)
        {
            foreach (var line in _lines)
                listener(line);
            _listener = listener;
        }
    }

    /// <summary>Waits until all that was written has been read.</summary>
    /// <param name="timeoutMs">How long at most: a grandchild may hold the pipe open.</param>
    public void WaitForEnd(int timeoutMs) => _thread.Join(timeoutMs);

    /// <summary>The last lines, each at most 500 bytes; empty when nothing was written.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var rest = _length > 0 ? [Encoding.UTF8.GetString(_line, 0, _length)] : Array.Empty<string>();
            return string.Join('\n', _lines.Concat(rest));
        }
    }

    private void Drain()
    {
        var buffer = new byte[4096];
        while (true)
        {
            var count = _pipe.Read(buffer, long.MaxValue);
            if (count == 0)
                break;
            lock (_lock)
            {
                foreach (var octet in buffer.AsSpan(0, count))
                    Append(octet);
            }
        }
        _pipe.Dispose();
    }

    private void Append(byte octet)
    {
        if (octet != '\n')
        {
            if (_length < MaxLineBytes)
                _line[_length++] = octet;
            return;
        }
        if (_lines.Count == MaxLines)
            _lines.Dequeue();
        var line = Encoding.UTF8.GetString(_line, 0, _length);
        _lines.Enqueue(line);
        _length = 0;
        _listener?.Invoke(line);
    }
}
