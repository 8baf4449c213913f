namespace SocketGym.Core.Tests;

/// <summary>What code allocates on its own thread.</summary>
internal static class Allocation
{
    private const int Rounds = 5;

    /// <summary>Runs the same several times and returns the least bytes of a run.</summary>
    /// <remarks>A collection that another test brings about closes this thread's part of the heap, whose rest then counts as allocated. It can only add.</remarks>
    public static long Least(Action run)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
