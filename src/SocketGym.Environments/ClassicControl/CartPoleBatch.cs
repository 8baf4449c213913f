using System.Numerics;
using System.Runtime.Intrinsics;
using SocketGym.Core.Environments;
using SocketGym.Core.Seeding;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Environments.ClassicControl;

/// <summary>Many <see cref="CartPole"/>s side by side.</summary>
/// <remarks>
/// Exact: several poles go through one instruction, in float64 and in the order of <see cref="CartPolePhysics.Advance"/>, and an IEEE 754 operation rounds the same in a vector as alone. Sine and cosine
/// are the platform's, one after the other. Covers poles of equal parameters.
/// </remarks>
internal sealed class CartPoleBatch : EnvironmentBatch
{
    private const int Numbers = 4;
    private const int Block = 64;
    private const int NotTerminated = -1;

    private readonly CartPole[] _poles;
    private readonly BatchMemory _memory;
    private readonly double[] _positions;
    private readonly double[] _velocities;
    private readonly double[] _angles;
    private readonly double[] _angularVelocities;
    private readonly int[] _stepsBeyondTerminated;
    private readonly Generator[] _generators;
    private readonly bool _hasSuttonBartoReward;
    private CartPoleParameters _parameters;

    private CartPoleBatch(CartPole[] poles, BatchMemory memory)
    {
        _poles = poles;
        _memory = memory;
        _positions = new double[poles.Length];
        _velocities = new double[poles.Length];
        _angles = new double[poles.Length];
        _angularVelocities = new double[poles.Length];
        _stepsBeyondTerminated = new int[poles.Length];
        _generators = new Generator[poles.Length];
        _hasSuttonBartoReward = poles[0].HasSuttonBartoReward;
    }

    /// <summary>Makes the batch of environments that are <see cref="CartPole"/>s.</summary>
    /// <param name="environments">The environments.</param>
    /// <param name="memory">Where the results are written.</param>
    /// <returns>The batch.</returns>
    public static CartPoleBatch Of(IEnvironment[] environments, BatchMemory memory) => new([.. environments.Cast<CartPole>()], memory);

    /// <inheritdoc/>
    public override bool TryLoad()
    {
        _parameters = _poles[0].Parameters;
        for (var index = 0; index < _poles.Length; index++)
        {
            var pole = _poles[index];
            if (pole.Motion is not { } state || pole.Parameters != _parameters)
                return false;
            Set(index, state);
            _stepsBeyondTerminated[index] = pole.StepsBeyondTerminated ?? NotTerminated;
            _generators[index] = pole.Generator;
        }
        return true;
    }

    /// <inheritdoc/>
    public override void Store()
    {
        for (var index = 0; index < _poles.Length; index++)
        {
            _poles[index].Motion = StateOf(index);
            _poles[index].StepsBeyondTerminated = _stepsBeyondTerminated[index] is var steps and not NotTerminated ? steps : null;
        }
    }

    /// <inheritdoc/>
    public override bool Accepts(NDArray actions)
    {
        if (!actions.Shape.SequenceEqual([_poles.Length]) || actions.DType.ByteOrder == '>')
            return false;
        return (actions.DType.Kind, actions.DType.ItemSize) switch
        {
            ('i', 8) => AreChoices<long>(actions),
            ('i', 4) => AreChoices<int>(actions),
            ('i', 2) => AreChoices<short>(actions),
            ('i', 1) => AreChoices<sbyte>(actions),
            ('u', 4) => AreChoices<uint>(actions),
            ('u', 2) => AreChoices<ushort>(actions),
            ('u', 1) => AreChoices<byte>(actions),
            _ => false,
        };
    }

    /// <inheritdoc/>
    public override void Step(int first, int end, NDArray actions, ReadOnlySpan<bool> resets)
    {
        Span<long> choices = stackalloc long[Block];
        Span<double> sines = stackalloc double[Block];
        Span<double> cosines = stackalloc double[Block];
        for (var start = first; start < end; start += Block)
        {
            var count = Math.Min(Block, end - start);
            ReadChoices(actions, start, choices[..count]);
            for (var index = 0; index < count; index++)
                (sines[index], cosines[index]) = Math.SinCos(_angles[start + index]);
            var inVectors = count - (count % Vector256<double>.Count);
            for (var index = 0; index < inVectors; index += Vector256<double>.Count)
                Advance(start + index, choices[index..], sines[index..], cosines[index..]);
            for (var index = inVectors; index < count; index++)
                Set(start + index, CartPolePhysics.Advance(StateOf(start + index), choices[index] == 1, _parameters));
            Observe(start, count);
            Judge(start, count);
        }
    }

    /// <inheritdoc/>
    public override void Reset(int index)
    {
        Span<double> numbers = stackalloc double[Numbers];
        _generators[index].Uniform(numbers, CartPole.DefaultLow, CartPole.DefaultHigh);
        Set(index, new(numbers[0], numbers[1], numbers[2], numbers[3]));
        _stepsBeyondTerminated[index] = NotTerminated;
        Observe(index, 1);
    }

    // CartPolePhysics.Advance, for several poles.
    private void Advance(int first, ReadOnlySpan<long> choices, ReadOnlySpan<double> sines, ReadOnlySpan<double> cosines)
    {
        ref readonly var parameters = ref _parameters;
        var velocity = Vector256.Create(_velocities.AsSpan(first));
        var angularVelocity = Vector256.Create(_angularVelocities.AsSpan(first));
        var sin = Vector256.Create(sines);
        var cos = Vector256.Create(cosines);
        var force = Vector256.ConditionalSelect(
            Vector256.Equals(Vector256.Create(choices), Vector256<long>.One).AsDouble(),
            Vector256.Create(parameters.ForceMagnitude),
            Vector256.Create(-parameters.ForceMagnitude));
        var poleMassLength = Vector256.Create(parameters.PoleMassLength);
        var totalMass = Vector256.Create(parameters.TotalMass);

        var temp = (force + poleMassLength * (angularVelocity * angularVelocity) * sin) / totalMass;
        var angularAcceleration = (Vector256.Create(parameters.Gravity) * sin - cos * temp)
            / (Vector256.Create(parameters.HalfPoleLength) * (Vector256.Create(4.0 / 3.0) - Vector256.Create(parameters.PoleMass) * (cos * cos) / totalMass));
        var acceleration = temp - poleMassLength * angularAcceleration * cos / totalMass;

        var time = Vector256.Create(parameters.TimeStep);
        var nextVelocity = velocity + time * acceleration;
        var nextAngularVelocity = angularVelocity + time * angularAcceleration;
        var position = Vector256.Create(_positions.AsSpan(first)) + time * (parameters.IsSemiImplicit ? nextVelocity : velocity);
        var angle = Vector256.Create(_angles.AsSpan(first)) + time * (parameters.IsSemiImplicit ? nextAngularVelocity : angularVelocity);
        position.CopyTo(_positions.AsSpan(first));
        nextVelocity.CopyTo(_velocities.AsSpan(first));
        angle.CopyTo(_angles.AsSpan(first));
        nextAngularVelocity.CopyTo(_angularVelocities.AsSpan(first));
    }

    private void Observe(int first, int count)
    {
        var observations = _memory.Observations.AsSpan<float>().Slice(first * Numbers, count * Numbers);
        for (var index = 0; index < count; index++)
        {
            var row = observations.Slice(index * Numbers, Numbers);
            row[0] = (float)_positions[first + index];
            row[1] = (float)_velocities[first + index];
            row[2] = (float)_angles[first + index];
            row[3] = (float)_angularVelocities[first + index];
        }
    }

    private void Judge(int first, int count)
    {
        var terminations = _memory.Terminations.AsSpan<bool>().Slice(first, count);
        var rewards = _memory.Rewards.AsSpan<double>().Slice(first, count);
        rewards.Fill(_hasSuttonBartoReward ? 0.0 : 1.0);
        for (var index = 0; index < count; index++)
        {
            terminations[index] = CartPolePhysics.IsTerminal(StateOf(first + index), _parameters);
            if (!terminations[index])
                continue;
            var steps = ++_stepsBeyondTerminated[first + index];
            rewards[index] = _hasSuttonBartoReward ? -1.0 : steps > 0 ? 0.0 : 1.0;
        }
    }

    private CartPoleState StateOf(int index) => new(_positions[index], _velocities[index], _angles[index], _angularVelocities[index]);

    private void Set(int index, CartPoleState state) =>
        (_positions[index], _velocities[index], _angles[index], _angularVelocities[index]) = state;

    private static bool AreChoices<T>(NDArray actions)
        where T : unmanaged, IBinaryInteger<T> => !actions.AsSpan<T>().ContainsAnyExceptInRange(T.Zero, T.One);

    private static void ReadChoices(NDArray actions, int first, Span<long> choices)
    {
        switch (actions.DType.Kind, actions.DType.ItemSize)
        {
            case ('i', 8):
                actions.AsSpan<long>().Slice(first, choices.Length).CopyTo(choices);
                break;
            case ('i', 4):
                Widen<int>(actions, first, choices);
                break;
            case ('i', 2):
                Widen<short>(actions, first, choices);
                break;
            case ('i', 1):
                Widen<sbyte>(actions, first, choices);
                break;
            case ('u', 4):
                Widen<uint>(actions, first, choices);
                break;
            case ('u', 2):
                Widen<ushort>(actions, first, choices);
                break;
            default:
                Widen<byte>(actions, first, choices);
                break;
        }
    }

    private static void Widen<T>(NDArray actions, int first, Span<long> choices)
        where T : unmanaged, IBinaryInteger<T>
    {
        var elements = actions.AsSpan<T>().Slice(first, choices.Length);
        for (var index = 0; index < choices.Length; index++)
            choices[index] = long.CreateTruncating(elements[index]);
    }
}
