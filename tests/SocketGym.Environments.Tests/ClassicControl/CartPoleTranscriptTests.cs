using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests.ClassicControl;

public sealed class CartPoleTranscriptTests
{
    private static readonly EnvironmentRegistry Registry = NativeEnvironments.CreateRegistry();

    [Fact]
    public void Every_call_gives_what_Gymnasium_gave()
    {
        var number = 0;
        foreach (var session in Vectors.Read("environments/cartpole_transcripts.json"))
        {
            using var environment = Registry.Make(session.Text("id"), session.Dictionary("kwargs")!);
            var index = 0;
            foreach (var call in session.GetProperty("calls").EnumerateArray())
                Replay(environment, call, $"session {number}, call {index++}");
            number++;
        }
    }

    [Fact]
    public void Every_action_is_taken_or_refused_as_by_Gymnasium()
    {
        using var environment = Registry.Make("CartPole-v1", []);
        foreach (var vector in Vectors.Read("environments/cartpole_actions.json"))
        {
            var action = vector.Value("action");
            environment.Reset(0);
            if (vector.TryGetProperty("error", out var error))
            {
                var refusal = Assert.Throws<SocketGymException>(() => environment.Step(action));
                Assert.Equal((ErrorCode.InvalidAction, error.GetString()), (refusal.Code, refusal.RemoteType));
                Assert.Contains(ValueText.Brief(action), refusal.Message, StringComparison.Ordinal);
                Assert.Contains("Discrete(2)", refusal.Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(vector.Value("observation"), environment.Step(action).Observation);
            }
        }
    }

    [Fact]
    public void Every_reset_option_is_taken_or_refused_as_by_Gymnasium()
    {
        using var environment = Registry.Make("CartPole-v1", []);
        foreach (var call in Vectors.Read("environments/cartpole_options.json"))
            Replay(environment, call, call.GetProperty("options").ToString());
    }

    [Fact]
    public void Whole_episodes_of_many_seeds_have_the_bytes_of_Gymnasium()
    {
        foreach (var vector in Vectors.Read("environments/cartpole_digests.json"))
        {
            using var environment = Registry.Make("CartPole-v1", []);
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var steps = 0;
            for (var episode = 0; episode < vector.Int("episodes"); episode++)
                steps += PlayEpisode(environment, vector.Int("first_seed") + episode, vector.Flag("clumsy"), digest);
            Assert.Equal(vector.Int("steps"), steps);
            Assert.Equal(vector.Text("sha256"), Convert.ToHexStringLower(digest.GetHashAndReset()));
        }
    }

    // The policies of tests/vectors/generate/environments.py.
    private static int PlayEpisode(IEnvironment environment, int seed, bool clumsy, IncrementalHash digest)
    {
        var observation = environment.Reset(seed).Observation.AsArray();
        Span<byte> outcome = stackalloc byte[10];
        for (var index = 0; ; index++)
        {
            var numbers = observation.AsSpan<float>();
            var lean = numbers[2] + numbers[3] > 0 ? 1 : 0;
            var step = environment.Step(clumsy && index % 7 == 6 ? 1 - lean : lean);
            observation = step.Observation.AsArray();
            digest.AppendData(observation.Bytes);
            MemoryMarshal.Write(outcome, step.Reward.AsDouble());
            outcome[8] = step.Terminated.AsBool() ? (byte)1 : (byte)0;
            outcome[9] = step.Truncated.AsBool() ? (byte)1 : (byte)0;
            digest.AppendData(outcome);
            if (step.Terminated.AsBool() || step.Truncated.AsBool())
                return index + 1;
        }
    }

    private static void Replay(IEnvironment environment, JsonElement call, string place)
    {
        var kind = call.Text("call");
        if (call.TryGetProperty("error", out var error))
        {
            var refusal = Record.Exception(() => Make(environment, kind, call));
            Assert.True(refusal is SocketGymException, $"{place}: {kind} gave {refusal} in place of a {error}");
            var (code, pythonType) = (((SocketGymException)refusal).Code, ((SocketGymException)refusal).RemoteType);
            Assert.True(pythonType == error.GetString(), $"{place}: {kind} raised {pythonType} in place of {error}");
            Assert.True(code.ToString() == call.Text("code"), $"{place}: {kind} answered {code}");
            return;
        }
        var expected = kind switch
        {
            "reset" => new[] { call.Value("observation"), ValueDictionary.Empty },
            "step" => [.. call.GetProperty("result").EnumerateArray().Select(DescribedValue.Read)],
            "steps" => PackedResults(call),
            _ => [call.GetProperty("sha256").GetString()],
        };
        var actual = Make(environment, kind, call);
        Assert.True(expected.Length == actual.Length, $"{place}: {actual.Length} values in place of {expected.Length}");
        for (var index = 0; index < expected.Length; index++)
            Assert.True(expected[index] == actual[index], $"{place}: {kind}'s value {index} is {actual[index]} in place of {expected[index]}");
    }

    private static Value[] Make(IEnvironment environment, string kind, JsonElement call)
    {
        switch (kind)
        {
            case "reset":
                var seed = call.GetProperty("seed").GetString();
                var reset = environment.Reset(
                    seed is null ? null : BigInteger.Parse(seed, CultureInfo.InvariantCulture), call.Dictionary("options"));
                return [reset.Observation, reset.Info];
            case "step":
                return Parts(environment.Step(call.Value("action")));
            case "steps":
                return [.. call.Text("actions").SelectMany(action => Parts(environment.Step(action - '0')))];
            default:
                var frame = environment.Render();
                return [frame.IsNone ? Value.None : Convert.ToHexStringLower(SHA256.HashData(frame.AsArray().Bytes))];
        }
    }

    // Copied, since the environment writes the next observation into the same memory.
    private static Value[] Parts(StepResult step) =>
        [step.Observation.AsArray().Copy(), step.Reward, step.Terminated, step.Truncated, step.Info];

    private static Value[] PackedResults(JsonElement call)
    {
        var observations = call.Bytes("observations");
        var rewards = call.Bytes("rewards");
        return
        [
            .. Enumerable.Range(0, call.Text("actions").Length).SelectMany(index => new Value[]
            {
                new NDArray(DType.Float32, [4], observations.AsMemory(index * 16, 16)),
                MemoryMarshal.Read<double>(rewards.AsSpan(index * 8)),
                call.Text("terminated")[index] == '1',
                call.Text("truncated")[index] == '1',
                ValueDictionary.Empty,
            }),
        ];
    }
}
