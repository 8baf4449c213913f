using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Client;

/// <summary>One environment that a server offers.</summary>
/// <param name="Id">What <see cref="SocketGymClient.Make(string, string?, string?, ValueDictionary?)"/> takes.</param>
/// <param name="Host">Who runs it: <c>native</c> or <c>python</c>.</param>
/// <param name="Interpreter">The server's name of the interpreter that hosts it; null for its default one, and for none.</param>
/// <param name="Problem">Why it cannot be made, as far as the server knows without trying; null where nothing stands against it.</param>
public sealed record EnvironmentListing(string Id, string Host, string? Interpreter = null, string? Problem = null)
{
    internal static IReadOnlyList<EnvironmentListing> FromValue(Value list)
    {
        if (list.Kind != ValueKind.List)
            throw Malformed(list);
        var listings = new List<EnvironmentListing>();
        foreach (var item in list.AsItems())
        {
            if (item.Kind != ValueKind.Dict
                || !item.AsDict().TryGetValue("id", out var id)
                || !item.AsDict().TryGetValue("host", out var host)
                || id.Kind != ValueKind.String
                || host.Kind != ValueKind.String)
            {
                throw Malformed(item);
            }
            listings.Add(new EnvironmentListing(id.AsString(), host.AsString(), TextOrNull(item, "interpreter"), TextOrNull(item, "problem")));
        }
        return listings;
    }

    private static string? TextOrNull(Value entry, string name) =>
        entry.AsDict().TryGetValue(name, out var text) && text.Kind == ValueKind.String ? text.AsString() : null;

    private static SocketGymException Malformed(Value found) =>
        new(ErrorCode.MalformedMessage, $"The server's list of environments has {found} where a dict with 'id' and 'host' belongs.");
}
