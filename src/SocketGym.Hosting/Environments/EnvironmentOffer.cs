namespace SocketGym.Hosting.Environments;

/// <summary>One environment that a server offers.</summary>
/// <param name="Id">What a client asks for.</param>
/// <param name="Host">Where it runs: <c>native</c>, <c>python</c> or <c>embedded</c>, or the name of another provider.</param>
/// <param name="Interpreter">The configuration's name of the interpreter that hosts it; null for the one that is used unless another is named, and for no interpreter.</param>
/// <param name="Problem">Why it cannot be made, as far as that is known without starting anything; null where nothing stands against it.</param>
public sealed record EnvironmentOffer(string Id, string Host, string? Interpreter = null, string? Problem = null);
