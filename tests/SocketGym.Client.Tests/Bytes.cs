using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Client.Tests;

/// <summary>An environment whose observation is the action before it; the action "wait" waits.</summary>
internal sealed class Bytes : IEnvironment
{
    public static SemaphoreSlim Entered { get; } = new(0);

    public static ManualResetEventSlim Go { get; } = new();

    public EnvironmentSpec? Spec => null;

    public Space ObservationSpace { get; } = new Box(0, 255, [1], DType.UInt8);

    public Space ActionSpace { get; } = new Box(0, 255, [1], DType.UInt8);

    public ValueDictionary Metadata { get; } = [];

    public string? RenderMode => null;

    public ResetResult Reset(System.Numerics.BigInteger? seed = null, ValueDictionary? options = null) => new(NDArray.Of(new byte[1]), new ValueDictionary());

    public StepResult Step(Value action)
    {
        if (action.Kind == ValueKind.String && action.AsString() == "wait")
        {
            Entered.Release();
            Go.Wait();
        }
        return new StepResult(action.AsArray(), 0.0, false, false, new ValueDictionary());
    }

    public Value Render() => default;

    public void Close()
    {
    }

    public void Dispose()
    {
    }
}
