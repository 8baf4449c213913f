using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace CSharpServer;

/// <summary>Keep a room near 20 degrees Celsius: action 0 leaves the heater off, action 1 turns it on.</summary>
internal sealed class Thermostat : IEnvironment
{
    private readonly NDArray _temperature = new(DType.Float32, 1);
    private Generator _random = Generator.FromSeed();

    public static EnvironmentSpec Declaration { get; } = new("Thermostat-v0");

    public EnvironmentSpec Spec => Declaration;

    public Space ObservationSpace { get; } = new Box(NDArray.Of([-20f]), NDArray.Of([60f]));

    public Space ActionSpace { get; } = new Discrete(2);

    public ValueDictionary Metadata { get; } = new() { ["render_modes"] = Value.List() };

    public string? RenderMode => null;

    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        if (seed is not null)
            _random = Generator.FromSeed(seed);
        _temperature.AsSpan<float>()[0] = (float)_random.Uniform(10, 30);
        return new ResetResult(_temperature, ValueDictionary.Empty);
    }

    public StepResult Step(Value action)
    {
        var heating = action.ToDouble() == 1 ? 0.5f : 0f;
        ref var temperature = ref _temperature.AsSpan<float>()[0];
        temperature += heating - 0.2f;
        return new StepResult(_temperature, -Math.Abs(temperature - 20.0), false, false, ValueDictionary.Empty);
    }

    public Value Render() => Value.None;

    public void Close()
    {
    }

    public void Dispose() => Close();
}
