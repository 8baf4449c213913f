using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Client;

/// <summary>One environment that a server offers.</summary>
/// <param name="Id">What <see cref="SocketGymClient.Make(string, string?, string?, ValueDictionary?)"/> takes.</param>
/// <param name="Host">Who runs it: <c>native</c> or <c>python</c>.</param>
public sealed record EnvironmentListing(string Id, string Host)
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
            listings.Add(new EnvironmentListing(id.AsString(), host.AsString()));
        }
        return listings;
    }

    private static SocketGymException Malformed(Value found) =>
        new(ErrorCode.MalformedMessage, $"The server's list of environments has {found} where a dict with 'id' and 'host' belongs.");
}
