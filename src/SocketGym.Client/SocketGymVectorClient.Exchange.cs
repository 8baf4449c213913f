using System.Numerics;
using SocketGym.Client.Internal;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;

namespace SocketGym.Client;

// What every call is made of: who is asked for what, the exchange with all servers, and what happens when one of them is lost.
public sealed partial class SocketGymVectorClient
{
    /// <summary>Sends a step to all servers without waiting for it; <see cref="Receive"/> takes the result. Meanwhile the caller may compute, or step other vectors: <see cref="SocketGymVectorGroups"/>.</summary>
    /// <param name="actions">As for <see cref="IVectorEnvironment.Step"/>; read during the call only.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <exception cref="InvalidOperationException">A step was sent already and not received.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidAction"/> for a batch that cannot be divided among several servers, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public void Send(Value actions, CancellationToken cancellationToken = default)
    {
        Enter(CallState.Idle);
        var next = CallState.Idle;
        try
        {
            AskStep(actions);
            _parts.Send(cancellationToken);
            _isTimed = false;
            next = CallState.Sent;
        }
        catch (SocketGymException lost) when (IsCovered(lost))
        {
            throw MakeAnew(lost, cancellationToken);
        }
        finally
        {
            Leave(next);
        }
    }

    /// <summary><see cref="Send(Value, CancellationToken)"/> with an array of actions, as <see cref="Step{T}"/> makes it.</summary>
    /// <typeparam name="T">As for <see cref="Step{T}"/>.</typeparam>
    /// <param name="actions">As for <see cref="Step{T}"/>.</param>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <exception cref="ArgumentException">The type has no dtype.</exception>
    /// <exception cref="InvalidOperationException">A step was sent already and not received.</exception>
    /// <exception cref="SocketGymException">As for <see cref="Send(Value, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public void Send<T>(ReadOnlySpan<T> actions, CancellationToken cancellationToken = default)
        where T : unmanaged => Send(ArrayOf(actions), cancellationToken);

    /// <summary>Waits for the step that was sent. The time limit counts from here.</summary>
    /// <param name="cancellationToken">Ends the call and the connections.</param>
    /// <returns>As for <see cref="Step(Value, CancellationToken)"/>; valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">No step was sent.</exception>
    /// <exception cref="SocketGymException">As for <see cref="IVectorEnvironment.Step"/>, and those of any call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connections are closed.</exception>
    public VectorStepResult Receive(CancellationToken cancellationToken = default)
    {
        Enter(CallState.Sent);
        StartTimeLimit();
        return TakeSent(cancellationToken);
    }

    /// <summary>Begins a call that waits for the step that was sent, where one was; its time limit counts from the first such call. <see cref="TakeReady"/> or <see cref="EndWaiting"/> is next.</summary>
    /// <returns>Whether a step was sent and not received.</returns>
    internal bool TryBeginWaiting()
    {
        if (Interlocked.CompareExchange(ref _state, CallState.Calling, CallState.Sent) != CallState.Sent)
            return false;
        StartTimeLimit();
        return true;
    }

    /// <summary>Ends the call, and leaves the step that was sent for another.</summary>
    internal void EndWaiting() => Leave(CallState.Sent);

    /// <summary>Adds the connections on which nothing of the step that was sent has arrived.</summary>
    /// <returns>Whether there is none: <see cref="TakeReady"/> need not wait, but for what is still on its way.</returns>
    internal bool IsReady(ReplyWait waiting)
    {
        var before = waiting.Count;
        _parts.AddWaiting(waiting);
        return waiting.Count == before;
    }

    /// <summary>Takes the step that was sent, where <see cref="IsReady"/>, and ends the call.</summary>
    internal VectorStepResult TakeReady()
    {
        _parts.RestartTimeoutsOfArrivals();
        return TakeSent(CancellationToken.None);
    }

    private VectorStepResult TakeSent(CancellationToken cancellationToken)
    {
        try
        {
            TakeReplies(cancellationToken);
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

    private void Enter(CallState expected)
    {
        var found = Interlocked.CompareExchange(ref _state, CallState.Calling, expected);
        if (found == expected)
            return;
        if (found == CallState.Idle)
            _parts.ThrowIfEnded();
        throw new InvalidOperationException(found switch
        {
            CallState.Calling => "Another call is in progress; a client takes one at a time.",
            CallState.Sent => "A step was sent and its result is due; call Receive first.",
            _ => "No step was sent; call Send first.",
        });
    }

    private void StartTimeLimit()
    {
        if (!_isTimed)
            _parts.RestartTimeouts();
        _isTimed = true;
    }

    private void Leave(CallState next)
    {
        if (next != CallState.Sent)
            _parts.Rest();
        Interlocked.Exchange(ref _state, next);
    }

    private void Exchange(CancellationToken cancellationToken)
    {
        _parts.Send(cancellationToken);
        TakeReplies(cancellationToken);
    }

    private void TakeReplies(CancellationToken cancellationToken)
    {
        try
        {
            _parts.Receive(cancellationToken);
        }
        catch (SocketGymException)
        {
            _join?.Fail();
            throw;
        }
    }

    private void AskStep(Value actions)
    {
        if (_join is null)
        {
            _parts.All[0].Ask(RequestMethod.Step, actions);
            return;
        }
        var each = _join.Divide(actions, AutoresetMode);
        for (var index = 0; index < each.Length; index++)
            _parts.All[index].Ask(RequestMethod.Step, each[index]);
    }

    private VectorStepResult TakeStep() => _join is null ? _parts.All[0].Step : _join.JoinSteps();

    private static void AskReset(VectorPart part, IReadOnlyList<BigInteger?>? seeds, ValueDictionary? options, bool[]? mask)
    {
        var seedsOfPart = SeedsOf(seeds, part.First, part.Count);
        if (mask is null)
        {
            part.Ask(RequestMethod.Reset, seedsOfPart, options);
            return;
        }
        var share = mask.AsSpan(part.First, part.Count);
        // A server none of whose environments are reset keeps all its observations.
        if (!share.Contains(true))
            return;
        var withMask = new ValueDictionary();
        foreach (var (key, value) in options ?? ValueDictionary.Empty)
            withMask.Add(key, value);
        withMask[ResetMask.Name] = NDArray.Of<bool>(share);
        part.Ask(RequestMethod.Reset, seedsOfPart, withMask);
    }

    private static Value SeedsOf(IReadOnlyList<BigInteger?>? seeds, int first, int count)
    {
        if (seeds is null)
            return Value.None;
        var values = new Value[count];
        for (var index = 0; index < count; index++)
            values[index] = seeds[first + index] is { } seed ? Value.FromInt(seed) : Value.None;
        return Value.List(values);
    }

    private NDArray ArrayOf<T>(ReadOnlySpan<T> actions)
        where T : unmanaged
    {
        if (_actions is null || _actions.Count != actions.Length || !_actions.DType.Equals(NDArray.DTypeOf<T>()))
        {
            ReadOnlySpan<int> shape = ActionSpace.Shape is { } spaceShape && NDArray.CountOf(spaceShape.AsSpan()) == actions.Length ? spaceShape.AsSpan() : [actions.Length];
            _actions = new NDArray(NDArray.DTypeOf<T>(), shape);
        }
        actions.CopyTo(_actions.AsSpan<T>());
        return _actions;
    }

    private VectorJoin? JoinOf(VectorParts parts) => parts.Count == 1 ? null : new VectorJoin(parts, SingleObservationSpace, SingleActionSpace);

    private bool IsCovered(SocketGymException lost) => _parts.IsEnded && Reconnection.IsLoss(lost.Code) && _parts.Lost?.Reconnecting is not null;

    // Returns what to throw.
    private SocketGymException MakeAnew(SocketGymException lost, CancellationToken cancellationToken) =>
        _reconnection.TryMakeAnew(_parts.Lost!.Reconnecting!, lost, token => Replace(_request.Make(token)), cancellationToken)
            ? new SocketGymException(ErrorCode.ResetNeeded, $"A connection was lost and the whole vector made anew: call Reset, and set again what was set on the old one. Lost by: {lost.Message}", lost)
            : lost;

    private void Replace((VectorParts Parts, MadeEnvironment Made) made)
    {
        if (!made.Made.ObservationSpace.Equals(SingleObservationSpace) || !made.Made.ActionSpace.Equals(SingleActionSpace))
        {
            made.Parts.Dispose();
            throw new SocketGymException(
                ErrorCode.ClosedEnvironment, $"The servers now make environments with other spaces: {made.Made.ObservationSpace} and {made.Made.ActionSpace}. Make another vector.");
        }
        _join = JoinOf(made.Parts);
        _parts = made.Parts;
        // An interruption that came too early for the new connections.
        _reconnection.ThrowIfInterrupted(made.Parts.Interrupt);
    }
}
