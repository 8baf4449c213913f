using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Vectors;

/// <summary>What a reset of a vector is asked to do, and what each worker is told of it.</summary>
internal sealed class VectorResetChoices
{
    private readonly IReadOnlyList<BigInteger?>? _seeds;
    private readonly Value _options;

    /// <summary>Checks what a caller asks for.</summary>
    /// <param name="seeds">A seed or null for each environment; null for none at all.</param>
    /// <param name="options">The options, with or without a mask.</param>
    /// <param name="count">How many environments there are.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.UnsupportedValue"/>.</exception>
    public VectorResetChoices(IReadOnlyList<BigInteger?>? seeds, ValueDictionary? options, int count)
    {
        if (seeds is not null && seeds.Count != count)
            throw new SocketGymException(ErrorCode.InvalidArgument, $"There are {seeds.Count} seeds for {count} environments; give one or None for each.");
        for (var index = 0; index < seeds?.Count; index++)
        {
            if (seeds[index] < 0)
                throw new SocketGymException(ErrorCode.InvalidArgument, $"The seed of environment {index} is {seeds[index]}; it must not be negative.");
        }
        _seeds = seeds;
        Mask = ResetMask.Take(ref options, count);
        _options = options;
        OpaqueSearch.Refuse(_options, "options");
    }

    /// <summary>Which environments are reset; null for all.</summary>
    public bool[]? Mask { get; }

    /// <summary>Whether one of a range is reset.</summary>
    /// <param name="first">The range's first environment.</param>
    /// <param name="count">Its length.</param>
    public bool IsReset(int first, int count) => Mask is null || Mask.AsSpan(first, count).Contains(true);

    /// <summary>The request for the worker of a range.</summary>
    /// <param name="first">The range's first environment.</param>
    /// <param name="count">Its length.</param>
    public Value RequestFor(int first, int count)
    {
        var range = Enumerable.Range(first, count);
        Value seeds = _seeds is null ? default : Value.List([.. range.Select(index => _seeds[index] is { } seed ? Value.FromInt(seed) : default)]);
        Value mask = Mask is null ? default : Value.List([.. range.Select(index => (Value)Mask[index])]);
        return Value.Tuple("reset", seeds, _options, mask);
    }
}
