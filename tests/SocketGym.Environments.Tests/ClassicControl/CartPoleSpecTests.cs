using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;
using SocketGym.Environments.ClassicControl;

namespace SocketGym.Environments.Tests.ClassicControl;

public sealed class CartPoleSpecTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    public static TheoryData<string, Value, ErrorCode> RefusedArguments => new()
    {
        { "render_mode", "human", ErrorCode.UnsupportedRenderMode },
        { "render_mode", "ansi", ErrorCode.UnsupportedRenderMode },
        { "render_mode", "ansi_list", ErrorCode.UnsupportedRenderMode },
        { "render_mode", 3, ErrorCode.UnsupportedRenderMode },
        { "max_episode_steps", 0, ErrorCode.InvalidArgument },
        { "max_episode_steps", -2, ErrorCode.InvalidArgument },
        { "max_episode_steps", 5.0, ErrorCode.InvalidArgument },
        { "max_episode_steps", Value.Scalar(5L), ErrorCode.InvalidArgument },
        { "max_episode_steps", 1L << 40, ErrorCode.InvalidArgument },
        { "disable_env_checker", 1, ErrorCode.InvalidArgument },
        { "sutton_barto_reward", 1, ErrorCode.InvalidArgument },
        { "sutton_barto_reward", Value.None, ErrorCode.InvalidArgument },
        { "gravity", 9.8, ErrorCode.InvalidArgument },
    };

    [Fact]
    public void Spec_spaces_and_metadata_are_those_that_gymnasium_make_gives()
    {
        foreach (var vector in Vectors.Read("environments/cartpole_specs.json"))
        {
            var kwargs = vector.Dictionary("kwargs")!;
            Assert.True(Registry.CanMake(vector.Text("id"), kwargs));
            using var environment = Registry.Make(vector.Text("id"), kwargs);
            Assert.Equal(ExpectedSpec(vector), environment.Spec);
            Assert.Equal(vector.GetProperty("render_mode").GetString(), environment.RenderMode);
            Assert.Equal(vector.Value("metadata"), environment.Metadata);
            var box = Assert.IsType<Box>(environment.ObservationSpace);
            Assert.Equal(vector.Value("low"), box.Low);
            Assert.Equal(vector.Value("high"), box.High);
            Assert.Equal(vector.Value("bounded_below"), NDArray.Of<bool>(box.BoundedBelow.AsSpan()));
            Assert.Equal(vector.Value("bounded_above"), NDArray.Of<bool>(box.BoundedAbove.AsSpan()));
            var actions = Assert.IsType<Discrete>(environment.ActionSpace);
            Assert.Equal((vector.Int("n"), 0, DType.Int64), ((int)actions.N, (int)actions.Start, actions.ElementType));
        }
    }

    [Theory]
    [MemberData(nameof(RefusedArguments))]
    public void Arguments_beyond_the_native_environment_are_refused_by_name(string name, Value value, ErrorCode code)
    {
        var kwargs = new ValueDictionary { [name] = value };
        Assert.False(Registry.CanMake("CartPole-v1", kwargs));
        var refusal = Assert.Throws<SocketGymException>(() => Registry.Make("CartPole-v1", kwargs));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        // An unknown name is answered with the known ones, a wrong value with that value.
        Assert.Contains(name == "gravity" ? "sutton_barto_reward" : value.ToString(), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_keyword_that_is_no_text_is_refused() =>
        Assert.False(Registry.CanMake("CartPole-v1", new ValueDictionary { { 1, 2 } }));

    [Fact]
    public void The_registry_holds_both_versions() => Assert.Equal(["CartPole-v0", "CartPole-v1"], Registry.ListIds().Where(id => id.StartsWith("CartPole", StringComparison.Ordinal)));

    [Fact]
    public void The_bare_environment_draws_for_no_one_who_wants_a_window()
    {
        var refusal = Assert.Throws<SocketGymException>(() => new CartPole(renderMode: "human"));
        Assert.Equal(ErrorCode.UnsupportedRenderMode, refusal.Code);
    }

    private static EnvironmentSpec ExpectedSpec(JsonElement vector)
    {
        var spec = vector.GetProperty("spec");
        var limit = spec.GetProperty("max_episode_steps");
        return new EnvironmentSpec(vector.Text("id"))
        {
            EntryPoint = typeof(CartPole).FullName,
            RewardThreshold = spec.GetProperty("reward_threshold").GetDouble(),
            Nondeterministic = spec.Flag("nondeterministic"),
            MaxEpisodeSteps = limit.ValueKind == JsonValueKind.Null ? null : limit.GetInt32(),
            OrderEnforce = spec.Flag("order_enforce"),
            DisableEnvChecker = spec.Flag("disable_env_checker"),
            Kwargs = spec.Dictionary("kwargs")!,
        };
    }
}
