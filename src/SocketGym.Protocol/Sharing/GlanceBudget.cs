namespace SocketGym.Protocol.Sharing;

/// <summary>Decides how many looks at another process's word are worth it before the processor is given away.</summary>
/// <remarks>
/// Looking is the fastest way to see the answer of a process that runs on another core, and a waste of the very time that it needs where it has to run on this one. Looks that
/// were in vain halve the number; it is whole again after some that were not, and now and then for a try. Not thread-safe.
/// </remarks>
public sealed class GlanceBudget
{
    /// <summary>The most looks, about 8 us of them.</summary>
    public const int Most = 200;

    // Often enough to notice soon that the other side has a core of its own again, and seldom enough to cost little where it has not.
    private const int WaitsUntilTry = 64;

    private int _waitsInVain;

    /// <summary>How many looks the next wait may take; at least 1.</summary>
    public int Count { get; private set; } = Most;

    /// <summary>Says how a wait's looks ended.</summary>
    /// <param name="hasSeen">Whether one of them saw what was waited for.</param>
    public void Note(bool hasSeen)
    {
        _waitsInVain = hasSeen ? 0 : _waitsInVain + 1;
        Count = _waitsInVain % WaitsUntilTry == 0 ? Most : Math.Max(1, Count / 2);
    }
}
