using SocketGym.Core.Environments;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

/// <summary>200 seeds and 100,000 steps of each environment and option, as tests/vectors/generate/environment_runs.py plays them.</summary>
public sealed class RunTests
{
    private const int Seeds = 200;
    private const int StepsASeed = 20;

    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Vectors.Read("environments/runs.json").Count())];

    [Theory]
    [MemberData(nameof(Indices))]
    public void A_long_run_has_the_bytes_of_Gymnasium(int index)
    {
        var run = Vectors.Read("environments/runs.json").Select(item => item.Clone()).ElementAt(index);
        var kwargs = run.Dictionary("kwargs")!;
        var name = $"{run.Text("id")} {Value.Dict(kwargs)}";
        Assert.True(Registry.CanMake(run.Text("id"), kwargs), name);
        using var environment = Registry.Make(run.Text("id"), kwargs);
        Assert.True(run.Text("sha256") == Play(environment, run.Int("steps")), name);
    }

    private static string Play(IEnvironment environment, int steps)
    {
        using var digest = new ValueDigest();
        var picker = Generator.FromSeed(2026);
        for (var seed = 0; seed < Seeds; seed++)
        {
            Reset(environment, seed, digest);
            for (var step = 0; step < StepsASeed; step++)
                Step(environment, picker, digest);
        }
        for (var step = 0; step < steps; step++)
        {
            if (Step(environment, picker, digest))
                Reset(environment, null, digest);
        }
        return digest.Finish();
    }

    private static void Reset(IEnvironment environment, int? seed, ValueDigest digest)
    {
        var (observation, info) = environment.Reset(seed);
        digest.Feed(observation, info);
    }

    private static bool Step(IEnvironment environment, Generator picker, ValueDigest digest)
    {
        var step = environment.Step(Draw(environment.ActionSpace, picker));
        digest.Feed(step.Observation, step.Reward, step.Terminated, step.Truncated, step.Info);
        return step.Terminated.IsTrue || step.Truncated.IsTrue;
    }

    private static Value Draw(Space space, Generator picker)
    {
        if (space is Discrete discrete)
            return picker.Integers((long)discrete.N);
        var bound = 1.5 * ((Box)space).High.AsSpan<float>()[0];
        return NDArray.Of<float>([(float)picker.Uniform(-bound, bound)]);
    }
}
