using System.Diagnostics;

namespace SocketGym.Core.Vectors;

/// <summary>Takes the steps of a vector on one or several threads; what comes out does not depend on how many.</summary>
/// <remarks>Not thread-safe. Allocates nothing in steady state; threads are started where the first step needs them.</remarks>
internal sealed class StepSplit : IDisposable
{
    // Several for each thread, since environments differ and a helper may come late.
    private const int PiecesPerThread = 4;

    // Pieces of whole groups of so many environments, where they are larger: a step of several in one instruction wants no rest.
    private const int Group = 64;

    private readonly int _count;
    private readonly int _threads;
    private readonly ThreadChoice? _choice;
    private readonly List<List<VectorInfo>> _infos = [];
    private ThreadTeam? _team;
    private IStepRange? _step;
    private int _pieceSize;

    /// <summary>Prepares to split, and starts nothing yet.</summary>
    /// <param name="count">How many environments there are.</param>
    /// <param name="threads">On how many threads; null for as many as turn out fastest.</param>
    public StepSplit(int count, int? threads)
    {
        _count = count;
        _threads = Math.Min(threads ?? 1, count);
        if (threads is null && Math.Min(Environment.ProcessorCount, count) is > 1 and var most)
            _choice = new ThreadChoice(most);
    }

    /// <summary>On how many threads the next step is taken.</summary>
    public int Threads => _choice?.Threads ?? _threads;

    /// <summary>Takes the step in all environments.</summary>
    /// <param name="step">The step.</param>
    /// <param name="infos">Takes the infos that are not empty, in the order of the environments.</param>
    /// <exception cref="Exception">What the first environment that failed threw; those before it have taken their step, of those behind it some.</exception>
    public void Run(IStepRange step, List<VectorInfo> infos)
    {
        _step = step;
        if (_choice is not { IsMeasuring: true })
        {
            Take(Threads, infos);
            _choice?.Skip();
            return;
        }
        var start = Stopwatch.GetTimestamp();
        Take(Threads, infos);
        _choice.Add(Stopwatch.GetTimestamp() - start);
        if (_choice is { IsMeasuring: false, Threads: 1 })
            Dispose();
    }

    /// <summary>Ends the threads; a later step starts others.</summary>
    public void Dispose()
    {
        _team?.Dispose();
        _team = null;
    }

    private void Take(int threads, List<VectorInfo> infos)
    {
        if (threads == 1)
        {
            _step!.Step(0, _count, infos);
            return;
        }
        var pieces = Divide(threads);
        if (_team?.Threads != threads)
        {
            Dispose();
            _team = new ThreadTeam(threads - 1, TakePiece);
        }
        _team.Run(pieces);
        for (var piece = 0; piece < pieces; piece++)
            infos.AddRange(_infos[piece]);
    }

    private int Divide(int threads)
    {
        _pieceSize = Math.Max(1, _count / (threads * PiecesPerThread));
        if (_pieceSize > Group)
            _pieceSize -= _pieceSize % Group;
        var pieces = (_count + _pieceSize - 1) / _pieceSize;
        while (_infos.Count < pieces)
            _infos.Add([]);
        return pieces;
    }

    private void TakePiece(int piece)
    {
        var infos = _infos[piece];
        infos.Clear();
        var first = piece * _pieceSize;
        _step!.Step(first, Math.Min(first + _pieceSize, _count), infos);
    }
}
