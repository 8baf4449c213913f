using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

/// <summary>Keep a room near 20 degrees Celsius: action 0 leaves the heater off, action 1 turns it on.</summary>
internal sealed class Thermostat() : DiscreteActionEnvironment<float>(new Box(-50, 100, [1]), new Discrete(2))
{
    private float _temperature;

    protected override void Reset(Span<float> observation, ValueDictionary options) =>
        observation[0] = _temperature = (float)Random.Uniform(10, 30);

    protected override Outcome Step(int action, Span<float> observation)
    {
        observation[0] = _temperature += action == 1 ? 0.3f : -0.2f;
        return -Math.Abs(_temperature - 20);
    }
}
