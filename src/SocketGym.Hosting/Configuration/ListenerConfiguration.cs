using SocketGym.Protocol.Framing;

namespace SocketGym.Hosting.Configuration;

/// <summary>One address that a server listens on.</summary>
/// <param name="Address">The address.</param>
/// <param name="Pickle">Whether its connections may speak the pickle dialect; null for what the rest of the configuration says.</param>
public sealed record ListenerConfiguration(ServerAddress Address, bool? Pickle = null)
{
    internal static ListenerConfiguration Read(ConfigurationNode node)
    {
        if (!node.IsObject)
            return new(ReadAddress(node));
        var members = node.Members();
        var listener = new ListenerConfiguration(ReadAddress(members.Get("address")), members.Find("pickle")?.Flag());
        members.RefuseOthers();
        return listener;
    }

    private static ServerAddress ReadAddress(ConfigurationNode node)
    {
        try
        {
            return ServerAddress.Parse(node.Text());
        }
        catch (FormatException error) when (!error.Message.StartsWith(node.Place, StringComparison.Ordinal))
        {
            throw node.Refuse(error.Message);
        }
    }
}
