using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Tests.Checking;

/// <summary>An environment that is right until a test replaces a part of it: it walks at random, and observes where it is.</summary>
public sealed class Scripted : IEnvironment
{
    private float _position;

    public Generator Random { get; private set; } = Generator.FromSeed();

    public Func<Space?> Observations { get; init; } = Once(new Box(-1, 1, [1]));

    public Func<Space?> Actions { get; init; } = Once(new Discrete(3));

    public Func<Scripted, float, Value> Observe { get; init; } = (_, position) => NDArray.Of([position]);

    public Func<Scripted, ValueDictionary?, ResetResult?> OnReset { get; init; } = (_, _) => null;

    public Func<StepResult, Value, StepResult> OnStep { get; init; } = (step, _) => step;

    public Func<Value> OnRender { get; init; } = () => Value.None;

    public Action OnClose { get; init; } = () => { };

    public EnvironmentSpec? Spec { get; init; }

    public Space ObservationSpace => Observations()!;

    public Space ActionSpace => Actions()!;

    public ValueDictionary Metadata { get; init; } = new() { ["render_modes"] = Value.List() };

    public string? RenderMode { get; init; }

    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        if (seed is not null)
            Random = Generator.FromSeed(seed);
        _position = (float)Random.Uniform(-0.5, 0.5);
        return OnReset(this, options) ?? new ResetResult(Observe(this, _position), ValueDictionary.Empty);
    }

    public StepResult Step(Value action)
    {
        _position = Math.Clamp(_position + (float)Random.Uniform(-0.1, 0.1), -1, 1);
        return OnStep(new StepResult(Observe(this, _position), (double)_position, false, false, ValueDictionary.Empty), action);
    }

    public Value Render() => OnRender();

    public void Close() => OnClose();

    public void Dispose()
    {
    }

    private static Func<Space?> Once(Space space) => () => space;
}
