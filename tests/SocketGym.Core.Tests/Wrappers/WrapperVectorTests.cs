using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Tests.Spaces;
using SocketGym.Core.Values;
using SocketGym.Core.Wrappers;

namespace SocketGym.Core.Tests.Wrappers;

/// <summary>Every wrapper, compared with what Gymnasium's made of the same calls and the same results.</summary>
public sealed class WrapperVectorTests
{
    [Fact]
    public void Every_call_reaches_the_environment_and_returns_as_in_Gymnasium()
    {
        var compared = new HashSet<string>();
        var number = 0;
        foreach (var session in Vectors.Read("wrappers/wrappers.json"))
        {
            var spaces = session.GetProperty("inner_spaces");
            var inner = new PlayedEnvironment(SpaceVectors.ReadSpace(spaces[0]), SpaceVectors.ReadSpace(spaces[1]));
            var wrapper = Make(session.Text("wrapper"), SpaceVectors.ReadValue(session.GetProperty("arguments")).AsDict(), inner);
            Assert.Equal(SpaceVectors.ReadSpace(session.GetProperty("spaces")[0]), wrapper.ObservationSpace);
            Assert.Equal(SpaceVectors.ReadSpace(session.GetProperty("spaces")[1]), wrapper.ActionSpace);
            var index = 0;
            foreach (var call in session.GetProperty("calls").EnumerateArray())
                Compare(wrapper, inner, call, $"session {number} ({session.Text("wrapper")}), call {index++}");
            compared.Add(session.Text("wrapper"));
            number++;
        }
        Assert.Equal(
            ["Autoreset", "ClipAction", "ClipReward", "FrameStackObservation", "RecordEpisodeStatistics", "RescaleAction", "RescaleObservation", "TimeLimit"],
            compared.Order());
    }

    private static void Compare(EnvironmentWrapper wrapper, PlayedEnvironment inner, JsonElement call, string place)
    {
        inner.Expect(call.GetProperty("inner"));
        Value[] expected = [.. call.GetProperty("result").EnumerateArray().Select(SpaceVectors.ReadValue)];
        Value[] actual;
        if (call.Text("call") == "reset")
        {
            var start = wrapper.Reset(3);
            actual = [start.Observation, start.Info];
        }
        else
        {
            var step = wrapper.Step(SpaceVectors.ReadValue(call.GetProperty("action")));
            actual = [step.Observation, step.Reward, step.Terminated, step.Truncated, step.Info];
        }
        Assert.True(inner.Remaining == 0, $"{place}: {inner.Remaining} calls did not reach the environment");
        for (var index = 0; index < expected.Length; index++)
            Assert.True(expected[index] == actual[index], $"{place}: value {index} is {actual[index]} in place of {expected[index]}");
    }

    private static EnvironmentWrapper Make(string name, ValueDictionary arguments, IEnvironment inner)
    {
        return name switch
        {
            "ClipAction" => new ClipAction(inner),
            "RescaleAction" => new RescaleAction(inner, arguments["min_action"].AsDouble(), arguments["max_action"].AsDouble()),
            "RescaleObservation" => new RescaleObservation(inner, arguments["min_obs"].AsDouble(), arguments["max_obs"].AsDouble()),
            "ClipReward" => new ClipReward(inner, Bound("min_reward"), Bound("max_reward")),
            "RecordEpisodeStatistics" when arguments.Count > 0 =>
                new RecordEpisodeStatistics(inner, (int)arguments["buffer_length"].AsInt64(), arguments["stats_key"].AsString(), new LookClock()),
            "RecordEpisodeStatistics" => new RecordEpisodeStatistics(inner, clock: new LookClock()),
            "Autoreset" => new Autoreset(inner),
            "TimeLimit" => new TimeLimit(inner, (int)arguments["max_episode_steps"].AsInt64()),
            "FrameStackObservation" => new FrameStackObservation(inner, (int)arguments["stack_size"].AsInt64()),
            _ => throw new InvalidDataException($"The vectors have a wrapper '{name}' that is not known here."),
        };

        double? Bound(string key) => arguments.TryGetValue(key, out var bound) ? bound.AsDouble() : null;
    }

    /// <summary>The clock of tests/vectors/generate/wrappers.py: the n-th look finds n * n / 64 seconds.</summary>
    private sealed class LookClock : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 64;

        public override long GetTimestamp() => ++_looks * _looks;
    }
}
