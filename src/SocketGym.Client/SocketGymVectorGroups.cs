using System.Diagnostics;
using SocketGym.Client.Internal;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Client;

/// <summary>Several vectors with connections of their own, so that some are stepped while the learner works on the result of another.</summary>
/// <example>
/// <code>
/// groups.Send(0, actions);
/// groups.Send(1, others);
/// var (group, result) = groups.Receive();
/// </code>
/// </example>
/// <remarks>
/// Not thread-safe: one call at a time, the groups' own included; only <see cref="Dispose"/> may come while another is in progress. A result is valid until the next call of its group. Each group is reset, drawn and asked by
/// itself, through <see cref="this[int]"/>; a group that is lost leaves the others as they are.
/// </remarks>
public sealed class SocketGymVectorGroups : IDisposable
{
    // How late a cancellation may be noticed; a result wakes the wait at once.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly SocketGymVectorClient[] _groups;
    private readonly TimeSpan _spin;
    private readonly bool[] _isHeld;
    private readonly ReplyWait _waiting = new();
    private int _next;
    private volatile bool _isDisposed;

    private SocketGymVectorGroups(SocketGymVectorClient[] groups, TimeSpan spin)
    {
        _groups = groups;
        _spin = spin;
        _isHeld = new bool[groups.Length];
    }

    /// <summary>How many groups there are.</summary>
    public int Count => _groups.Length;

    /// <summary>One group.</summary>
    /// <param name="group">Its number, counted from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such group.</exception>
    public SocketGymVectorClient this[int group] => _groups[group];

    /// <summary>Makes several groups of environments on one server.</summary>
    /// <param name="groups">How many groups; positive.</param>
    /// <param name="id">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="count">How many environments each group has.</param>
    /// <param name="address">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="autoresetMode">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="renderMode">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="kwargs">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <returns>The groups; dispose of them.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    /// <exception cref="SocketGymException">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</exception>
    public static SocketGymVectorGroups Make(
        int groups, string id, int count, string? address = null, AutoresetMode autoresetMode = AutoresetMode.NextStep, string? renderMode = null, ValueDictionary? kwargs = null) =>
        Make(groups, id, new VectorOptions(count, autoresetMode), [SocketGymClient.OptionsFor(address)], renderMode, kwargs);

    /// <summary>Makes several groups of environments on one or several servers.</summary>
    /// <param name="groups">How many groups; positive.</param>
    /// <param name="id">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="vector">As for <see cref="SocketGymVectorClient.Make(string, VectorOptions, IReadOnlyList{SocketGymClientOptions}, string?, ValueDictionary?, CancellationToken)"/>, of each group.</param>
    /// <param name="servers">The same, of each group: every group is spread over all servers.</param>
    /// <param name="renderMode">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="kwargs">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>The groups; dispose of them.</returns>
    /// <exception cref="ArgumentException">A number is not positive, or there are more servers than environments in a group.</exception>
    /// <exception cref="SocketGymException">As for <see cref="SocketGymVectorClient.Make(string, int, string?, AutoresetMode, string?, ValueDictionary?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SocketGymVectorGroups Make(
        int groups,
        string id,
        VectorOptions vector,
        IReadOnlyList<SocketGymClientOptions> servers,
        string? renderMode = null,
        ValueDictionary? kwargs = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentNullException.ThrowIfNull(servers);
        var made = new List<SocketGymVectorClient>();
        try
        {
            while (made.Count < groups)
                made.Add(SocketGymVectorClient.Make(id, vector, servers, renderMode, kwargs, cancellationToken));
            return new SocketGymVectorGroups([.. made], servers[0].Spin);
        }
        catch
        {
            made.ForEach(group => group.Dispose());
            throw;
        }
    }

    /// <summary>Sends a step to one group.</summary>
    /// <param name="group">Its number, counted from 0.</param>
    /// <param name="actions">A batch of actions for the group's environments; read during the call only.</param>
    /// <param name="cancellationToken">Ends the call and the group's connections.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such group.</exception>
    /// <exception cref="InvalidOperationException">The group was sent a step already.</exception>
    /// <exception cref="SocketGymException">As for <see cref="SocketGymVectorClient.Send(Value, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the group's connections are closed.</exception>
    public void Send(int group, Value actions, CancellationToken cancellationToken = default) => _groups[group].Send(actions, cancellationToken);

    /// <summary>Waits for the first of the groups under way that is ready. Those that were ready at the same time take turns.</summary>
    /// <param name="cancellationToken">Ends the wait and nothing else: the call may be repeated.</param>
    /// <returns>Which group it is, and its result, valid until that group's next call.</returns>
    /// <exception cref="InvalidOperationException">No group was sent a step.</exception>
    /// <exception cref="SocketGymException">
    /// As for <see cref="SocketGymVectorClient.Receive"/>, of the group that is <see cref="Last"/> then; <see cref="ErrorCode.RequestTimeout"/> when a group's time limit is over, which counts from the
    /// first call of this method after its step was sent; <see cref="ErrorCode.ClosedEnvironment"/> when the groups were disposed of, before or meanwhile.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public (int Group, VectorStepResult Result) Receive(CancellationToken cancellationToken = default)
    {
        try
        {
            if (!TryHold())
                throw _isDisposed ? new SocketGymException(ErrorCode.ClosedEnvironment, "The groups were closed.") : new InvalidOperationException("No group was sent a step; call Send first.");
            var ready = WaitForOne(cancellationToken);
            Last = ready;
            _next = (ready + 1) % _groups.Length;
            _isHeld[ready] = false;
            return (ready, _groups[ready].TakeReady());
        }
        finally
        {
            Release();
        }
    }

    /// <summary>The group whose result or error the last <see cref="Receive"/> was; 0 before the first.</summary>
    public int Last { get; private set; }

    /// <summary>Closes every group as <see cref="SocketGymVectorClient.Dispose"/> does.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (var group in _groups)
            group.Dispose();
    }

    // Groups that are waited for are in a call, so that nobody closes them under it.
    private bool TryHold()
    {
        var isAny = false;
        for (var index = 0; index < _groups.Length; index++)
            isAny |= _isHeld[index] = _groups[index].TryBeginWaiting();
        return isAny;
    }

    private void Release()
    {
        for (var index = 0; index < _groups.Length; index++)
        {
            if (_isHeld[index])
                _groups[index].EndWaiting();
            _isHeld[index] = false;
        }
        // What was only interrupted, because it was waited for here, can be closed now.
        if (_isDisposed)
            Dispose();
    }

    private int WaitForOne(CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            if (FindReady() is { } ready)
                return ready;
            cancellationToken.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) < _spin)
                Thread.Yield();
            else
                _waiting.Wait(LongestWait);
        }
    }

    // Leaves the connections of all groups under way that nothing has come from, where none is ready.
    private int? FindReady()
    {
        _waiting.Clear();
        for (var offset = 0; offset < _groups.Length; offset++)
        {
            var index = (_next + offset) % _groups.Length;
            if (_isHeld[index] && _groups[index].IsReady(_waiting))
                return index;
        }
        return null;
    }
}
