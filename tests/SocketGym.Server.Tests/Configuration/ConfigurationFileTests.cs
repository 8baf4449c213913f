using SocketGym.Core.Values;
using SocketGym.Hosting.Configuration;

namespace SocketGym.Server.Tests.Configuration;

/// <summary>What a configuration file may hold, and what is said about what it may not.</summary>
public sealed class ConfigurationFileTests
{
    [Fact]
    public void An_empty_object_is_the_default()
    {
        var configuration = Parse("{}");
        Assert.Empty(configuration.Listen);
        Assert.True(configuration.Pickle);
        Assert.True(configuration.Python.Enabled);
        Assert.Equal(60_000, configuration.Python.StepTimeoutMs);
        Assert.Equal(new LimitsConfiguration(), configuration.Limits);
        Assert.False(configuration.Allow.Allows("gym_pusht"));
    }

    [Fact]
    public void The_example_of_the_documentation_is_complete_and_loads()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var start = text.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        var configuration = Parse(text[start..text.IndexOf("```", start, StringComparison.Ordinal)]);

        Assert.Equal(["tcp://127.0.0.1:65432", "unix:/tmp/socketgym.sock"], configuration.Listen.Select(listener => listener.Address.ToString()));
        Assert.Equal([null, false], configuration.Listen.Select(listener => listener.Pickle));
        Assert.Equal(["old", "pusht"], configuration.Interpreters.Keys);
        Assert.Equal("conda|run|--no-capture-output|-n|old|python", string.Join('|', configuration.Interpreters["old"].Command));
        Assert.Null(configuration.Interpreters["old"].EnvironmentVariables["DISPLAY"]);
        Assert.Equal(120_000, configuration.Interpreters["old"].ProbeTimeoutMs);
        Assert.Equal("pusht", configuration.Environments["gym_pusht/PushT-v0"].Interpreter);
        Assert.Equal(EnvironmentHost.Python, configuration.Environments["gym_pusht/PushT-v0"].Host);
        Assert.Equal(300, configuration.Environments["gym_pusht/PushT-v0"].Kwargs["max_episode_steps"]);
        Assert.Equal("CartPole-v1", configuration.Environments["ShortCartPole-v0"].MadeId);
        Assert.Equal(EnvironmentHost.WhatFits, configuration.Environments["ShortCartPole-v0"].Host);
        var pendulum = configuration.Environments["lab/Pendulum-v0"];
        Assert.Equal(["gymnasium.wrappers:NormalizeObservation", "gymnasium.wrappers:RescaleAction"], pendulum.Wrappers.Select(wrapper => wrapper.EntryPoint));
        Assert.Equal(-1.0, pendulum.Wrappers[1].Kwargs["min_action"]);
        Assert.True(pendulum.ClientKwargs.Everything);
        Assert.True(configuration.Allow.Allows("gym_pusht"));
        Assert.True(configuration.Allow.Allows("ale_py"));
    }

    [Fact]
    public void Values_become_what_Python_would_make_of_them()
    {
        var kwargs = Parse("""{"environments": {"A-v0": {"kwargs": {"a": 1, "b": 1.0, "c": 1e2, "d": null, "e": [true, "x"], "f": {"g": 36893488147419103232}}}}}""").Environments["A-v0"].Kwargs;
        Assert.Equal(Value.FromInt(1), kwargs["a"]);
        Assert.Equal(Value.FromFloat(1), kwargs["b"]);
        Assert.Equal(Value.FromFloat(100), kwargs["c"]);
        Assert.Equal(Value.None, kwargs["d"]);
        Assert.Equal(Value.List(true, "x"), kwargs["e"]);
        Assert.Equal(System.Numerics.BigInteger.Pow(2, 65), kwargs["f"].AsDict()["g"].AsBigInteger());
    }

    [Fact]
    public void Defaults_hold_where_an_environment_does_not_say_otherwise()
    {
        var environments = Parse("""
            {
              "interpreters": {"one": {"command": "python3"}, "two": {"command": "python3"}},
              "defaults": {"interpreter": "one", "client_kwargs": [], "max_episode_steps": 7, "limits": {"make_timeout_ms": 1, "step_timeout_ms": 2}},
              "environments": {
                "A-v0": {},
                "B-v0": {"interpreter": "two", "client_kwargs": "*", "max_episode_steps": 8, "limits": {"step_timeout_ms": 3}},
                "C-v0": {"kwargs": {"max_episode_steps": null}},
              },
            }
            """).Environments;
        Assert.Equal("one", environments["A-v0"].Interpreter);
        Assert.Equal(EnvironmentHost.WhatFits, environments["A-v0"].Host);
        Assert.Equal(7, environments["A-v0"].Kwargs["max_episode_steps"]);
        Assert.Empty(environments["A-v0"].ClientKwargs.Names);
        Assert.Equal("two", environments["B-v0"].Interpreter);
        Assert.Equal(8, environments["B-v0"].Kwargs["max_episode_steps"]);
        Assert.Equal((1, 3), (environments["B-v0"].Limits.MakeTimeoutMs, environments["B-v0"].Limits.StepTimeoutMs));
        Assert.True(environments["C-v0"].Kwargs["max_episode_steps"].IsNone);
    }

    [Theory]
    [InlineData("{\n  \"listen\": [],\n  \"picle\": false\n}", "line 3, at '$.picle'", "did you mean 'pickle'?")]
    [InlineData("{\n  // a comment\n  \"pickle\": \"off\"\n}", "line 3, at '$.pickle'", "this is \"off\"; it must be true or false")]
    [InlineData("{\"pickle\": true,\n\"pickle\": false}", "line 2, at '$.pickle'", "twice")]
    [InlineData("{\n\n\"listen\" [1]}", "line 3", "this is no JSON")]
    [InlineData("{}\n{}", "line 2", "this is no JSON")]
    [InlineData("", "line 1", "this is no JSON")]
    [InlineData("[]", "line 1, at '$'", "it must be an object")]
    [InlineData("{\"listen\": \"tcp://127.0.0.1:1\"}", "line 1, at '$.listen'", "it must be a list")]
    [InlineData("{\"listen\": [\n\"tcp://127.0.0.1:1\",\n\"tcp://127.0.0.1:x\"]}", "line 3, at '$.listen[1]'", "the port is no number")]
    [InlineData("{\"listen\": [{\"address\": 5}]}", "line 1, at '$.listen[0].address'", "this is 5; it must be a text")]
    [InlineData("{\"listen\": [{\n\"pickle\": true}]}", "line 1, at '$.listen[0]'", "'address' is missing")]
    [InlineData("{\"python\": null}", "line 1, at '$.python'", "this is null; it must be an object")]
    [InlineData("{\"python\": {\"imports\": [\"os; rm\"]}}", "line 1, at '$.python.imports[0]'", "a module's name")]
    [InlineData("{\"limits\": {\"max_connections\": 0}}", "line 1, at '$.limits.max_connections'", "this is 0; it must be an integer from 1")]
    [InlineData("{\"limits\": {\"max_connections\": 1.5}}", "line 1, at '$.limits.max_connections'", "this is 1.5")]
    [InlineData("{\"interpreters\": {\"old\": {}}}", "line 1, at '$.interpreters.old'", "'command' is missing")]
    [InlineData("{\"interpreters\": {\"old\": {\"command\": []}}}", "line 1, at '$.interpreters.old.command'", "the command is empty")]
    [InlineData("{\"interpreters\": {\"old\": {\"command\": \"python3\",\n\"environment\": {\"A\": 1}}}}", "line 2, at '$.interpreters.old.environment.A'", "must be a text, or null")]
    [InlineData("{\"interpreters\": {\"old\": {\"command\": \"python3\", \"inports\": []}}}", "at '$.interpreters.old.inports'", "did you mean 'imports'?")]
    [InlineData("{\"environments\": {\"ns/A-v0\": {\n\"interpreter\": \"new\"}}}", "line 2, at '$.environments['ns/A-v0'].interpreter'", "describe it under 'interpreters'")]
    [InlineData("{\"environments\": {\"A-v0\": {\n\"interpreter\": \"new\"}}, \"interpreters\": {\"old\": {\"command\": \"python3\"}}}", "line 2, at '$.environments.A-v0.interpreter'", "there is no interpreter 'new'; 'interpreters' has: old")]
    [InlineData("{\"defaults\": {\"interpreter\": \"new\"}}", "at '$.defaults.interpreter'", "there is no interpreter 'new'")]
    [InlineData("{\"environments\": {\"A-v0\": {\"host\": \"remote\"}}}", "at '$.environments.A-v0.host'", "must be \"python\", \"native\" or \"embedded\"")]
    [InlineData("{\"environments\": {\"A-v0\": {\"host\": \"embedded\", \"limits\": {}}}}", "at '$.environments.A-v0.limits'", "can be ended")]
    [InlineData("{\"python\": {\"enabled\": false, \"embedded\": true}}", "at '$.python.embedded'", "needs \"enabled\"")]
    [InlineData("{\"environments\": {\"A-v0\": {\"host\": \"native\",\n\"wrappers\": []}}}", "line 2, at '$.environments.A-v0.wrappers'", "the host is \"native\"")]
    [InlineData("{\"environments\": {\"A-v0\": {\"host\": \"native\",\n\"limits\": {}}}}", "line 2, at '$.environments.A-v0.limits'", "the host is \"native\"")]
    [InlineData("{\"environments\": {\"A-v0\": {\"kwargs\": []}}}", "at '$.environments.A-v0.kwargs'", "this is a list; it must be an object")]
    [InlineData("{\"environments\": {\"A-v0\": {\"kwargs\": {\n\"render_mode\": 3}}}}", "line 2, at '$.environments.A-v0.kwargs.render_mode'", "this is 3; it must be a text")]
    [InlineData("{\"environments\": {\"A-v0\": {\"kwargs\": {\"render_mode\": \"human\"}}}}", "at '$.environments.A-v0.kwargs.render_mode'", "a window on the server")]
    [InlineData("{\"environments\": {\"A-v0\": {\"kwargs\": {\"max_episode_steps\": -2}}}}", "at '$.environments.A-v0.kwargs.max_episode_steps'", "this is -2")]
    [InlineData("{\"environments\": {\"A-v0\": {\"kwargs\": {\"disable_env_checker\": 0}}}}", "at '$.environments.A-v0.kwargs.disable_env_checker'", "true or false")]
    [InlineData("{\"environments\": {\"A-v0\": {\"kwargs\": {\"id\": \"B\"}}}}", "at '$.environments.A-v0.kwargs.id'", "use 'make'")]
    [InlineData("{\"environments\": {\"A-v0\": {\"kwargs\": {\"max_episode_steps\": 2}, \"max_episode_steps\": 3}}}", "at '$.environments.A-v0.max_episode_steps'", "leave one out")]
    [InlineData("{\"environments\": {\"A-v0\": {\"make\": \"B-v0\", \"entry_point\": \"b:B\"}}}", "at '$.environments.A-v0.entry_point'", "either 'make' or 'entry_point'")]
    [InlineData("{\"environments\": {\"A-v0\": {\"entry_point\": \"b.B\"}}}", "at '$.environments.A-v0.entry_point'", "\"module:name\"")]
    [InlineData("{\"environments\": {\"A-v0\": {\"make\": \"b:B-v0\"}}}", "at '$.environments.A-v0.make'", "put \"b\" into 'imports'")]
    [InlineData("{\"environments\": {\"native:A-v0\": {}}}", "at '$.environments['native:A-v0']'", "has a module in front")]
    [InlineData("{\"environments\": {\"a b\": {}}}", "at '$.environments['a b']'", "is no id")]
    [InlineData("{\"environments\": {\"A-v0\": {\"client_kwargs\": \"size\"}}}", "at '$.environments.A-v0.client_kwargs'", "a list of names, or \"*\"")]
    [InlineData("{\"environments\": {\"A-v0\": {\"wrappers\": [{\"kwargs\": {}}]}}}", "at '$.environments.A-v0.wrappers[0]'", "'entry_point' is missing")]
    [InlineData("{\"environments\": {\"A-v0\": {\"limits\": {\"step_ms\": 1}}}}", "at '$.environments.A-v0.limits.step_ms'", "there is no member 'step_ms'")]
    [InlineData("{\"allow\": {\"env_types\": [\"gym-pusht\"]}}", "at '$.allow.env_types[0]'", "a module's name")]
    public void What_is_wrong_is_said_with_file_line_and_path(string json, string place, string problem)
    {
        var message = Assert.Throws<FormatException>(() => Parse(json)).Message;
        Assert.StartsWith("test.json, line ", message, StringComparison.Ordinal);
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    private static ServerConfiguration Parse(string json) => ServerConfiguration.Parse("test.json", json);
}
