namespace SocketGym.Python.Vectors;

/// <summary>Decides whether a vector's workers may spin while they wait for the next step: where each has a processor, and no other vector steps by turns with this one.</summary>
/// <remarks>Who spins takes half of a processor from whoever computes on it. Not thread-safe; the vectors of one process know of each other.</remarks>
/// <param name="workers">How many workers the vector has.</param>
/// <param name="processors">How many processors there are.</param>
internal sealed class SpinChoice(int workers, int processors)
{
    /// <summary>After so many steps without another vector's between them a vector counts as alone again.</summary>
    public const int StepsUntilAlone = 8;

    private static SpinChoice? _lastToStep;

    private int _stepsBesideOthers;

    /// <summary>Notes a step of this vector's.</summary>
    /// <returns>Whether its workers may spin after it.</returns>
    public bool Step()
    {
        var last = Volatile.Read(ref _lastToStep);
        if (last != this)
        {
            Volatile.Write(ref _lastToStep, this);
            _stepsBesideOthers = last is null ? 0 : StepsUntilAlone;
        }
        else if (_stepsBesideOthers > 0)
        {
            _stepsBesideOthers--;
        }
        return workers <= processors && _stepsBesideOthers == 0;
    }

    /// <summary>Notes that this vector takes no more steps.</summary>
    public void End() => Interlocked.CompareExchange(ref _lastToStep, null, this);
}
