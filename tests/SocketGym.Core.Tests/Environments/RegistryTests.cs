using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Tests.Environments;

public sealed class RegistryTests
{
    private static readonly EnvironmentRegistry Registry = new EnvironmentRegistry()
        .Add("Plain-v0", () => new Thermostat())
        .Add("Thermostat-v0", arguments => new Thermostat(arguments.RenderMode), maxEpisodeSteps: 3, rewardThreshold: -1.5, nondeterministic: true)
        .Add(
            "Configured-v0",
            arguments => new Thermostat($"{arguments.Text("mode", "ansi")}{arguments.Integer("number", 0)}{arguments.Number("size", 0.5)}{arguments.Flag("loud")}{arguments["other"]}"),
            kwargs: ["mode", "number", "size", "loud", "other"])
        .Add("Loose-v0", () => new Thermostat(), orderEnforce: false);

    [Fact]
    public void An_environment_is_wrapped_as_by_gym_make()
    {
        using var environment = Registry.Make("Thermostat-v0", new() { ["render_mode"] = "ansi" });
        var limit = Assert.IsType<TimeLimit>(environment);
        Assert.IsType<Thermostat>(Assert.IsType<OrderEnforcing>(limit.Inner).Inner);
        Assert.Equal(
            new EnvironmentSpec("Thermostat-v0")
            {
                EntryPoint = typeof(Thermostat).FullName,
                MaxEpisodeSteps = 3,
                RewardThreshold = -1.5,
                Nondeterministic = true,
                Kwargs = new() { ["render_mode"] = "ansi" },
            },
            environment.Spec);
        Assert.Equal("ansi", environment.RenderMode);
        environment.Reset(1);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => environment.Step(0).Truncated.AsBool()));
    }

    [Fact]
    public void The_arguments_of_gym_make_change_what_was_registered()
    {
        Assert.Equal(7, Assert.IsType<TimeLimit>(Registry.Make("Plain-v0", new() { ["max_episode_steps"] = 7 })).MaxEpisodeSteps);
        Assert.Equal(3, Assert.IsType<TimeLimit>(Registry.Make("Thermostat-v0", new() { ["max_episode_steps"] = Value.None })).MaxEpisodeSteps);
        Assert.IsType<OrderEnforcing>(Registry.Make("Thermostat-v0", new() { ["max_episode_steps"] = -1 }));
        Assert.True(Registry.Make("Plain-v0", new() { ["disable_env_checker"] = true }).Spec!.DisableEnvChecker);
        Assert.IsType<Thermostat>(Registry.Make("Loose-v0", []));
        Assert.Null(Registry.Make("Plain-v0", new() { ["render_mode"] = Value.None }).RenderMode);
    }

    public static TheoryData<string, string, Value, ErrorCode, string> Refusals => new()
    {
        { "Plain-v0", "gravity", 1, ErrorCode.InvalidArgument, "'gravity'" },
        { "Thermostat-v0", "gravity", 1, ErrorCode.InvalidArgument, "'gravity'" },
        { "Configured-v0", "gravity", 1, ErrorCode.InvalidArgument, "mode, number, size, loud, other" },
        { "Configured-v0", "number", 1.5, ErrorCode.InvalidArgument, "number is 1.5" },
        { "Configured-v0", "size", "big", ErrorCode.InvalidArgument, "size is 'big'" },
        { "Configured-v0", "mode", 1, ErrorCode.InvalidArgument, "mode is 1" },
        { "Configured-v0", "loud", 1, ErrorCode.InvalidArgument, "loud is 1" },
        { "Plain-v0", "max_episode_steps", 0, ErrorCode.InvalidArgument, "max_episode_steps is 0" },
        { "Plain-v0", "max_episode_steps", 1.5, ErrorCode.InvalidArgument, "max_episode_steps is 1.5" },
        { "Plain-v0", "disable_env_checker", 1, ErrorCode.InvalidArgument, "disable_env_checker is 1" },
        { "Plain-v0", "render_mode", "ansi", ErrorCode.UnsupportedRenderMode, "render_mode is 'ansi'" },
        { "Thermostat-v0", "render_mode", "human", ErrorCode.UnsupportedRenderMode, "render_mode is 'human'" },
        { "Thermostat-v0", "render_mode", 3, ErrorCode.UnsupportedRenderMode, "render_mode is 3" },
        { "Missing-v0", "render_mode", Value.None, ErrorCode.UnknownEnvironment, "Plain-v0" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Other_arguments_are_refused_by_name(string id, string name, Value value, ErrorCode code, string text)
    {
        var refusal = Assert.Throws<SocketGymException>(() => Registry.Make(id, new() { [name] = value }));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(text, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_reads_its_own_arguments_and_their_defaults()
    {
        // The render mode that none has spells them out.
        var defaults = Assert.Throws<SocketGymException>(() => Registry.Make("Configured-v0", []));
        Assert.Contains("'ansi00.5FalseNone'", defaults.Message, StringComparison.Ordinal);
        var given = Assert.Throws<SocketGymException>(() => Registry.Make(
            "Configured-v0", new() { ["mode"] = "x", ["number"] = 7, ["size"] = Value.Scalar(1.25f), ["loud"] = true, ["other"] = Value.List(1) }));
        Assert.Contains("'x71.25True[1]'", given.Message, StringComparison.Ordinal);
        Assert.True(Registry.CanMake("Configured-v0", new() { ["loud"] = true }));
        Assert.False(Registry.CanMake("Configured-v0", new() { ["gravity"] = 1 }));
    }

    [Fact]
    public void An_id_is_registered_once()
    {
        var registry = new EnvironmentRegistry().Add("Plain-v0", () => new Thermostat());
        Assert.Throws<ArgumentException>(() => registry.Add("Plain-v0", () => new Thermostat()));
        Assert.Throws<ArgumentException>(() => registry.Add("", () => new Thermostat()));
        Assert.Throws<ArgumentOutOfRangeException>(() => registry.Add("Other-v0", () => new Thermostat(), maxEpisodeSteps: 0));
    }
}
