using System.Diagnostics;
using SocketGym.Core.Vectors;

namespace SocketGym.Core.Tests.Threads;

public sealed class ThreadChoiceTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(8, 4)]
    [InlineData(8, 8)]
    public void Threads_are_added_as_long_as_they_pay(int most, int bestThreads) =>
        Assert.Equal(bestThreads, Choose(new ThreadChoice(most), threads => threads <= bestThreads ? 1_000.0 / threads : 5_000));

    [Fact]
    public void A_tenth_is_needed_for_another_thread() => Assert.Equal(1, Choose(new ThreadChoice(2), threads => threads == 1 ? 1_000 : 920));

    [Fact]
    public void Short_steps_stay_on_one_thread()
    {
        var tried = 1;
        Assert.Equal(1, Choose(new ThreadChoice(8), threads =>
        {
            tried = Math.Max(tried, threads);
            return 19.0 / threads;
        }));
        Assert.Equal(1, tried);
    }

    [Fact]
    public void One_processor_measures_nothing() => Assert.False(new ThreadChoice(1).IsMeasuring);

    [Fact]
    public void A_choice_is_looked_at_again_and_again_but_seldom()
    {
        var choice = new ThreadChoice(2);
        Choose(choice, threads => 1_000.0 / threads);
        var timed = 0;
        for (var step = 0; step < 100_000; step++)
        {
            timed += choice.IsMeasuring ? 1 : 0;
            Take(choice, 300);
        }
        Assert.Equal(1, choice.Threads);
        Assert.InRange(timed, 300, 1_500);
    }

    [Fact]
    public void A_choice_that_another_follows_is_looked_at_again_soon()
    {
        var choice = new ThreadChoice(2);
        Choose(choice, threads => 1_000.0 / threads);
        // So long that it is looked at seldom by now; then the other thread pays no more for a while.
        for (var step = 0; step < 100_000; step++)
            Take(choice, 300.0 / choice.Threads);
        while (choice.Threads == 2 || choice.IsMeasuring)
            Take(choice, 300);
        var steps = 0;
        for (; choice.Threads == 1 || choice.IsMeasuring; steps++)
            Take(choice, 300.0 / choice.Threads);
        Assert.InRange(steps, 1, 600);
    }

    [Fact]
    public void A_few_steps_that_are_long_are_enough()
    {
        var choice = new ThreadChoice(2);
        var steps = 0;
        for (; choice.IsMeasuring; steps++)
            choice.Add(Ticks(100_000.0 / choice.Threads));
        Assert.Equal(2, choice.Threads);
        Assert.InRange(steps, 2, 20);
    }

    private static int Choose(ThreadChoice choice, Func<int, double> microseconds)
    {
        while (choice.IsMeasuring)
            choice.Add(Ticks(microseconds(choice.Threads)));
        return choice.Threads;
    }

    private static void Take(ThreadChoice choice, double microseconds)
    {
        if (choice.IsMeasuring)
            choice.Add(Ticks(microseconds));
        else
            choice.Skip();
    }

    private static long Ticks(double microseconds) => (long)(microseconds * Stopwatch.Frequency / 1e6);
}
