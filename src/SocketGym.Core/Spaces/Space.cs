using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using SocketGym.Core.Seeding;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Which values an observation or an action may have: one of Gymnasium's ten spaces, or one of one's own, which does not travel.</summary>
/// <remarks>
/// Answers and samples are those of Gymnasium 1.3.0: the same seed gives the same elements with the same types, dtypes and
/// bytes. What a space describes never changes; its generator does, so <see cref="Sample"/> and <see cref="Seed"/> are not thread-safe,
/// while <see cref="Contains"/> is.
/// </remarks>
public abstract class Space : IEquatable<Space>
{
    private Generator? _npRandom;

    /// <summary>Gymnasium's name of the space, such as <c>Box</c>.</summary>
    public string TypeName => GetType().Name;

    /// <summary>The shape of an element where it is one array or scalar; else null.</summary>
    public abstract ImmutableArray<int>? Shape { get; }

    /// <summary>The dtype of an element where it is one array or scalar; else null.</summary>
    public abstract DType? DType { get; }

    /// <summary>The generator that samples come from; seeded from the operating system if <see cref="Seed"/> was not called.</summary>
    /// <remarks>Composite spaces leave sampling to those they consist of, each of which has a generator of its own.</remarks>
    public Generator NpRandom
    {
        get
        {
            if (_npRandom is null)
                Seed();
            // Dict and Tuple seed only those that they consist of.
            return _npRandom ??= Generator.FromSeed();
        }
        internal set => _npRandom = value;
    }

    /// <summary>Whether a value is an element of the space.</summary>
    /// <param name="value">A value of any kind, judged as Gymnasium judges the Python object.</param>
    /// <returns>False also where Gymnasium raises an exception rather than answers.</returns>
    public abstract bool Contains(Value value);

    /// <summary>Draws an element.</summary>
    /// <param name="mask">Which elements may be drawn, in the form that Gymnasium's space of this type takes; <c>None</c> for all.</param>
    /// <param name="probability">How likely each element is, in the form that Gymnasium's space of this type takes; <c>None</c> for uniform.</param>
    /// <returns>The element, in memory of its own.</returns>
    /// <exception cref="ArgumentException">Both are given, or one has a form that the space does not take.</exception>
    public Value Sample(Value mask = default, Value probability = default)
    {
        CheckOnlyOne(mask, probability);
        return Draw(mask, probability);
    }

    /// <summary>Seeds the generators of this space and of those it consists of.</summary>
    /// <param name="seed">
    /// An <c>int</c> that is not negative, <c>None</c> for entropy from the operating system, or for a composite space
    /// the seeds of its parts in the form that Gymnasium takes.
    /// </param>
    /// <returns>The seeds used: an <c>int</c>, or for a composite space a tuple or a dictionary of them.</returns>
    /// <exception cref="ArgumentException">A seed is negative, or has another form.</exception>
    public virtual Value Seed(Value seed = default) => SeedOwn(seed);

    /// <summary>Whether Gymnasium holds two spaces for equal: the bounds of a Box within a tolerance, all else of the ten exactly; a space of one's own by identity.</summary>
    /// <param name="other">The other space.</param>
    public virtual bool Equals(Space? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Space);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The space as Gymnasium's <c>repr</c> has it; a space of one's own by its name.</summary>
    public override string ToString() => TypeName;

    /// <summary>Draws an element from <see cref="NpRandom"/>.</summary>
    /// <param name="mask">As <see cref="Sample"/> has it; <c>None</c> where there is a probability.</param>
    /// <param name="probability">As <see cref="Sample"/> has it; <c>None</c> where there is a mask.</param>
    /// <returns>The element, in memory of its own.</returns>
    /// <exception cref="ArgumentException">One has a form that the space does not take.</exception>
    protected abstract Value Draw(Value mask, Value probability);

    /// <summary>Seeds this space's own generator from an <c>int</c> or <c>None</c>, and gives the seed used.</summary>
    private protected Value SeedOwn(Value seed)
    {
        BigInteger? number = seed.Kind switch
        {
            ValueKind.None => null,
            ValueKind.Int => seed.AsBigInteger(),
            ValueKind.Bool => seed.AsBool() ? BigInteger.One : BigInteger.Zero,
            _ => throw SeedRefused(seed, "an int or None"),
        };
        _npRandom = Generator.FromSeed(number, out var used);
        return seed.IsNone ? Value.FromInt(used) : seed;
    }

    /// <summary>Draws the seeds that a composite space gives its parts.</summary>
    private protected Value[] DrawSeeds(int count)
    {
        var seeds = new long[count];
        NpRandom.Integers(seeds, 0, int.MaxValue);
        return [.. seeds.Select(Value.FromInt)];
    }

    private protected static bool IsInt(Value seed) => seed.Kind is ValueKind.Int or ValueKind.Bool;

    private protected static void CheckOnlyOne(Value mask, Value probability)
    {
        if (!mask.IsNone && !probability.IsNone)
            throw new ArgumentException($"The mask is {mask} and the probability is {probability}; give only one of them.", nameof(probability));
    }

    private protected ArgumentException SeedRefused(Value seed, string expected) =>
        new($"The seed is {ValueText.TypeName(seed)} {seed}; {TypeName} takes {expected}.", nameof(seed));
}
