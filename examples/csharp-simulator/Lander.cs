using SocketGym.Core.Environments;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

/// <summary>Land on the Moon softly: action 0 falls, action 1 burns. Observed: height in m, velocity in m/s, upwards.</summary>
internal sealed class Lander()
    : DiscreteActionEnvironment<float>(new Box(NDArray.Of([0f, -100f]), NDArray.Of([1000f, 100f])), new Discrete(2))
{
    private const double Gravity = -1.62;
    private const double Thrust = 4.0;
    private const double StepSeconds = 0.1;

    private double _height;
    private double _velocity;

    protected override void Reset(Span<float> observation, ValueDictionary options)
    {
        _height = Random.Uniform(20, 40);
        _velocity = Random.Uniform(-2, 0);
        Observe(observation);
    }

    protected override Outcome Step(int action, Span<float> observation)
    {
        var burns = action == 1;
        _velocity += (Gravity + (burns ? Thrust : 0)) * StepSeconds;
        _height = Math.Max(0, _height + (_velocity * StepSeconds));
        Observe(observation);
        var landed = _height == 0;
        return new Outcome((burns ? -0.01 : 0) - (landed ? Math.Abs(_velocity) : 0), Terminated: landed);
    }

    private void Observe(Span<float> observation)
    {
        observation[0] = (float)_height;
        observation[1] = (float)_velocity;
    }
}
