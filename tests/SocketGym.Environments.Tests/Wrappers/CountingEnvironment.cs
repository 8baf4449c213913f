using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Environments.Tests.Wrappers;

/// <summary>Observes how many steps it took since its reset, and notes every call.</summary>
internal sealed class CountingEnvironment : IEnvironment
{
    private int _steps;

    public List<string> Calls { get; } = [];

    public EnvironmentSpec? Spec { get; init; } = new("Counting-v0") { OrderEnforce = false };

    public Space ObservationSpace { get; } = new Discrete(1000);

    public Space ActionSpace { get; } = new Discrete(2);

    public ValueDictionary Metadata { get; } = new() { ["render_fps"] = 4 };

    public string? RenderMode => "ansi";

    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        Calls.Add($"reset({seed}, {(Value)options})");
        if (options is not null)
            throw new ArgumentException("no options", nameof(options));
        _steps = 0;
        return new(_steps, ValueDictionary.Empty);
    }

    public StepResult Step(Value action)
    {
        Calls.Add($"step({action})");
        return new(++_steps, 0.5, _steps == 4, Value.Scalar(false), ValueDictionary.Empty);
    }

    public Value Render()
    {
        Calls.Add("render()");
        return $"{_steps}";
    }

    public void Close() => Calls.Add("close()");

    public void Dispose() => Calls.Add("dispose()");
}
