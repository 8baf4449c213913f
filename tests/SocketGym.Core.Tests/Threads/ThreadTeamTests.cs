using SocketGym.Core.Vectors;

namespace SocketGym.Core.Tests.Threads;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_piece_is_done_once(int helpers)
    {
        var times = new int[100];
        using var team = new ThreadTeam(helpers, piece => Interlocked.Increment(ref times[piece]));
        var runs = 0;
        for (var pieces = 0; pieces <= times.Length; pieces++)
        {
            for (var round = 0; round < 50; round++, runs++)
            {
                Array.Clear(times);
                team.Run(pieces);
                Assert.All(times[..pieces], count => Assert.Equal(1, count));
                Assert.All(times[pieces..], count => Assert.Equal(0, count));
            }
        }
        Assert.Equal(50 * (times.Length + 1), runs);
    }

    [Fact]
    public void Pieces_are_done_at_the_same_time()
    {
        using var both = new Barrier(2);
        using var team = new ThreadTeam(1, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30))));
        team.Run(2);
        Assert.Equal(1, both.CurrentPhaseNumber);
    }

    [Fact]
    public void The_first_piece_that_fails_is_told()
    {
        using var team = new ThreadTeam(3, piece => _ = piece >= 5 ? throw new InvalidOperationException($"piece {piece}") : piece);
        for (var round = 0; round < 500; round++)
            Assert.Equal("piece 5", Assert.Throws<InvalidOperationException>(() => team.Run(40)).Message);
        team.Run(5);
    }

    [Fact]
    public void Disposing_ends_the_threads()
    {
        var threads = new Thread[2];
        using var both = new Barrier(2);
        var team = new ThreadTeam(1, piece =>
        {
            threads[piece] = Thread.CurrentThread;
            Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30)));
        });
        team.Run(2);
        team.Dispose();
        var helper = Assert.Single(threads, thread => thread != Thread.CurrentThread);
        Assert.False(helper.IsAlive);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var team = new ThreadTeam(1, _ => { });
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var run = 0; run < 1_000; run++)
                team.Run(4);
        }));
    }
}
