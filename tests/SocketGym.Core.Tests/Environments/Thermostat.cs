using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

namespace SocketGym.Core.Tests.Environments;

/// <summary>An environment that uses all that there is to use: options, info, attributes, a method, both kinds of rendering, and its state.</summary>
public sealed class Thermostat : DiscreteActionEnvironment<float>
{
    private float _temperature;
    private double _target = 20;

    public Thermostat(string? renderMode = null)
        : base(new Box(-50, 100, [1]), new Discrete(2), renderMode, new Rendering(FramesPerSecond: 4) { Frame = (3, 2), Text = true })
    {
        PublishAttribute("target", () => _target, value => _target = value.ToDouble() is > 0 and var target ? target : throw new ArgumentException("a target is above 0"));
        PublishAttribute("temperature", () => _temperature);
        PublishMethod("distance_to", arguments => Math.Abs(_temperature - arguments.Single().ToDouble()));
    }

    protected override void Reset(Span<float> observation, ValueDictionary options)
    {
        _temperature = options.TryGetValue("start", out var start) ? (float)start.ToDouble() : (float)Random.Uniform(10, 30);
        observation[0] = _temperature;
        Info["target"] = _target;
    }

    protected override Outcome Step(int action, Span<float> observation)
    {
        _temperature += (action == 1 ? 0.3f : -0.2f) + (0.1f * (float)Random.Random());
        observation[0] = _temperature;
        return new Outcome(-Math.Abs(_temperature - _target), Terminated: _temperature > 40);
    }

    protected override void Render(Span<byte> frame) => frame[0] = 255;

    protected override string RenderText() => $"{_temperature:F1} C";

    protected override Value SaveState() => Value.Tuple(Value.Scalar(_temperature), _target);

    protected override void RestoreState(Value state) => (_temperature, _target) = (state.AsItems()[0].AsScalar<float>(), state.AsItems()[1].AsDouble());

    protected override GymEnvironment CreateAnother() => new Thermostat(RenderMode);
}
