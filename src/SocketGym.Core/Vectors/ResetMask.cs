using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Vectors;

/// <summary>The option <c>reset_mask</c> of a vector's reset: which environments are reset.</summary>
public static class ResetMask
{
    /// <summary>The option's name.</summary>
    public const string Name = "reset_mask";

    /// <summary>Takes the mask out of the options.</summary>
    /// <param name="options">The options; on return those that are for the environments.</param>
    /// <param name="count">How many environments there are.</param>
    /// <returns>Whether each is reset; null where there is no mask, so that all are.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InvalidArgument"/>: it is no array of as many bools, or names no environment.</exception>
    public static bool[]? Take(ref ValueDictionary? options, int count)
    {
        if (options is null || !options.TryGetValue(Name, out var given))
            return null;
        var rest = new ValueDictionary();
        foreach (var (key, value) in options)
        {
            if (!key.Equals(Name))
                rest.Add(key, value);
        }
        options = rest;
        if (given.Kind != ValueKind.Array || !given.AsArray().DType.Equals(DType.Bool) || !given.AsArray().Shape.SequenceEqual([count]))
            throw new SocketGymException(ErrorCode.InvalidArgument, $"{Name} is {given} ({ValueText.TypeName(given)}); it must be an array of {count} bool.");
        var mask = given.AsArray().AsSpan<bool>().ToArray();
        return mask.Contains(true)
            ? mask
            : throw new SocketGymException(ErrorCode.InvalidArgument, $"{Name} names no environment; leave it out to reset all.");
    }

    /// <summary>What a step throws in the mode <see cref="AutoresetMode.Disabled"/> while an episode is over.</summary>
    /// <param name="index">The environment whose episode is over.</param>
    /// <returns>The error, not thrown.</returns>
    public static SocketGymException Needed(int index) => new(
        ErrorCode.ResetNeeded, $"The episode of environment {index} is over, and the vector resets none; reset with the option '{Name}'.")
    {
        RemoteType = "AssertionError",
    };

    /// <summary>What a call throws after a step or reset that some environments have taken and others have not.</summary>
    /// <returns>The error, not thrown.</returns>
    public static SocketGymException AllNeeded() =>
        new(ErrorCode.ResetNeeded, "An error ended the last step or reset before every environment had taken it; reset them all.");
}
