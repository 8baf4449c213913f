using System.CommandLine;

namespace SocketGym.Server.Commands;

/// <summary><c>socketgym list</c>: every environment on offer, one a line.</summary>
internal sealed class ListCommand
{
    private readonly HostOptions _host = new();

    public ListCommand()
    {
        Command = new Command("list", "Lists the environments that 'serve' would offer.");
        _host.AddTo(Command);
        Command.SetAction(Run);
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    private int Run(ParseResult arguments)
    {
        try
        {
            using var server = _host.CreateBuilder(arguments, _host.LoadConfiguration(arguments)).Build();
            foreach (var offer in server.Catalog.List())
                Console.WriteLine($"{offer.Host,-8} {offer.Id}");
            foreach (var note in server.Catalog.Notes())
                Console.Error.WriteLine($"note: {note}");
            return 0;
        }
        catch (Exception error) when (error is FormatException or IOException)
        {
            Console.Error.WriteLine($"socketgym: {error.Message}");
            return 1;
        }
    }
}
