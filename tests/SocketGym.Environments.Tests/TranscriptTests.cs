using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

public sealed class TranscriptTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    [Fact]
    public void Every_call_gives_what_Gymnasium_gave()
    {
        var number = 0;
        foreach (var session in Vectors.Read("environments/native_*sessions.json"))
        {
            using var environment = Registry.Make(session.Text("id"), session.Dictionary("kwargs")!);
            var index = 0;
            foreach (var call in session.GetProperty("calls").EnumerateArray())
                Transcript.Replay(environment, call, $"session {number} of {session.Text("id")}, call {index++}");
            number++;
        }
    }

    [Fact]
    public void Every_action_is_taken_or_refused_as_by_Gymnasium()
    {
        foreach (var vector in Vectors.Read("environments/native_actions.json"))
        {
            var action = vector.Value("action");
            foreach (var outcome in vector.GetProperty("outcomes").EnumerateObject())
            {
                using var environment = Registry.Make(outcome.Name, []);
                environment.Reset(0);
                Check(environment, action, outcome.Value, $"{outcome.Name} with {action} ({ValueText.TypeName(action)}, {vector.GetProperty("action")})");
            }
        }
    }

    [Fact]
    public void Spec_spaces_and_metadata_are_those_that_gymnasium_make_gives()
    {
        foreach (var vector in Vectors.Read("environments/native_specs.json"))
        {
            var kwargs = vector.Dictionary("kwargs")!;
            var place = $"{vector.Text("id")} {Value.Dict(kwargs)}";
            Assert.True(Registry.CanMake(vector.Text("id"), kwargs), place);
            using var environment = Registry.Make(vector.Text("id"), kwargs);
            Assert.Equal(ExpectedSpec(vector, environment.Spec!.EntryPoint!), environment.Spec);
            Assert.Equal(vector.GetProperty("render_mode").GetString(), environment.RenderMode);
            Assert.Equal(vector.Value("metadata"), environment.Metadata);
            Assert.Equal(vector.Text("observation_space"), environment.ObservationSpace.ToString());
            Assert.Equal(vector.Text("action_space"), environment.ActionSpace.ToString());
        }
    }

    private static void Check(IEnvironment environment, Value action, JsonElement outcome, string place)
    {
        if (outcome.ValueKind == JsonValueKind.Array)
        {
            Transcript.Check(outcome, Transcript.Parts(environment.Step(action)), place);
            return;
        }
        var refusal = Record.Exception(() => environment.Step(action)) as SocketGymException;
        Assert.True(refusal is { Code: ErrorCode.InvalidAction }, $"{place}: {refusal}");
        if (outcome.GetString() == "python")
        {
            Assert.True(refusal.RemoteType is null && refusal.Message.Contains("'python:'", StringComparison.Ordinal), $"{place}: {refusal}");
            return;
        }
        Assert.True(refusal.RemoteType == outcome.GetString(), $"{place}: {refusal.RemoteType} in place of {outcome}");
    }

    private static EnvironmentSpec ExpectedSpec(JsonElement vector, string entryPoint)
    {
        var spec = vector.GetProperty("spec");
        var (limit, threshold) = (spec.GetProperty("max_episode_steps"), spec.GetProperty("reward_threshold"));
        return new EnvironmentSpec(vector.Text("id"))
        {
            EntryPoint = entryPoint,
            RewardThreshold = threshold.ValueKind == JsonValueKind.Null ? null : threshold.GetDouble(),
            Nondeterministic = spec.Flag("nondeterministic"),
            MaxEpisodeSteps = limit.ValueKind == JsonValueKind.Null ? null : limit.GetInt32(),
            OrderEnforce = spec.Flag("order_enforce"),
            DisableEnvChecker = spec.Flag("disable_env_checker"),
            Kwargs = spec.Dictionary("kwargs")!,
        };
    }
}
