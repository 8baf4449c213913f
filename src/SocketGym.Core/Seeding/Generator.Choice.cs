using System.Buffers;

namespace SocketGym.Core.Seeding;

// choice(), as an item or as indices; what to take from arrays of several axes is the caller's.
public sealed partial class Generator
{
    /// <summary>Draws one item: <c>choice(items)</c>.</summary>
    /// <typeparam name="T">Any type.</typeparam>
    /// <param name="items">At least one item.</param>
    /// <returns>The item.</returns>
    /// <exception cref="ArgumentException">There is no item.</exception>
    public T Choice<T>(ReadOnlySpan<T> items) => items[(int)ChoiceIndex(items.Length)];

    /// <summary>Draws one item by its probability: <c>choice(items, p=probabilities)</c>.</summary>
    /// <typeparam name="T">Any type.</typeparam>
    /// <param name="items">At least one item.</param>
    /// <param name="probabilities">As many as items, none negative, with sum 1.</param>
    /// <returns>The item.</returns>
    /// <exception cref="ArgumentException">The probabilities are none, or not as many as items.</exception>
    public T Choice<T>(ReadOnlySpan<T> items, ReadOnlySpan<double> probabilities) => items.Length == probabilities.Length
        ? items[ChoiceIndex(probabilities)]
        : throw new ArgumentException($"There are {items.Length} items and {probabilities.Length} probabilities; give one for each.", nameof(probabilities));

    /// <summary>Draws one index below a population's size: <c>choice(n)</c>.</summary>
    /// <param name="populationSize">Positive.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentException">The population is empty.</exception>
    public long ChoiceIndex(long populationSize) => populationSize > 0
        ? Integers(0, populationSize)
        : throw EmptyPopulation(populationSize);

    /// <summary>Draws one index by its probability: <c>choice(n, p=probabilities)</c>.</summary>
    /// <param name="probabilities">At least one, none negative, with sum 1.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentException">The probabilities are none.</exception>
    public int ChoiceIndex(ReadOnlySpan<double> probabilities)
    {
        CheckProbabilities(probabilities);
        var total = 0.0;
        foreach (var probability in probabilities)
            total += probability;
        // The last sum divided by the total is 1, so the last index needs no comparison.
        var uniform = _bits.NextDouble();
        var sum = probabilities[0];
        var index = 0;
        while (index < probabilities.Length - 1 && sum / total <= uniform)
            sum += probabilities[++index];
        return index;
    }

    /// <summary>Draws indices below a population's size: <c>choice(n, size, replace, shuffle=shuffle)</c>.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="populationSize">The population's size; without replacement at least as many as are drawn.</param>
    /// <param name="replace">Whether an index may come more than once. Without, memory is allocated in proportion to the draw.</param>
    /// <param name="shuffle">Whether, without replacement, the order is random too.</param>
    /// <exception cref="ArgumentException">The population is empty or too small.</exception>
    public void ChoiceIndices(Span<long> destination, long populationSize, bool replace = true, bool shuffle = true)
    {
        if (populationSize < 0 || (populationSize == 0 && !destination.IsEmpty))
            throw EmptyPopulation(populationSize);
        if (!replace && destination.Length > populationSize)
            throw new ArgumentException($"{destination.Length} of {populationSize} were asked for without replacement; draw fewer.", nameof(destination));
        if (destination.IsEmpty)
            return;
        // NumPy's bounds between shuffling the whole population and keeping a set of what was drawn.
        if (replace)
            Integers(destination, 0, populationSize);
        else if (populationSize > 10000 && destination.Length > populationSize / (shuffle ? 50 : 20))
            TailShuffle(destination, populationSize);
        else
            FloydSample(destination, populationSize, shuffle);
    }

    /// <summary>Draws indices by their probabilities: <c>choice(n, size, replace, p=probabilities)</c>.</summary>
    /// <param name="destination">Filled.</param>
    /// <param name="probabilities">At least one, none negative, with sum 1.</param>
    /// <param name="replace">Whether an index may come more than once. Without, memory is allocated in proportion to the draw.</param>
    /// <exception cref="ArgumentException">The probabilities are none, or without replacement fewer than draws are above zero.</exception>
    public void ChoiceIndices(Span<long> destination, ReadOnlySpan<double> probabilities, bool replace = true)
    {
        CheckProbabilities(probabilities);
        var rented = ArrayPool<double>.Shared.Rent(2 * probabilities.Length);
        var cumulative = rented.AsSpan(0, probabilities.Length);
        if (replace)
        {
            Accumulate(probabilities, cumulative);
            foreach (ref var index in destination)
                index = FirstAbove(cumulative, _bits.NextDouble());
        }
        else
        {
            var remaining = rented.AsSpan(probabilities.Length, probabilities.Length);
            probabilities.CopyTo(remaining);
            DrawDistinct(destination, remaining, cumulative);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    // Draws a batch for what is missing, keeps the first of each index, and repeats without those found.
    private void DrawDistinct(Span<long> destination, Span<double> remaining, Span<double> cumulative)
    {
        var possible = 0;
        foreach (var probability in remaining)
            possible += probability > 0 ? 1 : 0;
        if (possible < destination.Length)
            throw new ArgumentException($"{destination.Length} were asked for without replacement and {possible} probabilities are above zero; draw fewer.", nameof(destination));
        var found = 0;
        while (found < destination.Length)
        {
            Accumulate(remaining, cumulative);
            var batch = destination.Length - found;
            var first = found;
            for (var draw = 0; draw < batch; draw++)
            {
                long index = FirstAbove(cumulative, _bits.NextDouble());
                if (!destination[first..found].Contains(index))
                    destination[found++] = index;
            }
            foreach (var index in destination[first..found])
                remaining[(int)index] = 0;
        }
    }

    private void TailShuffle(Span<long> destination, long populationSize)
    {
        var population = new long[populationSize];
        for (var index = 0; index < population.Length; index++)
            population[index] = index;
        ShuffleFrom(population, Math.Max(population.Length - destination.Length, 1));
        population.AsSpan(population.Length - destination.Length).CopyTo(destination);
    }

    // R. W. Floyd's sampling: what was drawn already gives its place to the upper end of the interval.
    private void FloydSample(Span<long> destination, long populationSize, bool shuffle)
    {
        var drawn = new HashSet<long>(destination.Length);
        var smallest = populationSize - destination.Length;
        for (var index = 0; index < destination.Length; index++)
        {
            var upper = smallest + index;
            var candidate = (long)BoundedIntegers.NextWide(_bits, (ulong)upper);
            destination[index] = drawn.Add(candidate) ? candidate : upper;
            drawn.Add(destination[index]);
        }
        if (shuffle)
            ShuffleFrom(destination, 1);
    }

    private void ShuffleFrom(Span<long> items, int first)
    {
        for (var index = items.Length - 1; index >= first; index--)
        {
            var other = (int)BoundedIntegers.NextWide(_bits, (ulong)index);
            (items[index], items[other]) = (items[other], items[index]);
        }
    }

    private static void Accumulate(ReadOnlySpan<double> probabilities, Span<double> cumulative)
    {
        var sum = 0.0;
        for (var index = 0; index < probabilities.Length; index++)
            cumulative[index] = sum += probabilities[index];
        foreach (ref var value in cumulative)
            value /= sum;
    }

    private static int FirstAbove(ReadOnlySpan<double> cumulative, double uniform)
    {
        var (low, high) = (0, cumulative.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (cumulative[middle] > uniform)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private static void CheckProbabilities(ReadOnlySpan<double> probabilities)
    {
        if (probabilities.IsEmpty)
            throw EmptyPopulation(0);
        var (sum, correction) = (probabilities[0], 0.0);
        var negative = probabilities[0] < 0;
        foreach (var probability in probabilities[1..])
        {
            // Kahan's summation, as NumPy checks it.
            negative |= probability < 0;
            var corrected = probability - correction;
            var next = sum + corrected;
            correction = next - sum - corrected;
            sum = next;
        }
        // The square root of the double's epsilon, NumPy's tolerance.
        const double Tolerance = 1.4901161193847656e-08;
        if (double.IsNaN(sum) || negative || Math.Abs(sum - 1) > Tolerance)
            throw new ArgumentException($"The probabilities have sum {sum}{(negative ? " and some are negative" : "")}; they must not be negative and have sum 1.", nameof(probabilities));
    }

    private static ArgumentException EmptyPopulation(long size) => new($"The population's size is {size}; nothing can be chosen from it.");
}
