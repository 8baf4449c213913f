using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Vectors;

/// <summary>The workers of one vector, each with some of its environments: all are asked before the first answer is waited for.</summary>
/// <remarks>Not thread-safe, but for <see cref="Abort"/>. Where one of them ends, or takes too long, all are ended.</remarks>
internal sealed class WorkerTeam : IDisposable
{
    private readonly IWorker[] _workers;
    private readonly int[] _firsts;
    private readonly bool[] _isAsked;
    private readonly List<SocketGymException> _closeFailures = [];
    private readonly SpinChoice _spin;
    private bool _maySpin;
    private SocketGymException? _failure;
    private SocketGymException? _end;
    private int _limitMs;

    /// <summary>Divides environments among workers, as evenly as can be.</summary>
    /// <param name="workers">The workers; owned. Not more than there are environments.</param>
    /// <param name="count">How many environments there are.</param>
    public WorkerTeam(IReadOnlyList<IWorker> workers, int count)
    {
        _workers = [.. workers];
        _isAsked = new bool[_workers.Length];
        _spin = new SpinChoice(_workers.Length, Environment.ProcessorCount);
        LetSpin(false);
        _firsts = [.. Enumerable.Range(0, _workers.Length + 1).Select(part => (int)((long)part * count / _workers.Length))];
    }

    /// <summary>How many workers there are.</summary>
    public int Count => _workers.Length;

    /// <summary>Whether messages to all workers go through shared memory.</summary>
    public bool IsSharing => _workers.All(worker => worker.IsSharing);

    /// <summary>What the environments' <c>close</c> raised.</summary>
    public IReadOnlyList<SocketGymException> CloseFailures => _closeFailures;

    /// <summary>A worker's first environment.</summary>
    /// <param name="part">The worker.</param>
    public int FirstOf(int part) => _firsts[part];

    /// <summary>How many environments a worker has.</summary>
    /// <param name="part">The worker.</param>
    public int CountOf(int part) => _firsts[part + 1] - _firsts[part];

    /// <summary>Checks that no worker has ended.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.WorkerDied"/>: one has, or was ended, before.</exception>
    public void RequireAlive()
    {
        if (_end is not null)
            throw new SocketGymException(ErrorCode.WorkerDied, $"The vector has no processes any more; make it anew. {_end.Message}");
    }

    /// <summary>Begins a round of questions.</summary>
    /// <param name="limitMs">How long one environment may take; a worker has so long for each of its own, one after the other.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.WorkerDied"/>: one has ended, or was ended, before.</exception>
    public void Begin(int limitMs)
    {
        RequireAlive();
        _limitMs = limitMs;
        _failure = null;
        _isAsked.AsSpan().Clear();
    }

    /// <summary>Begins a round of questions that are steps.</summary>
    /// <param name="limitMs">As for <see cref="Begin"/>.</param>
    /// <exception cref="SocketGymException">As for <see cref="Begin"/>.</exception>
    public void BeginStep(int limitMs)
    {
        Begin(limitMs);
        if (_spin.Step() != _maySpin)
            LetSpin(!_maySpin);
    }

    /// <summary>Asks a worker, unless asking another has failed.</summary>
    /// <param name="part">The worker.</param>
    /// <param name="request">The question.</param>
    public void Send(int part, Value request)
    {
        if (_failure is not null)
            return;
        try
        {
            _workers[part].Send(request, LimitOf(part));
            _isAsked[part] = true;
        }
        catch (SocketGymException failure)
        {
            Note(part, failure);
        }
    }

    /// <summary>Asks a worker for a step whose actions lie in the vector's memory, unless asking another has failed.</summary>
    /// <param name="part">The worker.</param>
    public void SendStep(int part)
    {
        if (_failure is not null)
            return;
        try
        {
            _workers[part].SendStep(LimitOf(part));
            _isAsked[part] = true;
        }
        catch (SocketGymException failure)
        {
            Note(part, failure);
        }
    }

    /// <summary>Waits for a worker's answer.</summary>
    /// <param name="part">The worker.</param>
    /// <param name="result">The answer.</param>
    /// <returns>False where it was not asked, or failed, which <see cref="End"/> tells.</returns>
    public bool TryReceive(int part, out Value result)
    {
        result = default;
        if (!_isAsked[part] || _end is not null)
            return false;
        try
        {
            result = _workers[part].Receive();
            return true;
        }
        catch (SocketGymException failure)
        {
            Note(part, failure);
            return false;
        }
    }

    /// <summary>Ends a round in which a worker has answered what none ever does: all are ended.</summary>
    /// <param name="part">The worker.</param>
    /// <param name="failure">What it was.</param>
    public void Refuse(int part, InvalidDataException failure) =>
        Note(part, new SocketGymException(ErrorCode.WorkerDied, $"Its process was ended, since it did what no worker does. {failure.Message}", failure));

    /// <summary>Ends a round of questions.</summary>
    /// <exception cref="SocketGymException">The first failure of all that there were.</exception>
    public void End()
    {
        if ((_end ?? _failure) is { } failure)
            throw failure;
    }

    /// <summary>Asks every worker the same and waits for all.</summary>
    /// <param name="request">The question.</param>
    /// <param name="limitMs">As for <see cref="Begin"/>.</param>
    /// <returns>The answers, in order; valid until the next question.</returns>
    /// <exception cref="SocketGymException">The first failure.</exception>
    public Value[] AskAll(Func<int, Value> request, int limitMs)
    {
        Begin(limitMs);
        for (var part = 0; part < Count; part++)
            Send(part, request(part));
        var answers = new Value[Count];
        for (var part = 0; part < Count; part++)
        {
            if (TryReceive(part, out var answer))
                answers[part] = answer;
        }
        End();
        return answers;
    }

    /// <summary>Asks one worker.</summary>
    /// <param name="part">The worker.</param>
    /// <param name="request">The question.</param>
    /// <param name="limitMs">As for <see cref="Begin"/>.</param>
    /// <returns>The answer; valid until the next question.</returns>
    /// <exception cref="SocketGymException">Its failure.</exception>
    public Value Ask(int part, Value request, int limitMs)
    {
        Begin(limitMs);
        Send(part, request);
        TryReceive(part, out var answer);
        End();
        return answer;
    }

    /// <summary>Names who takes each line that the workers' environments print.</summary>
    /// <param name="listener">As for <see cref="IWorker.Listen"/>.</param>
    public void Listen(Action<string> listener)
    {
        foreach (var worker in _workers)
            worker.Listen(listener);
    }

    /// <summary>Ends all processes at once. Thread-safe.</summary>
    public void Abort()
    {
        foreach (var worker in _workers)
            worker.Abort();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _spin.End();
        // Each may take a while to close its environments: all do it at once.
        for (var part = 0; part < Count; part++)
            _workers[part].BeginClose(CountOf(part));
        foreach (var worker in _workers)
            worker.Dispose();
        if (_end is null)
            _closeFailures.AddRange(_workers.Select(worker => worker.CloseFailure).OfType<SocketGymException>());
        _end ??= new SocketGymException(ErrorCode.WorkerDied, "It was closed.");
    }

    private void LetSpin(bool maySpin)
    {
        _maySpin = maySpin;
        foreach (var worker in _workers)
            worker.WaitAsVector(maySpin);
    }

    private int LimitOf(int part) => (int)Math.Min((long)_limitMs * CountOf(part), int.MaxValue);

    private void Note(int part, SocketGymException failure)
    {
        _failure ??= failure;
        if (failure.Code is not (ErrorCode.WorkerDied or ErrorCode.EnvironmentTimeout))
            return;
        var (first, last) = (FirstOf(part), FirstOf(part + 1) - 1);
        var which = first == last ? $"environment {first}" : $"environments {first} to {last}";
        _end = new SocketGymException(failure.Code, $"The process of {which} of {_firsts[^1]} failed, and the others were ended with it. {failure.Message}", failure);
        Abort();
    }
}
