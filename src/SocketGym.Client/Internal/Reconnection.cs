using System.Diagnostics.CodeAnalysis;
using SocketGym.Core.Errors;

namespace SocketGym.Client.Internal;

/// <summary>Connecting again where the options have a hook for it: attempt after attempt, until one succeeds, the hook declines, or someone interrupts.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and one that was disposed of could not be cancelled by another thread any more.")]
internal sealed class Reconnection
{
    private readonly CancellationTokenSource _interruption = new();

    /// <summary>Whether an error that ended a connection is one that another connection can help.</summary>
    public static bool IsLoss(ErrorCode code) =>
        code is ErrorCode.ConnectionLost or ErrorCode.TruncatedFrame or ErrorCode.RequestTimeout or ErrorCode.ServerDraining;

    /// <summary>Ends the attempts, and all later ones. Thread-safe.</summary>
    public void Interrupt() => _interruption.Cancel();

    /// <summary>For an attempt that has just succeeded: an interruption came too early for it.</summary>
    /// <param name="interrupt">Interrupts what was made.</param>
    /// <exception cref="OperationCanceledException">There was an interruption.</exception>
    public void ThrowIfInterrupted(Action interrupt)
    {
        if (_interruption.IsCancellationRequested)
            interrupt();
        _interruption.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Asks the hook and makes anew, again and again.</summary>
    /// <param name="hook">Decides on each attempt.</param>
    /// <param name="lost">Why it is needed.</param>
    /// <param name="makeAnew">Connects and makes.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <returns>Whether it was made anew; false where the hook declined.</returns>
    /// <exception cref="SocketGymException">An attempt failed for good; <see cref="ErrorCode.ClosedEnvironment"/>: interrupted.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool TryMakeAnew(Func<ReconnectAttempt, bool> hook, SocketGymException lost, Action<CancellationToken> makeAnew, CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _interruption.Token);
        try
        {
            var cause = lost;
            for (var number = 1; hook(new ReconnectAttempt(number, cause, cancellation.Token)); number++)
            {
                cancellation.Token.ThrowIfCancellationRequested();
                try
                {
                    makeAnew(cancellation.Token);
                    return true;
                }
                catch (SocketGymException error) when (IsLoss(error.Code) || error.Code is ErrorCode.ConnectionFailed or ErrorCode.ServerFull)
                {
                    cause = error;
                }
            }
            cancellation.Token.ThrowIfCancellationRequested();
            return false;
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            if (cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("The call was cancelled while the client was connecting again.", error, cancellationToken);
            throw new SocketGymException(ErrorCode.ClosedEnvironment, "The client was interrupted while it was connecting again.", error);
        }
    }
}
