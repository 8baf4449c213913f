namespace SocketGym.Hosting.Environments;

/// <summary>One environment that a server offers.</summary>
/// <param name="Id">What a client asks for.</param>
/// <param name="Host">The name of the provider that makes it: <c>native</c> or <c>python</c>.</param>
public sealed record EnvironmentOffer(string Id, string Host);
