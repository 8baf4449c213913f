using System.Numerics;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Hosting.Sessions;

/// <summary>The parameters of <c>reset</c>, checked for their kinds.</summary>
internal static class ResetParameters
{
    // An int may have 64 KiB, and each environment keeps its seed.
    private const long MaxSeedBytes = 64 * 1024 * 1024;

    /// <summary>One environment's seed.</summary>
    /// <param name="seed">What was sent.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is neither an int nor None.</exception>
    public static BigInteger? SeedOf(Value seed) => seed.Kind switch
    {
        ValueKind.None => null,
        ValueKind.Int => seed.AsBigInteger(),
        // Python's bool is an int, and Gymnasium takes it as a seed.
        ValueKind.Bool => seed.AsBool() ? 1 : 0,
        _ => throw Refusal($"seed is {seed} ({ValueText.TypeName(seed)}); it must be a Python int or None."),
    };

    /// <summary>The seeds of a vector.</summary>
    /// <param name="seeds">What was sent: None, a list with one for each environment, or the first one's, from which the others' count on.</param>
    /// <param name="count">How many environments there are.</param>
    /// <returns>The seeds; null for none at all.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is something else, or a seed to count on from that is too long for so many.</exception>
    public static BigInteger?[]? SeedsOf(Value seeds, int count)
    {
        if (seeds.Kind is not (ValueKind.List or ValueKind.Tuple))
            return SeedOf(seeds) is { } first ? CountOn(first, count) : null;
        var each = new BigInteger?[seeds.AsItems().Length];
        for (var index = 0; index < each.Length; index++)
            each[index] = SeedOf(seeds.AsItems()[index]);
        return each;
    }

    /// <summary>The options.</summary>
    /// <param name="options">What was sent.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: they are neither a dict nor None.</exception>
    public static ValueDictionary? OptionsOf(Value options) => options.Kind switch
    {
        ValueKind.None => null,
        ValueKind.Dict or ValueKind.OrderedDict => options.AsDict(),
        _ => throw Refusal($"options is {options} ({ValueText.TypeName(options)}); it must be a dict or None."),
    };

    private static BigInteger?[] CountOn(BigInteger first, int count)
    {
        if ((long)first.GetByteCount() * count > MaxSeedBytes)
            throw Refusal($"seed is an int of {first.GetByteCount()} bytes, and {count} environments would count on from it; send a shorter one.");
        return [.. Enumerable.Range(0, count).Select(index => (BigInteger?)(first + index))];
    }

    private static SocketGymException Refusal(string message) => new(ErrorCode.InvalidArgument, message);
}
