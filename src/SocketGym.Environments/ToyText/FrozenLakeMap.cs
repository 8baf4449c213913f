using System.Collections.Immutable;
using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Environments.ToyText;

/// <summary>
/// A map of <see cref="FrozenLake"/>: rows of letters, <c>S</c> for a start, <c>F</c> for ice, <c>H</c> for a hole, <c>G</c> for a goal; other letters are ice.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class FrozenLakeMap
{
    /// <summary>The most cells that a map may have; Gymnasium, which has no limit, serves larger ones.</summary>
    public const int MaxCells = 10_000;

    private readonly string _cells;

    /// <summary>Makes a map.</summary>
    /// <param name="rows">Its rows: at least one, of equal length, at least 2 letters, all printable ASCII.</param>
    /// <exception cref="ArgumentException">The rows are no such map, or more than <see cref="MaxCells"/> letters.</exception>
    public FrozenLakeMap(params ImmutableArray<string> rows)
    {
        if (FindProblem([.. rows]) is { } problem)
            throw new ArgumentException(problem, nameof(rows));
        (Rows, Columns) = (rows.Length, rows[0].Length);
        _cells = string.Concat(rows);
    }

    /// <summary>The map named <c>4x4</c>.</summary>
    public static FrozenLakeMap Small { get; } = new("SFFF", "FHFH", "FFFH", "HFFG");

    /// <summary>The map named <c>8x8</c>.</summary>
    public static FrozenLakeMap Large { get; } = new("SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG");

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The letter of a cell.</summary>
    /// <param name="cell">row * <see cref="Columns"/> + column.</param>
    public char this[int cell] => _cells[cell];

    /// <summary>Draws a map with a way from the start, at the top left, to the goal, at the bottom right: <c>generate_random_map(size, p, seed)</c>.</summary>
    /// <param name="size">Rows and columns, 2 to 100.</param>
    /// <param name="frozenProbability">A cell's probability to be ice; above 1 is 1.</param>
    /// <param name="seed">Not negative; null takes entropy from the operating system.</param>
    /// <returns>The map that Gymnasium draws from that seed.</returns>
    /// <exception cref="ArgumentException">The size is out of range, or the probability is not above 0, with which there may never be a way.</exception>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: the seed is negative.</exception>
    public static FrozenLakeMap GenerateRandom(int size = 8, double frozenProbability = 0.8, BigInteger? seed = null)
    {
        if (size is < 2 or > 100)
            throw new ArgumentException($"The size is {size}; it must be from 2 to 100.", nameof(size));
        if (!(frozenProbability > 0))
            throw new ArgumentException($"The probability of ice is {frozenProbability}; it must be above 0.", nameof(frozenProbability));
        var random = EnvironmentSeed.MakeGenerator(seed);
        var frozen = Math.Min(1, frozenProbability);
        var letters = new char[size * size];
        var draws = new long[letters.Length];
        do
        {
            random.ChoiceIndices(draws, [frozen, 1 - frozen]);
            for (var cell = 0; cell < letters.Length; cell++)
                letters[cell] = draws[cell] == 0 ? 'F' : 'H';
            letters[0] = 'S';
            letters[^1] = 'G';
        }
        while (!HasWay(letters, size));
        return new([.. from row in letters.Chunk(size) select new string(row)]);
    }

    /// <summary>Reads the constructor's <c>desc</c>.</summary>
    /// <param name="desc">A list or tuple of texts.</param>
    /// <returns>The map, or null where the native environment does not cover it.</returns>
    internal static FrozenLakeMap? TryRead(Value desc)
    {
        if (desc.Kind is not (ValueKind.List or ValueKind.Tuple))
            return null;
        var rows = new List<string>();
        foreach (var row in desc.AsItems())
        {
            if (row.Kind != ValueKind.String)
                return null;
            rows.Add(row.AsString());
        }
        return FindProblem(rows) is null ? new([.. rows]) : null;
    }

    /// <summary>The letters as Gymnasium's <c>desc</c>: an array of <c>S1</c>.</summary>
    /// <returns>A new array of shape (rows, columns).</returns>
    internal NDArray ToArray()
    {
        var array = new NDArray(DType.Parse("|S1"), Rows, Columns);
        for (var cell = 0; cell < _cells.Length; cell++)
            array.Bytes[cell] = (byte)_cells[cell];
        return array;
    }

    private static string? FindProblem(List<string> rows)
    {
        if (rows.Count == 0 || rows[0].Length < 2)
            return "A map has at least one row of at least two letters.";
        if ((long)rows.Count * rows[0].Length > MaxCells)
            return $"The map has {(long)rows.Count * rows[0].Length} cells; the native FrozenLake takes at most {MaxCells}.";
        if (rows.Exists(row => row.Length != rows[0].Length))
            return "The rows of a map must be of equal length.";
        return rows.Exists(row => row.AsSpan().ContainsAnyExceptInRange(' ', '~')) ? "The letters of a map must be printable ASCII." : null;
    }

    private static bool HasWay(ReadOnlySpan<char> letters, int size)
    {
        var found = new bool[letters.Length];
        var frontier = new Stack<int>();
        frontier.Push(0);
        while (frontier.TryPop(out var cell))
        {
            if (found[cell] || letters[cell] == 'H')
                continue;
            if (letters[cell] == 'G')
                return true;
            found[cell] = true;
            var (row, column) = (cell / size, cell % size);
            if (row > 0)
                frontier.Push(cell - size);
            if (row < size - 1)
                frontier.Push(cell + size);
            if (column > 0)
                frontier.Push(cell - 1);
            if (column < size - 1)
                frontier.Push(cell + 1);
        }
        return false;
    }
}
