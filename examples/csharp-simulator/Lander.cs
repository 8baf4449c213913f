using System.Numerics;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Seeding;
using SocketGym.Core.Spaces;
using SocketGym.Core.Values;

/// <summary>Land on the Moon softly: action 0 falls, action 1 burns. Observed: height in m, velocity in m/s, upwards.</summary>
internal sealed class Lander : IEnvironment
{
    private const double Gravity = -1.62;
    private const double Thrust = 4.0;
    private const double StepSeconds = 0.1;

    private readonly NDArray _observation = new(DType.Float32, 2);
    private Generator _random = Generator.FromSeed();
    private double _height;
    private double _velocity;

    public static EnvironmentSpec Declaration { get; } = new("Lander-v0") { MaxEpisodeSteps = 400 };

    public EnvironmentSpec Spec => Declaration;

    public Space ObservationSpace { get; } = new Box(NDArray.Of([0f, -100f]), NDArray.Of([1000f, 100f]));

    public Space ActionSpace { get; } = new Discrete(2);

    public ValueDictionary Metadata { get; } = new() { ["render_modes"] = Value.List() };

    public string? RenderMode => null;

    public ResetResult Reset(BigInteger? seed = null, ValueDictionary? options = null)
    {
        if (seed is not null)
            _random = Generator.FromSeed(seed);
        _height = _random.Uniform(20, 40);
        _velocity = _random.Uniform(-2, 0);
        return new ResetResult(Observe(), ValueDictionary.Empty);
    }

    public StepResult Step(Value action)
    {
        if (!ActionSpace.Contains(action))
            throw new SocketGymException(ErrorCode.InvalidAction, $"{action} is not in {ActionSpace}; pass 0 or 1.");
        var burns = action.ToDouble() == 1;
        _velocity += (Gravity + (burns ? Thrust : 0)) * StepSeconds;
        _height = Math.Max(0, _height + (_velocity * StepSeconds));
        var landed = _height == 0;
        var reward = (burns ? -0.01 : 0) - (landed ? Math.Abs(_velocity) : 0);
        return new StepResult(Observe(), reward, landed, false, ValueDictionary.Empty);
    }

    public Value Render() => Value.None;

    public void Close()
    {
    }

    public void Dispose() => Close();

    // The same array every time: it is on its way to the learner before the next step overwrites it.
    private NDArray Observe()
    {
        var observation = _observation.AsSpan<float>();
        observation[0] = (float)_height;
        observation[1] = (float)_velocity;
        return _observation;
    }
}
