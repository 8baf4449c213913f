using System.Numerics;
using SocketGym.Core.Values;

namespace SocketGym.Core.Seeding;

/// <summary>The state of a generator as NumPy's <c>bit_generator.state</c> has it, so that either side can continue the other's.</summary>
public static class GeneratorState
{
    private const string Name = "PCG64";
    private static readonly BigInteger Mask = ulong.MaxValue;

    /// <summary>Saves the state.</summary>
    /// <param name="generator">The generator.</param>
    /// <returns>A <c>dict</c> of <c>bit_generator</c>, <c>state</c> (a <c>dict</c> of <c>state</c> and <c>inc</c>), <c>has_uint32</c> and <c>uinteger</c>.</returns>
    public static Value Save(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var state = generator.BitGenerator.State;
        return new ValueDictionary
        {
            ["bit_generator"] = Name,
            ["state"] = new ValueDictionary { ["state"] = Value.FromInt(state.State), ["inc"] = Value.FromInt(state.Increment) },
            ["has_uint32"] = state.HasUInt32 ? 1 : 0,
            ["uinteger"] = state.UInt32,
        };
    }

    /// <summary>Makes a generator that continues from a state.</summary>
    /// <param name="state">What <see cref="Save"/>, or NumPy, gave.</param>
    /// <returns>The generator.</returns>
    /// <exception cref="ArgumentException">It is no state of PCG64.</exception>
    public static Generator Restore(Value state)
    {
        if (state.Kind == ValueKind.Dict && state.AsDict() is var entries && entries.GetOrNone("bit_generator") == Name
            && entries.GetOrNone("state") is { Kind: ValueKind.Dict } words
            && TryRead(words.AsDict().GetOrNone("state"), 128, out var number) && TryRead(words.AsDict().GetOrNone("inc"), 128, out var increment)
            && TryRead(entries.GetOrNone("has_uint32"), 1, out var hasHalf) && TryRead(entries.GetOrNone("uinteger"), 32, out var half))
        {
            return new Generator(new Pcg64(new Pcg64State(Wide(number), Wide(increment), !hasHalf.IsZero, (uint)half)));
        }
        throw new ArgumentException($"The generator's state is {state}; give what Save, or NumPy's bit_generator.state of a PCG64, gave.", nameof(state));
    }

    private static bool TryRead(Value value, int bits, out BigInteger number)
    {
        number = value.Kind == ValueKind.Int ? value.AsBigInteger() : BigInteger.MinusOne;
        return number.Sign >= 0 && number.GetBitLength() <= bits;
    }

    private static UInt128 Wide(BigInteger number) => new((ulong)(number >> 64), (ulong)(number & Mask));
}
