using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>An array of discrete choices, each with its own count and start.</summary>
public sealed class MultiDiscrete : Space
{
    private readonly DType _type;

    /// <summary>Makes the space.</summary>
    /// <param name="nvec">How many values each element has, all positive; its shape and integer dtype are the space's. Copied.</param>
    /// <param name="start">The smallest value of each element, same shape and dtype; null for zeros. Copied.</param>
    /// <exception cref="ArgumentException">The dtype is no integer, shapes or dtypes differ, or a count is not positive.</exception>
    public MultiDiscrete(NDArray nvec, NDArray? start = null)
    {
        ArgumentNullException.ThrowIfNull(nvec);
        Nvec = nvec.Copy();
        Start = start?.Copy() ?? new NDArray(nvec.DType, nvec.Shape);
        _type = nvec.DType;
        if (nvec.DType.Kind is not ('i' or 'u'))
            throw new ArgumentException($"nvec is {nvec}; a MultiDiscrete space needs an integer dtype.", nameof(nvec));
        if (!Start.DType.Equals(nvec.DType) || !Start.Shape.SequenceEqual(nvec.Shape))
            throw new ArgumentException($"start is {Start} and nvec is {nvec}; they need the same shape and dtype.", nameof(start));
        for (var index = 0L; index < nvec.Count; index++)
        {
            if (CountAt(index) <= 0)
                throw new ArgumentException($"nvec is {ArrayText.Format(Nvec)}; every count must be positive.", nameof(nvec));
        }
    }

    /// <summary>How many values each element has.</summary>
    public NDArray Nvec { get; }

    /// <summary>The smallest value of each element.</summary>
    public NDArray Start { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => [.. Nvec.Shape];

    /// <inheritdoc/>
    public override DType? DType => _type;

    /// <inheritdoc/>
    public override bool Contains(Value value)
    {
        NDArray? array = null;
        if (value.Kind == ValueKind.Array)
            array = Number.CanCast(value.AsArray().DType, _type) ? value.AsArray() : null;
        else if (value.Kind is ValueKind.List or ValueKind.Tuple or ValueKind.Graph or ValueKind.ByteArray)
            array = ArrayConversion.TryConvert(value, _type, safely: true);
        if (array is null || !array.Shape.SequenceEqual(Nvec.Shape))
            return false;
        for (var index = 0L; index < array.Count; index++)
        {
            // The distance is taken in the dtype's arithmetic, which may wrap around as in Gymnasium.
            var element = Number.Read(array, index).ToInteger();
            if (element < StartAt(index) || Number.Wrap(element - StartAt(index), _type) >= CountAt(index))
                return false;
        }
        // An empty list becomes an array of floats, which no integer dtype takes.
        return array.Count > 0 || value.Kind == ValueKind.Array;
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is MultiDiscrete discrete && Nvec.Equals(discrete.Nvec) && Start.Equals(discrete.Start);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Nvec, Start);

    /// <inheritdoc/>
    public override string ToString() => Start.Bytes.ContainsAnyExcept((byte)0)
        ? $"MultiDiscrete({ArrayText.Format(Nvec)}, start={ArrayText.Format(Start)})"
        : $"MultiDiscrete({ArrayText.Format(Nvec)})";

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        if (!mask.IsNone || !probability.IsNone)
        {
            var masked = new NDArray(_type, Nvec.Shape);
            var position = 0L;
            DrawMasked(masked, 0, ref position, mask.IsNone ? probability : mask, isProbability: mask.IsNone);
            return masked;
        }
        // What NumPy's arithmetic gives has this machine's byte order, and without dimensions it is a scalar.
        var element = new NDArray(Number.Native(_type), Nvec.Shape);
        for (var index = 0L; index < element.Count; index++)
        {
            Number offset = NpRandom.Random() * (double)CountAt(index);
            ((Number)(offset.ToInteger() + StartAt(index))).Write(element, index);
        }
        return element.Shape.IsEmpty ? Number.ScalarOf(element) : element;
    }

    // Masks are nested tuples of the shape of nvec, with one array for each element.
    private void DrawMasked(NDArray element, int axis, ref long position, Value mask, bool isProbability)
    {
        if (axis < Nvec.Shape.Length)
        {
            foreach (var part in SampleMask.Parts(mask, Nvec.Shape[axis]))
                DrawMasked(element, axis + 1, ref position, part, isProbability);
            return;
        }
        var count = (int)Int128.Min(CountAt(position), int.MaxValue);
        var offset = isProbability ? Choose(SampleMask.Probabilities(mask, [count])) : SampleMask.Choose(NpRandom, SampleMask.Flags(mask, [count]));
        // NumPy adds int64 and uint64 as doubles.
        Number sum = offset is { } index && _type.Equals(Values.DType.UInt64)
            ? (double)StartAt(position) + index
            : StartAt(position) + (offset ?? 0);
        sum.Write(element, position++);
    }

    // Only what can be drawn takes part, normalized by NumPy's sum.
    private long? Choose(ReadOnlySpan<double> probabilities)
    {
        var sum = SampleMask.CheckedSum(probabilities);
        var indices = new List<long>();
        var normalized = new List<double>();
        for (var index = 0; index < probabilities.Length; index++)
        {
            if (probabilities[index] > 0)
            {
                indices.Add(index);
                normalized.Add(probabilities[index] / sum);
            }
        }
        return indices[NpRandom.ChoiceIndex(normalized.ToArray())];
    }

    private Int128 CountAt(long index) => Number.Read(Nvec, index).ToInteger();

    private Int128 StartAt(long index) => Number.Read(Start, index).ToInteger();
}
