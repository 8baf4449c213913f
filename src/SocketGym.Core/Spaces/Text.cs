using System.Collections.Immutable;
using SocketGym.Core.Values;

namespace SocketGym.Core.Spaces;

/// <summary>Strings over a character set, with a least and a greatest length.</summary>
public sealed class Text : Space
{
    /// <summary>The 62 letters and digits that Gymnasium takes by default.</summary>
    public const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Makes a text space.</summary>
    /// <param name="maxLength">The greatest length in characters (Unicode code points), inclusive.</param>
    /// <param name="minLength">The least length, inclusive.</param>
    /// <param name="charset">The characters, in the order in which sampling numbers them.</param>
    /// <exception cref="ArgumentException">The lengths are negative or the wrong way round.</exception>
    public Text(int maxLength, int minLength = 1, string charset = Alphanumeric)
    {
        ArgumentNullException.ThrowIfNull(charset);
        if (minLength < 0 || maxLength < minLength)
            throw new ArgumentException($"min_length is {minLength} and max_length is {maxLength}; 0 <= min_length <= max_length must hold.", nameof(maxLength));
        MaxLength = maxLength;
        MinLength = minLength;
        Charset = charset;
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
}
