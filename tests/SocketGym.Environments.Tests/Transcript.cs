using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Tests;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests;

/// <summary>Calls and their results, as tests/vectors/generate/native_environments.py keeps them.</summary>
internal static class Transcript
{
    /// <summary>Makes one call and compares what it gives.</summary>
    public static void Replay(IEnvironment environment, JsonElement call, string place)
    {
        var kind = call.Text("call");
        if (call.TryGetProperty("error", out var error))
        {
            var refusal = Record.Exception(() => Make(environment, kind, call));
            Assert.True(refusal is SocketGymException, $"{place}: {call} gave {refusal} in place of a {error}");
            var pythonType = ((SocketGymException)refusal).RemoteType;
            Assert.True(pythonType == error.GetString(), $"{place}: {call} raised {pythonType} ({refusal.Message}) in place of {error}");
            return;
        }
        Check(call.GetProperty("result"), Make(environment, kind, call), $"{place}: {kind}");
    }

    /// <summary>Compares values with described ones.</summary>
    public static void Check(JsonElement expected, Value[] actual, string place)
    {
        Assert.True(expected.GetArrayLength() == actual.Length, $"{place}: {actual.Length} values in place of {expected.GetArrayLength()}");
        for (var index = 0; index < actual.Length; index++)
        {
            var value = DescribedValue.Read(expected[index]);
            Assert.True(value == actual[index], $"{place}: value {index} is {actual[index]} in place of {value}");
        }
    }

    /// <summary>The parts of a step's result.</summary>
    public static Value[] Parts(StepResult step) => [step.Observation, step.Reward, step.Terminated, step.Truncated, step.Info];

    private static Value[] Make(IEnvironment environment, string kind, JsonElement call)
    {
        var attributes = EnvironmentAttributes.Of(environment);
        switch (kind)
        {
            case "reset":
                var seed = call.GetProperty("seed").GetString();
                var reset = environment.Reset(seed is null ? null : BigInteger.Parse(seed, CultureInfo.InvariantCulture), call.Dictionary("options"));
                return [reset.Observation, reset.Info];
            case "step":
                return Parts(environment.Step(call.Value("action")));
            case "get":
                return [attributes.GetAttribute(call.Text("name"))];
            case "set":
                return [attributes.SetAttribute(call.Text("name"), call.Value("value"))];
            case "ask":
                return [attributes.Call(call.Text("name"), call.Value("args").AsItems().ToArray())];
            default:
                return [Shorten(environment.Render())];
        }
    }

    private static Value Shorten(Value rendered) => rendered.Kind switch
    {
        ValueKind.Array => $"({string.Join(", ", rendered.AsArray().Shape.ToArray())}) {Convert.ToHexStringLower(SHA256.HashData(rendered.AsArray().Bytes))}",
        ValueKind.List => Value.List(Array.ConvertAll(rendered.AsItems().ToArray(), Shorten)),
        _ => rendered,
    };
}
