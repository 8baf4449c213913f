using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Strings over a character set, with a least and a greatest length.</summary>
public sealed class Text : Space
{
    /// <summary>The 62 letters and digits that Gymnasium takes by default.</summary>
    /// <remarks>
    /// In Gymnasium this is a frozenset, whose order, and with it what a seed gives, changes from one Python process to the
    /// next; here it is in ascending order. A charset given as a string has its own order in both.
    /// </remarks>
    public const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly string[] _characters;
    private readonly HashSet<string> _characterSet;

    /// <summary>Makes a text space.</summary>
    /// <param name="maxLength">The greatest length in characters (Unicode code points), inclusive.</param>
    /// <param name="minLength">The least length, inclusive.</param>
    /// <param name="charset">The characters, in the order in which sampling numbers them. With a character twice, nothing can be sampled, as in Gymnasium.</param>
    /// <exception cref="ArgumentException">The lengths are negative or the wrong way round.</exception>
    public Text(int maxLength, int minLength = 1, string charset = Alphanumeric)
    {
        ArgumentNullException.ThrowIfNull(charset);
        if (minLength < 0 || maxLength < minLength)
            throw new ArgumentException($"min_length is {minLength} and max_length is {maxLength}; 0 <= min_length <= max_length must hold.", nameof(maxLength));
        MaxLength = maxLength;
        MinLength = minLength;
        Charset = charset;
        _characters = [.. Iteration.CodePoints(charset)];
        _characterSet = [.. _characters];
    }

    /// <summary>The greatest length in characters.</summary>
    public int MaxLength { get; }

    /// <summary>The least length in characters.</summary>
    public int MinLength { get; }

    /// <summary>The characters, in the order in which sampling numbers them.</summary>
    public string Charset { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int>? Shape => null;

    /// <inheritdoc/>
    public override DType? DType => null;

    /// <inheritdoc/>
    public override bool Contains(Value value)
    {
        if (Iteration.TextOf(value) is not { } text)
            return false;
        var length = 0;
        foreach (var character in Iteration.CodePoints(text))
        {
            if (++length > MaxLength || !_characterSet.Contains(character))
                return false;
        }
        return length >= MinLength;
    }

    /// <inheritdoc/>
    public override bool Equals(Space? other) => other is Text text
        && MinLength == text.MinLength && MaxLength == text.MaxLength && _characterSet.SetEquals(text._characterSet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MinLength, MaxLength, _characterSet.Count);

    /// <inheritdoc/>
    public override string ToString() =>
        $"Text({MinLength}, {MaxLength}, charset={string.Concat(_characters.OrderBy(CodePointOf))})";

    /// <inheritdoc/>
    protected override Value Draw(Value mask, Value probability)
    {
        var given = mask.IsNone ? probability : mask;
        var (lengthPart, characterPart) = given.IsNone ? default : (SampleMask.Parts(given, 2)[0], SampleMask.Parts(given, 2)[1]);
        var fixedLength = LengthOf(lengthPart);
        var weights = WeightsOf(characterPart, isProbability: mask.IsNone);
        var length = fixedLength ?? NpRandom.Integers(MinLength, MaxLength, endpoint: true);
        if (!weights.AsSpan().ContainsAnyExcept(0.0))
        {
            return MinLength == 0 ? "" : throw new ArgumentException(
                $"No character may be drawn and the least length is {MinLength}; let the mask have a 1, or the charset a character.", nameof(mask));
        }
        if (weights.Length != _characters.Length)
            throw new InvalidOperationException($"The charset '{Charset}' has a character twice; give each once to sample.");
        var indices = new long[length];
        NpRandom.ChoiceIndices(indices, weights);
        return string.Concat(indices.Select(index => _characters[index]));
    }

    private static int CodePointOf(string character) => character.Length == 2 ? char.ConvertToUtf32(character, 0) : character[0];

    private long? LengthOf(Value part)
    {
        if (part.IsNone)
            return null;
        var length = Sequence.IntegerOf(part) ?? throw new ArgumentException($"The length is {ValueText.TypeName(part)} {part}; it must be an integer.", nameof(part));
        return length >= MinLength && length <= MaxLength
            ? length
            : throw new ArgumentException($"The length is {length}; it must be from {MinLength} to {MaxLength}.", nameof(part));
    }

    private double[] WeightsOf(Value part, bool isProbability)
    {
        var weights = new double[_characterSet.Count];
        if (part.IsNone)
        {
            Array.Fill(weights, 1.0 / weights.Length);
        }
        else if (isProbability)
        {
            SampleMask.Probabilities(part, [weights.Length]).CopyTo(weights);
            SampleMask.CheckedSum(weights);
        }
        else
        {
            var flags = SampleMask.Flags(part, [weights.Length]);
            var count = flags.Count((sbyte)1);
            for (var index = 0; index < weights.Length; index++)
                weights[index] = flags[index] == 0 ? 0 : 1.0 / count;
        }
        return weights;
    }
}
