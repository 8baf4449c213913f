using SocketGym.Python.Vectors;

namespace SocketGym.Python.Tests;

/// <summary>When a vector's workers spin. What other tests' vectors do in this process at the same time can only keep them from it.</summary>
public sealed class SpinChoiceTests
{
    [Fact]
    public void More_workers_than_processors_never_spin()
    {
        var choice = new SpinChoice(workers: 3, processors: 2);
        for (var step = 0; step < 3 * SpinChoice.StepsUntilAlone; step++)
            Assert.False(choice.Step());
        choice.End();
    }

    [Fact]
    public void Vectors_that_step_by_turns_do_not_spin()
    {
        var (first, second) = (new SpinChoice(2, 2), new SpinChoice(2, 2));
        first.Step();
        for (var step = 0; step < 3 * SpinChoice.StepsUntilAlone; step++)
        {
            Assert.False(second.Step());
            Assert.False(first.Step());
        }
        first.End();
        second.End();
    }

    [Fact]
    public void A_vector_that_is_alone_spins_again_after_a_while()
    {
        var (first, second) = (new SpinChoice(2, 2), new SpinChoice(2, 2));
        first.Step();
        second.Step();
        second.End();
        var steps = 0;
        while (!first.Step())
            Assert.True(++steps < 1_000_000);
        Assert.True(steps is 0 or >= SpinChoice.StepsUntilAlone);
        first.End();
    }
}
