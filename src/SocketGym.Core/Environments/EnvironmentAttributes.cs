using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Core.Environments;

/// <summary>The attributes of any environment: those of one that offers none are none.</summary>
public static class EnvironmentAttributes
{
    /// <summary>The environment's attributes.</summary>
    /// <param name="environment">The environment.</param>
    /// <returns>The environment itself where it is <see cref="IAttributes"/>, else attributes of which there are none.</returns>
    public static IAttributes Of(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment as IAttributes ?? NoAttributes.Instance;
    }

    private sealed class NoAttributes : IAttributes
    {
        public static readonly NoAttributes Instance = new();

        public AttributeKind FindAttribute(string name) => AttributeKind.None;

        public Value GetAttribute(string name) => throw Unknown(name);

        public bool SetAttribute(string name, Value value, bool force = true) => force ? throw Unknown(name) : false;

        public Value Call(string name, IReadOnlyList<Value>? arguments = null, ValueDictionary? kwargs = null) => throw Unknown(name);

        private static SocketGymException Unknown(string name) =>
            new(ErrorCode.UnknownAttribute, $"The environment has no attribute '{name}': it does not implement IAttributes and so offers none.");
    }
}
