using SocketGym.Hosting;
using SocketGym.Hosting.Environments;

namespace SocketGym.Server.Commands;

/// <summary>What a server says when it has started: where it is, what it speaks and offers, and how to use it.</summary>
internal sealed class Banner(TextWriter output)
{
    private const int MaxIds = 8;
    private const string BestKnown = "CartPole-v1";

    /// <summary>Prints the banner. The address comes first: finding Python's environments may take a second.</summary>
    public void Print(SocketGymServer server)
    {
        output.WriteLine($"SocketGym {SocketGymServer.Version}");
        PrintAddresses(server);
        output.Flush();
        var offers = server.Catalog.List();
        foreach (var host in offers.GroupBy(HostOf).OrderBy(group => group.Key, StringComparer.Ordinal))
            output.WriteLine($"  {host.Key,-8} {Summary([.. host])}");
        foreach (var note in server.Catalog.Notes())
            output.WriteLine($"  note     {note}");
        output.WriteLine();
        output.WriteLine("  from socketgym import SocketGymClient");
        output.WriteLine($"  env = SocketGymClient(\"{Example(offers)}\", address=\"{server.Addresses[0]}\")");
        output.WriteLine("  observation, info = env.reset(seed=42)");
        output.WriteLine();
        output.WriteLine("Ctrl-C stops the server.");
        output.Flush();
    }

    private void PrintAddresses(SocketGymServer server)
    {
        var codecs = server.Codecs.Select(names => string.Join(", ", names)).ToList();
        var areAlike = codecs.Distinct().Count() == 1;
        for (var index = 0; index < codecs.Count; index++)
        {
            output.WriteLine($"  address  {server.Addresses[index]}");
            if (!areAlike || index == codecs.Count - 1)
                output.WriteLine($"  codecs   {codecs[index]}");
        }
    }

    private static string HostOf(EnvironmentOffer offer) => offer.Interpreter is { } interpreter ? $"{offer.Host} ({interpreter})" : offer.Host;

    private static string Example(IReadOnlyList<EnvironmentOffer> offers) =>
        offers.Count == 0 || offers.Any(offer => offer.Id == BestKnown) ? BestKnown : offers[0].Id;

    private static string Summary(IReadOnlyList<EnvironmentOffer> offers) => offers.Count <= MaxIds
        ? string.Join(", ", offers.Select(offer => offer.Id))
        : $"{string.Join(", ", offers.Take(MaxIds).Select(offer => offer.Id))} and {offers.Count - MaxIds} more (socketgym list)";
}
