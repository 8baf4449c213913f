using System.Numerics;
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
    private const int Block = 64;
    private const int NotTerminated = -1;

    private readonly CartPole[] _poles;
    private readonly BatchMemory _memory;
    private readonly double[] _positions;
    private readonly double[] _velocities;
    private readonly double[] _angles;
    private readonly double[] _angularVelocities;
    private readonly int[] _stepsBeyondTerminated;
    private readonly Pcg64[] _bits;
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
        // Of its own, one behind the other: resets go through memory as it lies, not from one environment's generator to the next.
        _bits = [.. poles.Select(pole => new Pcg64(pole.Generator.BitGenerator.State))];
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
            _bits[index].State = pole.Generator.BitGenerator.State;
        }
        return true;
    }

    /// <inheritdoc/>
    public override void Store()
    {
        for (var index = 0; index < _poles.Length; index++)
        {
            _poles[index].Motion = StateOf(index);
            _poles[index].Generator.BitGenerator.State = _bits[index].State;
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
            var poles = Poles(start, count);
            for (var index = poles.Advance(choices, sines, cosines, _parameters); index < count; index++)
                Set(start + index, CartPolePhysics.Advance(StateOf(start + index), choices[index] == 1, _parameters));
            poles.Observe(Observations(start, count));
            poles.FindTerminal(_memory.Terminations.AsSpan<bool>().Slice(start, count), _parameters);
            Reward(start, count);
        }
    }

    /// <inheritdoc/>
    public override void Reset(int index)
    {
        var bits = _bits[index];
        Set(index, new(First(bits), First(bits), First(bits), First(bits)));
        _stepsBeyondTerminated[index] = NotTerminated;
        Poles(index, 1).Observe(Observations(index, 1));
    }

    // Generator.Uniform of the bounds that a reset has without options.
    private static double First(Pcg64 bits) => CartPole.DefaultLow + ((CartPole.DefaultHigh - CartPole.DefaultLow) * bits.NextDouble());

    private CartPoleLanes Poles(int first, int count) => new(
        _positions.AsSpan(first, count), _velocities.AsSpan(first, count), _angles.AsSpan(first, count), _angularVelocities.AsSpan(first, count));

    private Span<float> Observations(int first, int count) =>
        _memory.Observations.AsSpan<float>().Slice(first * CartPoleLanes.Numbers, count * CartPoleLanes.Numbers);

    private void Reward(int first, int count)
    {
        var rewards = _memory.Rewards.AsSpan<double>().Slice(first, count);
        rewards.Fill(_hasSuttonBartoReward ? 0.0 : 1.0);
        var terminations = _memory.Terminations.AsSpan<bool>().Slice(first, count);
        for (var index = terminations.IndexOf(true); index >= 0;)
        {
            var steps = ++_stepsBeyondTerminated[first + index];
            rewards[index] = _hasSuttonBartoReward ? -1.0 : steps > 0 ? 0.0 : 1.0;
            var next = terminations[(index + 1)..].IndexOf(true);
            index = next < 0 ? -1 : index + 1 + next;
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
