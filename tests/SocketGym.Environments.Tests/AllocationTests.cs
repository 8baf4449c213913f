using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

public sealed class AllocationTests
{
    public static TheoryData<string> Ids => [.. NativeEnvironments.CreateRegistry().ListIds()];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Steps_and_resets_allocate_nothing(string id)
    {
        using var environment = NativeEnvironments.CreateRegistry().Make(id, []);
        var actions = Actions(environment.ActionSpace);
        environment.Reset(0);
        Play(environment, actions, 5);
        Assert.Equal(0, Allocation.Least(() => Play(environment, actions, 100)));
    }

    private static void Play(IEnvironment environment, Value[] actions, int episodes)
    {
        for (var episode = 0; episode < episodes; episode++)
        {
            for (var step = 0; step < 15; step++)
                environment.Step(actions[step % actions.Length]);
            environment.Reset();
        }
    }

    private static Value[] Actions(Space space) => space is Discrete discrete
        ? [.. Enumerable.Range(0, (int)discrete.N).SelectMany(action => new Value[] { action, Value.Scalar((long)action) })]
        : [NDArray.Of<float>([0.5f]), NDArray.Of<double>([-3.0]), Value.List(0.25)];
}
