namespace SocketGym.Core.Values;

/// <summary>Stands in an <c>info</c> for a value that cannot travel.</summary>
/// <param name="TypeName">The Python type's qualified name.</param>
/// <param name="Repr">The value's <c>repr</c>, shortened.</param>
public sealed record Opaque(string TypeName, string Repr);
