namespace SocketGym.Client;

/// <summary>One environment that a server offers.</summary>
/// <param name="Id">What <see cref="SocketGymClient.Make(string, string?, string?, Core.Values.ValueDictionary?)"/> takes.</param>
/// <param name="Host">Who runs it: <c>native</c> or <c>python</c>.</param>
public sealed record EnvironmentListing(string Id, string Host);
