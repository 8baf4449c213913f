using SocketGym.Core.Errors;
using SocketGym.Core.Vectors;

namespace SocketGym.Client.Internal;

/// <summary>All servers of a vector: every request goes out to all of them before the first reply is waited for, and the loss of one ends all.</summary>
internal sealed class VectorParts(VectorPart[] parts, List<VectorInfo> infos) : IDisposable
{
    private volatile Exception? _ended;

    public ReadOnlySpan<VectorPart> All => parts;

    public int Count => parts.Length;

    /// <summary>The infos of the last replies, of all servers in the order of the environments.</summary>
    public List<VectorInfo> Infos => infos;

    /// <summary>Whether no call can succeed any more. Thread-safe.</summary>
    public bool IsEnded => _ended is not null;

    /// <summary>The server that was lost and so ended the vector; null for none.</summary>
    public VectorPart? Lost { get; private set; }

    /// <summary>Whether some servers may have taken a step or reset that others have not: the last exchange was one that failed, and not because each of them wants a reset.</summary>
    public bool IsHalfDone { get; private set; }

    /// <exception cref="SocketGymException"><see cref="ErrorCode.ClosedEnvironment"/>: no call can succeed any more.</exception>
    public void ThrowIfEnded()
    {
        if (_ended is { } ended)
            throw new SocketGymException(ErrorCode.ClosedEnvironment, $"The vector is closed; make another. It was ended by: {ended.Message}", ended);
    }

    /// <summary>Sends the requests of those that are asked; where one cannot be encoded, none.</summary>
    /// <exception cref="SocketGymException">A server was lost, which the error names.</exception>
    public void Send(CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        IsHalfDone = false;
        infos.Clear();
        WriteAll(cancellationToken);
        foreach (var part in parts)
        {
            try
            {
                if (part.IsAsked)
                    part.Connection.Send(cancellationToken);
            }
            catch (Exception error)
            {
                throw End(part, error);
            }
        }
    }

    /// <summary>Takes the replies of all that were asked.</summary>
    /// <exception cref="SocketGymException">The error of the first server that answered with one; or a server was lost, which the error names.</exception>
    public void Receive(CancellationToken cancellationToken)
    {
        SocketGymException? first = null;
        var (asked, refused, isStepOrReset) = (0, 0, false);
        foreach (var part in parts)
        {
            if (!part.IsAsked)
                continue;
            asked++;
            isStepOrReset |= part.IsStepOrReset;
            try
            {
                part.Receive(cancellationToken);
            }
            catch (SocketGymException error) when (!part.Connection.IsEnded)
            {
                first ??= Of(part, error);
                refused += error.Code == ErrorCode.ResetNeeded ? 1 : 0;
            }
            catch (Exception error)
            {
                throw End(part, error);
            }
        }
        if (first is null)
            return;
        IsHalfDone = isStepOrReset && refused < asked;
        throw first;
    }

    /// <summary>Adds the connections on which a reply is due and nothing has arrived.</summary>
    public void AddWaiting(ReplyWait waiting)
    {
        foreach (var part in parts)
        {
            if (part.IsAsked && !part.Connection.CanReceive)
                waiting.Add(part.Connection);
        }
    }

    /// <summary>Gives replies that are waited for later than their requests were sent the whole time again.</summary>
    public void RestartTimeouts()
    {
        foreach (var part in parts)
            part.Connection.RestartTimeout();
    }

    /// <summary>Gives replies that have begun to come the whole time again: their rest may come only now that it is received.</summary>
    public void RestartTimeoutsOfArrivals()
    {
        foreach (var part in parts)
        {
            if (part.IsAsked && part.Connection.HasArrived)
                part.Connection.RestartTimeout();
        }
    }

    /// <summary>Forgets what was asked.</summary>
    public void Rest()
    {
        foreach (var part in parts)
            part.Rest();
    }

    /// <summary>Ends every connection, because of one of them.</summary>
    /// <returns>What to throw; the same is inside what later calls throw.</returns>
    public Exception End(VectorPart part, Exception error)
    {
        if (error is SocketGymException { Code: not ErrorCode.ClosedEnvironment } lost)
        {
            Lost = part;
            error = new SocketGymException(lost.Code, $"The server at {part.Address} ended the vector ({RangeOf(part)}): {lost.Message}", lost) { RemoteType = lost.RemoteType, RemoteTraceback = lost.RemoteTraceback };
        }
        _ended ??= error;
        Dispose();
        return error;
    }

    /// <summary>Ends every connection; a call in progress throws. Thread-safe.</summary>
    public void Interrupt()
    {
        foreach (var part in parts)
            part.Connection.Interrupt();
    }

    /// <summary>Ends every connection. For the thread whose call is in progress.</summary>
    public void Dispose()
    {
        _ended ??= new SocketGymException(ErrorCode.ClosedEnvironment, "The vector was closed.");
        foreach (var part in parts)
        {
            part.Connection.Abandon();
            part.Connection.Dispose();
        }
    }

    private void WriteAll(CancellationToken cancellationToken)
    {
        var written = 0;
        try
        {
            for (; written < parts.Length; written++)
            {
                if (parts[written].IsAsked)
                    parts[written].Write(cancellationToken);
            }
        }
        catch (Exception error)
        {
            for (var index = 0; index < written; index++)
            {
                if (parts[index].IsAsked)
                    parts[index].Connection.Abandon();
            }
            if (parts[written].Connection.IsEnded)
                throw End(parts[written], error);
            throw;
        }
    }

    // A server counts its environments from 0, so where there are several an error says which ones it is about.
    private SocketGymException Of(VectorPart part, SocketGymException error) => Count == 1
        ? error
        : new SocketGymException(error.Code, $"The server at {part.Address} ({RangeOf(part)}): {error.Message}", error) { RemoteType = error.RemoteType, RemoteTraceback = error.RemoteTraceback };

    private string RangeOf(VectorPart part) => $"environments {part.First} to {part.First + part.Count - 1} of {parts[^1].First + parts[^1].Count}";
}
