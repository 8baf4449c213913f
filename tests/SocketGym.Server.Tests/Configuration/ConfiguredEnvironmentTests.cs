using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Environments;
using SocketGym.Hosting;
using SocketGym.Hosting.Configuration;
using SocketGym.Hosting.Environments;

namespace SocketGym.Server.Tests.Configuration;

/// <summary>Which environment an id means, and what of it a client may choose, without any Python.</summary>
public sealed class ConfiguredEnvironmentTests
{
    private const string NoInterpreter = "\"python\": {\"interpreter\": \"/no/such/python\"}";

    [Fact]
    public void A_configured_id_comes_before_a_native_one()
    {
        using var server = Serve("""{"environments": {"CartPole-v1": {"max_episode_steps": 5}}}""");
        using var configured = server.Catalog.Make("CartPole-v1", []);
        using var native = server.Catalog.Make("native:CartPole-v1", []);
        using var forced = server.Catalog.Make("configured:CartPole-v1", []);
        Assert.Equal(5, configured.Spec!.MaxEpisodeSteps);
        Assert.Equal(500, native.Spec!.MaxEpisodeSteps);
        Assert.Equal(5, forced.Spec!.MaxEpisodeSteps);
    }

    [Fact]
    public void An_environment_is_native_where_that_fits_and_else_Pythons()
    {
        using var server = Serve($$"""
            { {{NoInterpreter}},
              "environments": {
                "Fits-v0": {"make": "CartPole-v1"},
                "Forced-v0": {"make": "CartPole-v1", "host": "python"},
                "Wrapped-v0": {"make": "CartPole-v1", "wrappers": ["a:B"]},
                "Unknown-v0": {},
            } }
            """);
        var hosts = server.Catalog.List().ToDictionary(offer => offer.Id, offer => offer.Host);
        Assert.Equal("native", hosts["Fits-v0"]);
        Assert.Equal("python", hosts["Forced-v0"]);
        Assert.Equal("python", hosts["Wrapped-v0"]);
        Assert.Equal("python", hosts["Unknown-v0"]);
        Assert.Equal(ErrorCode.InterpreterUnavailable, Refusal(server.Catalog, "Forced-v0").Code);
    }

    [Fact]
    public void An_offer_names_its_interpreter()
    {
        using var server = Serve("""
            { "python": {"enabled": false}, "interpreters": {"old": {"command": "/no/such/python"}},
              "environments": {"A-v0": {"interpreter": "old"}, "CartPole-v1": {}} }
            """);
        Assert.Equal(
            [new("A-v0", "python", "old"), new("CartPole-v0", "native"), new EnvironmentOffer("CartPole-v1", "native")],
            server.Catalog.List().Where(offer => offer.Id == "A-v0" || offer.Id.StartsWith("CartPole", StringComparison.Ordinal)));
        Assert.StartsWith("old: ", Assert.Single(server.Catalog.Notes()), StringComparison.Ordinal);
        Assert.Contains("the interpreter 'old'", Refusal(server.Catalog, "A-v0").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_Python_what_needs_it_is_not_offered()
    {
        using var server = Serve("""{"environments": {"Fits-v0": {"make": "CartPole-v1"}, "Unknown-v0": {}}}""", python: false);
        Assert.Equal([.. NativeEnvironments.CreateRegistry().ListIds(), "Fits-v0"], server.Catalog.List().Select(offer => offer.Id).OrderBy(id => id == "Fits-v0"));
    }

    [Theory]
    [InlineData("{\n\"A-v0\": {\"host\": \"native\"}}", "test.json, line 2, at '$.environments.A-v0': there is no native 'A-v0'")]
    [InlineData("{\n\"CartPole-v1\": {\"host\": \"native\", \"kwargs\": {\"x\": 1}}}", "test.json, line 2, at '$.environments.CartPole-v1': the native 'CartPole-v1' does not take these kwargs")]
    public void What_has_to_be_native_and_is_not_is_refused_at_the_start(string environments, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => Serve($"{{\"environments\": {environments}}}")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_client_may_not_set_what_is_fixed_or_not_named()
    {
        using var server = Serve("""
            { "environments": {
                "Default-v0": {"make": "CartPole-v1", "kwargs": {"sutton_barto_reward": true}},
                "Fixed-v0": {"make": "CartPole-v1", "max_episode_steps": 5, "client_kwargs": []},
                "Named-v0": {"make": "CartPole-v1", "kwargs": {"sutton_barto_reward": true}, "client_kwargs": ["sutton_barto_reward"]},
                "Open-v0": {"make": "CartPole-v1", "client_kwargs": "*"},
            } }
            """, python: false);
        var reward = new ValueDictionary { ["sutton_barto_reward"] = false };
        var steps = new ValueDictionary { ["max_episode_steps"] = 9 };

        var fixedReward = Refusal(server.Catalog, "Default-v0", reward);
        Assert.Equal(ErrorCode.InvalidArgument, fixedReward.Code);
        Assert.Contains("sutton_barto_reward of 'Default-v0' is fixed to True", fixedReward.Message, StringComparison.Ordinal);
        Assert.Contains("a client may set: render_mode, max_episode_steps, disable_env_checker", fixedReward.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidArgument, Refusal(server.Catalog, "Fixed-v0", steps).Code);
        Assert.Equal(ErrorCode.UnsupportedRenderMode, Refusal(server.Catalog, "Fixed-v0", new() { ["render_mode"] = "rgb_array" }).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Refusal(server.Catalog, "Named-v0", steps).Code);

        Assert.Equal(9, StepsOf(server.Catalog, "Default-v0", steps));
        Assert.Equal(5, StepsOf(server.Catalog, "Fixed-v0", new() { ["max_episode_steps"] = 5 }));
        Assert.Equal(500, StepsOf(server.Catalog, "Named-v0", reward));
        Assert.Equal(9, StepsOf(server.Catalog, "Open-v0", steps));
    }

    [Fact]
    public void A_module_is_imported_only_where_it_is_allowed_and_a_refusal_says_how()
    {
        using var closed = Serve($$"""{ {{NoInterpreter}} }""");
        var module = Refusal(closed.Catalog, "ale_py:ALE/Pong-v5");
        Assert.Equal(ErrorCode.UnknownEnvironment, module.Code);
        Assert.Contains("\"allow\": { \"modules\": [\"ale_py\"] }", module.Message, StringComparison.Ordinal);
        Assert.Contains("--import ale_py", module.Message, StringComparison.Ordinal);
        var type = Assert.Throws<SocketGymException>(() => closed.Catalog.Make("gym_pusht/PushT-v0", [], "pusht"));
        Assert.Equal(ErrorCode.UnknownEnvironment, type.Code);
        Assert.Contains("\"allow\": { \"env_types\": [\"pusht\"] }", type.Message, StringComparison.Ordinal);

        // Allowed ones get as far as the interpreter, which is not there.
        using var open = Serve($$"""{ {{NoInterpreter}}, "allow": {"env_types": ["pusht"], "modules": ["ale_py"]} }""");
        Assert.Equal(ErrorCode.InterpreterUnavailable, Refusal(open.Catalog, "ale_py:ALE/Pong-v5").Code);
        Assert.Equal(ErrorCode.InterpreterUnavailable, Refusal(open.Catalog, "gym_pusht:gym_pusht/PushT-v0").Code);
        Assert.Equal(ErrorCode.InterpreterUnavailable, Assert.Throws<SocketGymException>(() => open.Catalog.Make("gym_pusht/PushT-v0", [], "pusht")).Code);
        Assert.Equal(ErrorCode.UnknownEnvironment, Refusal(open.Catalog, "pusht:gym_pusht/PushT-v0").Code);
        Assert.Equal(ErrorCode.UnknownEnvironment, Assert.Throws<SocketGymException>(() => open.Catalog.Make("A-v0", [], "aloha")).Code);
    }

    [Fact]
    public void A_configured_id_needs_no_import()
    {
        using var server = Serve("""{"environments": {"Short-v0": {"make": "CartPole-v1", "max_episode_steps": 5}}, "allow": {"env_types": ["pusht"]}}""", python: false);
        using var environment = server.Catalog.Make("Short-v0", [], "pusht");
        Assert.Equal(5, environment.Spec!.MaxEpisodeSteps);
    }

    [Fact]
    public void Each_listener_has_its_own_codecs()
    {
        using var server = Serve("""{"listen": ["tcp://127.0.0.1:0", {"address": "tcp://127.0.0.1:0", "pickle": false}], "pickle": true}""", python: false);
        server.Start();
        Assert.Equal([["msgpack", "pickle"], ["msgpack"]], server.Codecs);
        Assert.Equal(2, server.Addresses.Count);
    }

    private static SocketGymServer Serve(string json, bool python = true) =>
        SocketGymHost.CreateBuilder().AddBuiltInEnvironments().AddConfiguration(ServerConfiguration.Parse("test.json", json), python).Build();

    private static SocketGymException Refusal(EnvironmentCatalog catalog, string id, ValueDictionary? kwargs = null) =>
        Assert.Throws<SocketGymException>(() => catalog.Make(id, kwargs ?? []));

    private static int? StepsOf(EnvironmentCatalog catalog, string id, ValueDictionary kwargs)
    {
        using IEnvironment environment = catalog.Make(id, kwargs);
        return environment.Spec!.MaxEpisodeSteps;
    }
}
