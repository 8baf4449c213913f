using System.Numerics;
using System.Text.Json;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Tests.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Tests.Wrappers;

/// <summary>Expects the calls that Gymnasium's environment got, and returns what it returned.</summary>
internal sealed class PlayedEnvironment(Space observations, Space actions) : IEnvironment
{
    private readonly Queue<JsonElement> _calls = new();

    public int Remaining => _calls.Count;

    public EnvironmentSpec? Spec => null;

    public Space ObservationSpace { get; } = observations;

    public Space ActionSpace { get; } = actions;

    public ValueDictionary Metadata { get; } = [];

    public string? RenderMode => null;

    public void Expect(JsonElement calls)
    {
        foreach (var call in calls.EnumerateArray())
            _calls.Enqueue(call);
    }

    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        var result = Next("reset", out _);
        return new(result[0], result[1]);
    }

    public StepResult Step(Value action)
    {
        var result = Next("step", out var call);
        Assert.Equal(SpaceVectors.ReadValue(call.GetProperty("action")), action);
        return new(result[0], result[1], result[2], result[3], result[4]);
    }

    public Value Render() => Value.None;

    public void Close()
    {
    }

    public void Dispose()
    {
    }

    private Value[] Next(string kind, out JsonElement call)
    {
        Assert.True(_calls.TryDequeue(out call), $"{kind} was not expected.");
        Assert.Equal(kind, call.Text("call"));
        return [.. call.GetProperty("result").EnumerateArray().Select(SpaceVectors.ReadValue)];
    }
}
