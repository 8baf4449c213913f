using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SocketGym.Environments.ClassicControl;

/// <summary>Some poles on carts whose numbers lie side by side, several to an instruction.</summary>
/// <remarks>
/// Every operation is <see cref="CartPolePhysics"/>'s, in float64 and in its order, and an IEEE 754 operation rounds in a vector as it does alone: what comes out is equal to the last bit.
/// </remarks>
/// <param name="positions">The carts' positions.</param>
/// <param name="velocities">Their velocities.</param>
/// <param name="angles">The poles' angles.</param>
/// <param name="angularVelocities">Their angular velocities.</param>
internal readonly ref struct CartPoleLanes(Span<double> positions, Span<double> velocities, Span<double> angles, Span<double> angularVelocities)
{
    /// <summary>How many numbers a state and an observation have.</summary>
    public const int Numbers = 4;

    private readonly Span<double> _positions = positions;
    private readonly Span<double> _velocities = velocities;
    private readonly Span<double> _angles = angles;
    private readonly Span<double> _angularVelocities = angularVelocities;

    /// <summary>Pushes the carts for one time step, as <see cref="CartPolePhysics.Advance"/> does.</summary>
    /// <param name="choices">1 for a push to the right, 0 for one to the left.</param>
    /// <param name="sines">The sines of the angles.</param>
    /// <param name="cosines">Their cosines.</param>
    /// <param name="parameters">Masses, lengths, force and time step.</param>
    /// <returns>How many poles were moved; those behind them did not fill a vector.</returns>
    public int Advance(ReadOnlySpan<long> choices, ReadOnlySpan<double> sines, ReadOnlySpan<double> cosines, in CartPoleParameters parameters)
    {
        var toRight = Vector256.Create(parameters.ForceMagnitude);
        var toLeft = Vector256.Create(-parameters.ForceMagnitude);
        var gravity = Vector256.Create(parameters.Gravity);
        var poleMass = Vector256.Create(parameters.PoleMass);
        var poleMassLength = Vector256.Create(parameters.PoleMassLength);
        var totalMass = Vector256.Create(parameters.TotalMass);
        var halfPoleLength = Vector256.Create(parameters.HalfPoleLength);
        var fourThirds = Vector256.Create(4.0 / 3.0);
        var time = Vector256.Create(parameters.TimeStep);
        var first = 0;
        for (; first <= _positions.Length - Vector256<double>.Count; first += Vector256<double>.Count)
        {
            var velocity = Load(_velocities, first);
            var angularVelocity = Load(_angularVelocities, first);
            var sin = Load(sines, first);
            var cos = Load(cosines, first);
            var isRight = Vector256.Equals(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(choices), (nuint)first), Vector256<long>.One).AsDouble();
            var force = Vector256.ConditionalSelect(isRight, toRight, toLeft);

            var temp = (force + poleMassLength * (angularVelocity * angularVelocity) * sin) / totalMass;
            var angularAcceleration = (gravity * sin - cos * temp) / (halfPoleLength * (fourThirds - poleMass * (cos * cos) / totalMass));
            var acceleration = temp - poleMassLength * angularAcceleration * cos / totalMass;

            var nextVelocity = velocity + time * acceleration;
            var nextAngularVelocity = angularVelocity + time * angularAcceleration;
            Store(Load(_positions, first) + time * (parameters.IsSemiImplicit ? nextVelocity : velocity), _positions, first);
            Store(nextVelocity, _velocities, first);
            Store(Load(_angles, first) + time * (parameters.IsSemiImplicit ? nextAngularVelocity : angularVelocity), _angles, first);
            Store(nextAngularVelocity, _angularVelocities, first);
        }
        return first;
    }

    /// <summary>Writes the observations.</summary>
    /// <param name="observations">A row of four numbers for each pole.</param>
    public void Observe(Span<float> observations)
    {
        var index = 0;
        for (; Sse.IsSupported && index <= _positions.Length - Numbers; index += Numbers)
        {
            var (position, velocity) = (Single(_positions, index), Single(_velocities, index));
            var (angle, angularVelocity) = (Single(_angles, index), Single(_angularVelocities, index));
            var (linear, angular) = (Sse.UnpackLow(position, velocity), Sse.UnpackLow(angle, angularVelocity));
            Sse.MoveLowToHigh(linear, angular).CopyTo(observations[(index * Numbers)..]);
            Sse.MoveHighToLow(angular, linear).CopyTo(observations[((index + 1) * Numbers)..]);
            (linear, angular) = (Sse.UnpackHigh(position, velocity), Sse.UnpackHigh(angle, angularVelocity));
            Sse.MoveLowToHigh(linear, angular).CopyTo(observations[((index + 2) * Numbers)..]);
            Sse.MoveHighToLow(angular, linear).CopyTo(observations[((index + 3) * Numbers)..]);
        }
        for (; index < _positions.Length; index++)
        {
            var row = observations.Slice(index * Numbers, Numbers);
            row[0] = (float)_positions[index];
            row[1] = (float)_velocities[index];
            row[2] = (float)_angles[index];
            row[3] = (float)_angularVelocities[index];
        }
    }

    /// <summary>Finds the poles that have fallen and the carts that have left the track, as <see cref="CartPolePhysics.IsTerminal"/> does.</summary>
    /// <param name="isTerminal">A flag for each pole.</param>
    /// <param name="parameters">The thresholds.</param>
    public void FindTerminal(Span<bool> isTerminal, in CartPoleParameters parameters)
    {
        isTerminal.Clear();
        var farthest = Vector256.Create(parameters.PositionThreshold);
        var steepest = Vector256.Create(parameters.AngleThreshold);
        var first = 0;
        for (; first <= _positions.Length - Vector256<double>.Count; first += Vector256<double>.Count)
        {
            // Beyond the threshold or below its negative: the same as the absolute value beyond it, for NaN too.
            var isOver = Vector256.GreaterThan(Vector256.Abs(Load(_positions, first)), farthest) | Vector256.GreaterThan(Vector256.Abs(Load(_angles, first)), steepest);
            for (var lanes = isOver.ExtractMostSignificantBits(); lanes != 0; lanes &= lanes - 1)
                isTerminal[first + BitOperations.TrailingZeroCount(lanes)] = true;
        }
        for (; first < _positions.Length; first++)
            isTerminal[first] = CartPolePhysics.IsTerminal(new(_positions[first], _velocities[first], _angles[first], _angularVelocities[first]), parameters);
    }

    private static Vector128<float> Single(ReadOnlySpan<double> numbers, int first)
    {
        var vector = Load(numbers, first);
        return Vector128.Narrow(vector.GetLower(), vector.GetUpper());
    }

    private static Vector256<double> Load(ReadOnlySpan<double> numbers, int first) => Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)first);

    private static void Store(Vector256<double> vector, Span<double> numbers, int first) => vector.StoreUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)first);
}
