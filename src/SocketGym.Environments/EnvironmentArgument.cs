using SocketGym.Core.Values;

namespace SocketGym.Environments;

/// <summary>A keyword argument of an environment's constructor, and the values for which the native version is exact.</summary>
/// <param name="Name">Its name in Gymnasium.</param>
/// <param name="Accepts">Whether the native version covers a value.</param>
/// <param name="Expected">What it covers, in words that follow "give".</param>
internal sealed record EnvironmentArgument(string Name, Func<Value, bool> Accepts, string Expected)
{
    // Beyond it not every int is a double.
    private const long MaxExactInt = 1L << 53;

    /// <summary>An argument that is a <c>bool</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The argument.</returns>
    public static EnvironmentArgument Flag(string name) => new(name, value => value.Kind == ValueKind.Bool, "True or False");

    /// <summary>An argument that is a number.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The argument.</returns>
    public static EnvironmentArgument Number(string name) => new(name, IsNumber, "a float, or an int up to 2**53");

    /// <summary>Whether a value is a <c>float</c>, or an <c>int</c> that a double holds exactly.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsNumber(Value value) => value.Kind == ValueKind.Float || (value.IsInt64 && value.AsInt64() is >= -MaxExactInt and <= MaxExactInt);
}
