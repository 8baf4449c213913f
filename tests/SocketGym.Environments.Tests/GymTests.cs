using SocketGym.Core.Checking;
using SocketGym.Core.Errors;
using SocketGym.Core.Wrappers;
using SocketGym.Environments.ClassicControl;

namespace SocketGym.Environments.Tests;

public sealed class GymTests
{
    [Fact]
    public void CartPole_is_made_without_a_server()
    {
        using var environment = Gym.Make("CartPole-v1");
        environment.Reset(seed: 42);
        var step = environment.Step(1);
        // What gymnasium.make("CartPole-v1") returns after reset(seed=42) and step(1).
        Assert.Equal([0.02727336250245571f, 0.18847766518592834f, 0.036254528909921646f, -0.26141977310180664f], step.Observation.AsArray().AsSpan<float>().ToArray());
        Assert.Equal(500, environment.Spec!.MaxEpisodeSteps);
    }

    [Fact]
    public void The_arguments_of_make_are_passed_on()
    {
        using var environment = Gym.Make("CartPole-v1", "rgb_array", 3, new() { ["sutton_barto_reward"] = true });
        Assert.Equal(3, Assert.IsType<TimeLimit>(environment).MaxEpisodeSteps);
        environment.Reset(1);
        Assert.Equal(0.0, environment.Step(0).Reward);
        Assert.Equal([400, 600, 3], environment.Render().AsArray().Shape.ToArray());
        Assert.Equal(ErrorCode.UnknownEnvironment, Assert.Throws<SocketGymException>(() => Gym.Make("CartPole-v9")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<SocketGymException>(() => Gym.Make("CartPole-v1", kwargs: new() { ["gravity"] = 1 })).Code);
    }

    [Fact]
    public void An_environment_of_one_s_own_is_registered()
    {
        Gym.Register("GymTests/Pole-v0", () => new CartPole(), maxEpisodeSteps: 2, rewardThreshold: 1.5);
        using var environment = Gym.Make("GymTests/Pole-v0");
        environment.Reset(1);
        environment.Step(0);
        Assert.True(environment.Step(0).Truncated.AsBool());
        Assert.Contains("GymTests/Pole-v0", Gym.Registry.ListIds());
        Assert.Throws<ArgumentException>(() => Gym.Register("CartPole-v1", () => new CartPole()));
    }

    [Fact]
    public void The_checker_finds_in_CartPole_what_check_env_finds_there()
    {
        // Gymnasium's check_env warns of its infinite bounds, too.
        var findings = EnvironmentChecker.Check(Gym.Registry, "CartPole-v1");
        Assert.Equal([(Severity.Warning, Rule.InfiniteBounds)], findings.Select(finding => (finding.Severity, finding.Rule)));
    }
}
