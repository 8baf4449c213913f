using System.Numerics;
using SocketGym.Client.Internal;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

/// <summary>Several environments on one or several servers, reset and stepped as one: one request to each server a step.</summary>
/// <remarks>
/// <para>
/// Not thread-safe: one call at a time, synchronous or not; only <see cref="Interrupt"/> and <see cref="Dispose"/> may come while another is in progress. What a call returns is valid until the next
/// call and must not be written to: with one server it lies in the memory that it was received into, with several, observations that are arrays are received into one of the client's, and the rest is copied there.
/// In steady state a step allocates nothing where the observations are arrays, or tuples and dictionaries of them, the actions an array, and the infos empty.
/// </para>
/// <para>
/// Errors are <see cref="SocketGymException"/>. One of an environment or of a request's parameters leaves the client usable; with several servers the message says which environments it is about, and
/// unless every one of them refused, all have to be reset. A time-out, a cancelled call, a lost connection and a violation of the protocol end all connections, and with them the vector, so that no
/// environment is ever a step ahead of the others: the error names the server, and later calls throw <see cref="ErrorCode.ClosedEnvironment"/> with it inside.
/// Only <see cref="SocketGymClientOptions.Reconnecting"/> of that server changes that: it lets the client make the whole vector anew.
/// </para>
/// </remarks>
public sealed partial class SocketGymVectorClient : IVectorEnvironment, IInterruptible, IAsyncDisposable
{
    private enum CallState
    {
        Idle,
        Calling,
        Sent,
    }

    private readonly VectorRequest _request;
    private readonly Reconnection _reconnection = new();
    private volatile VectorParts _parts;
    private VectorJoin? _join;
    private CallState _state;
    private bool _isTimed;
    private NDArray? _actions;

    private SocketGymVectorClient(VectorRequest request, VectorParts parts, MadeEnvironment made)
    {
        _request = request;
        _parts = parts;
        SingleObservationSpace = made.ObservationSpace;
        SingleActionSpace = made.ActionSpace;
        ObservationSpace = SpaceBatching.Batch(SingleObservationSpace, Count);
        ActionSpace = SpaceBatching.Batch(SingleActionSpace, Count);
        Metadata = made.Metadata;
        RenderMode = made.RenderMode;
        Spec = made.Spec;
        _join = JoinOf(parts);
    }

    /// <summary>What each server said about itself when this client connected, in the order of their environments.</summary>
    public IReadOnlyList<ServerInfo> Servers => [.. _parts.All.ToArray().Select(part => part.Connection.Server)];

    /// <summary>Whether requests and replies go through memory shared with each of the servers.</summary>
    public bool SharesMemory
    {
        get
        {
            foreach (var part in _parts.All)
            {
                if (!part.Connection.SharesMemory)
                    return false;
            }
            return true;
        }
    }

    /// <inheritdoc/>
    public int Count => _request.Options.Count;

    /// <inheritdoc/>
    public AutoresetMode AutoresetMode => _request.Options.AutoresetMode;

    /// <inheritdoc/>
    public EnvironmentSpec? Spec { get; }

    /// <inheritdoc/>
    public Space SingleObservationSpace { get; }

    /// <inheritdoc/>
    public Space SingleActionSpace { get; }

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public ValueDictionary Metadata { get; }

    /// <inheritdoc/>
    public string? RenderMode { get; }

    /// <inheritdoc/>
    public VectorResetResult Reset(IReadOnlyList<BigInteger?>? seeds = null, ValueDictionary? options = null) => Reset(seeds, options, CancellationToken.None);

    /// <summary>Starts episodes with seeds that count on from one another, as Gymnasium does for one seed.</summary>
    /// <param name="seed">The first environment's seed.</param>
    /// <param name="options">As for <see cref="IVectorEnvironment.Reset"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>Observations and infos, valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">A step was sent and not received.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IVectorEnvironment.Reset"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public VectorResetResult Reset(BigInteger seed, ValueDictionary? options = null, CancellationToken cancellationToken = default) =>
        Reset([.. Enumerable.Range(0, Count).Select(index => (BigInteger?)(seed + index))], options, cancellationToken);

    /// <summary>Starts episodes.</summary>
    /// <param name="seeds">As for <see cref="IVectorEnvironment.Reset"/>.</param>
    /// <param name="options">As for <see cref="IVectorEnvironment.Reset"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>Observations and infos, valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">A step was sent and not received.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IVectorEnvironment.Reset"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public VectorResetResult Reset(IReadOnlyList<BigInteger?>? seeds, ValueDictionary? options, CancellationToken cancellationToken)
    {
        if (seeds is not null && seeds.Count != Count)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"There are {seeds.Count} seeds for {Count} environments; give one or None for each.");
        Enter(CallState.Idle);
        try
        {
            if (_join is null)
            {
                _parts.All[0].Ask(RequestMethod.Reset, SeedsOf(seeds, 0, Count), options);
                Exchange(cancellationToken);
                return _parts.All[0].Reset;
            }
            var mask = ResetMask.Take(ref options, Count);
            if (mask is not null)
                _join.RequireWhole();
            foreach (var part in _parts.All)
                AskReset(part, seeds, options, mask);
            Exchange(cancellationToken);
            return _join.JoinResets(mask);
        }
        catch (SocketGymException lost) when (IsCovered(lost))
        {
            throw MakeAnew(lost, cancellationToken);
        }
        finally
        {
            Leave(CallState.Idle);
        }
    }

    /// <inheritdoc/>
    public VectorStepResult Step(Value actions) => Step(actions, CancellationToken.None);

    /// <summary>Takes a step in every environment, on all servers at the same time.</summary>
    /// <param name="actions">As for <see cref="IVectorEnvironment.Step"/>; sent with their own types and dtypes.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>Observations, rewards, flags and infos; valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">A step was sent and not received.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IVectorEnvironment.Step"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public VectorStepResult Step(Value actions, CancellationToken cancellationToken)
    {
        Enter(CallState.Idle);
        try
        {
            AskStep(actions);
            Exchange(cancellationToken);
            return TakeStep();
        }
        catch (SocketGymException lost) when (IsCovered(lost))
        {
            throw MakeAnew(lost, cancellationToken);
        }
        finally
        {
            Leave(CallState.Idle);
        }
    }

    /// <summary>Takes a step with an array of actions, as Box, Discrete, MultiDiscrete and MultiBinary have them.</summary>
    /// <typeparam name="T">One of bool, the integers of 8 to 64 bits, <see cref="Half"/>, float and double; the array has its dtype.</typeparam>
    /// <param name="actions">The elements in C order, one environment's actions after the other's. The array has the shape of <see cref="ActionSpace"/> where the count fits it, else one dimension.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for <see cref="Step(Value, CancellationToken)"/>.</returns>
    /// <exception cref="ArgumentException">The type has no dtype.</exception>
    /// <exception cref="InvalidOperationException">A step was sent and not received.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IVectorEnvironment.Step"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public VectorStepResult Step<T>(ReadOnlySpan<T> actions, CancellationToken cancellationToken = default)
        where T : unmanaged => Step(ArrayOf(actions), cancellationToken);

    /// <summary>Draws every environment.</summary>
    /// <returns>A tuple of what each returns, valid until the next call.</returns>
    /// <exception cref="SocketGymException">What an environment's <c>Render</c> throws, and those of any call.</exception>
    public Value Render() => Render(CancellationToken.None);

    /// <summary>Draws every environment.</summary>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>A tuple of what each returns, valid until the next call.</returns>
    /// <exception cref="SocketGymException">What an environment's <c>Render</c> throws, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public Value Render(CancellationToken cancellationToken) => AskAll(RequestMethod.Render, cancellationToken);

    /// <summary>Waits until every server has answered an empty question; no environment is touched.</summary>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <exception cref="SocketGymException">Those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public void Ping(CancellationToken cancellationToken = default)
    {
        Enter(CallState.Idle);
        try
        {
            foreach (var part in _parts.All)
                part.Ask(RequestMethod.Ping);
            Exchange(cancellationToken);
        }
        catch (SocketGymException lost) when (IsCovered(lost))
        {
            throw MakeAnew(lost, cancellationToken);
        }
        finally
        {
            Leave(CallState.Idle);
        }
    }

    /// <summary>Ends all environments and connections; a step that was sent is not received any more. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">Another call is in progress.</exception>
    /// <exception cref="SocketGymException">An environment's own <c>close</c> failed; all are closed nevertheless.</exception>
    public void Close()
    {
        var isSent = Interlocked.CompareExchange(ref _state, CallState.Calling, CallState.Sent) == CallState.Sent;
        if (!isSent)
            Enter(CallState.Idle);
        try
        {
            if (isSent || _parts.IsEnded)
                return;
            foreach (var part in _parts.All)
                part.Ask(RequestMethod.Close);
            Exchange(CancellationToken.None);
        }
        catch (SocketGymException) when (_parts.IsEnded)
        {
            // The end of a connection closes its environments too.
        }
        finally
        {
            _parts.Dispose();
            Leave(CallState.Idle);
        }
    }

    /// <summary>Ends the connections at once, and with them the environments: a call in progress throws, and so does every later one but <see cref="Close"/>.</summary>
    /// <remarks>Thread-safe; a second call does nothing.</remarks>
    public void Interrupt()
    {
        _reconnection.Interrupt();
        _parts.Interrupt();
    }

    /// <summary>Closes the environments as <see cref="Close"/> does, but never throws; a call in progress on another thread is interrupted instead.</summary>
    public void Dispose()
    {
        // Whatever another thread finds lost from here on, it must not connect again.
        _reconnection.Interrupt();
        try
        {
            Close();
        }
        catch (InvalidOperationException)
        {
            Interrupt();
        }
        catch (SocketGymException)
        {
            // Whoever wants to know about the environments' last words calls Close.
        }
    }
}
