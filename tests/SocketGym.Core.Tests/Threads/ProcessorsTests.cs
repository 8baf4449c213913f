using SocketGym.Core.Vectors;

namespace SocketGym.Core.Tests.Threads;

public sealed class ProcessorsTests
{
    [Fact]
    public void A_thread_that_was_moved_may_use_the_same_processors_as_before()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.False(Processors.TryLeave());
            Assert.Equal(-1, Processors.Current);
            return;
        }
        var before = Allowed();
        // A processor alone cannot be left.
        Assert.Equal(before.Sum(digit => char.IsAsciiHexDigit(digit) ? int.PopCount(Convert.ToInt32(digit.ToString(), 16)) : 0) > 1, Processors.TryLeave());
        Assert.Equal(before, Allowed());
        Assert.InRange(Processors.Current, 0, int.MaxValue);
    }

    // Groups of hexadecimal digits.
    private static string Allowed() => File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal)).Split(':')[1];
}
