using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Hosting.Environments;

namespace SocketGym.Server.Commands;

/// <summary><c>socketgym list</c>: every environment on offer, where it runs, and its spaces if they are asked for.</summary>
internal sealed class ListCommand
{
    // A column that does not apply; also what awk and cut need to count columns.
    private const string Nothing = "-";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly HostOptions _host = new();
    private readonly Option<bool> _spaces = new("--spaces") { Description = "Make each environment and show its spaces; takes a while with Python." };
    private readonly Option<bool> _json = new("--json") { Description = "Print a JSON list instead of a table." };
    private readonly TrialOptions _trial = new();

    public ListCommand()
    {
        Command = new Command("list", "Lists the environments that 'serve' would offer.") { _spaces, _json };
        _trial.AddTo(Command);
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
            var offers = server.Catalog.List();
            var rows = arguments.GetValue(_spaces) ? Describe(server.Catalog, offers, _trial.TimeoutOf(arguments)) : [.. offers.Select(offer => new Row(offer))];
            if (arguments.GetValue(_json))
                Console.WriteLine(new JsonArray([.. rows.Select(row => row.ToJson(arguments.GetValue(_spaces)))]).ToJsonString(Json));
            else
                Print(rows, arguments.GetValue(_spaces));
            foreach (var note in server.Catalog.Notes())
                Console.Error.WriteLine($"note: {note}");
            return 0;
        }
        catch (Exception error) when (CommandFailure.IsExpected(error))
        {
            return CommandFailure.Report(error);
        }
    }

    private static List<Row> Describe(EnvironmentCatalog catalog, IReadOnlyList<EnvironmentOffer> offers, TimeSpan timeout)
    {
        var rows = new List<Row>();
        foreach (var offer in offers)
        {
            Console.Error.WriteLine($"[{rows.Count + 1}/{offers.Count}] {offer.Id}");
            var row = new Row(offer);
            row.Error = new Trial(catalog, offer.Id, timeout).Run(row.Describe);
            rows.Add(row);
        }
        return rows;
    }

    private static void Print(List<Row> rows, bool withSpaces)
    {
        string[] head = withSpaces ? ["ID", "HOST", "INTERPRETER", "OBSERVATION", "ACTION"] : ["ID", "HOST", "INTERPRETER"];
        Table.Print(Console.Out, head, rows.Select(row => row.ToCells(withSpaces)));
        foreach (var row in rows.Where(row => row.Error is not null))
            Console.Error.WriteLine($"{row.Offer.Id}: {row.Error!.Code}: {row.Error.Message}");
    }

    private sealed class Row(EnvironmentOffer offer)
    {
        private string? _observation;
        private string? _action;

        public EnvironmentOffer Offer => offer;

        public SocketGymException? Error { get; set; }

        public void Describe(IEnvironment environment)
        {
            _observation = environment.ObservationSpace.ToString();
            _action = environment.ActionSpace.ToString();
        }

        public string[] ToCells(bool withSpaces)
        {
            string[] cells = [offer.Id, offer.Host, offer.Interpreter ?? Nothing];
            return withSpaces ? [.. cells, _observation ?? Error?.Code.ToString() ?? Nothing, _action ?? Nothing] : cells;
        }

        public JsonObject ToJson(bool withSpaces)
        {
            var entry = new JsonObject { ["id"] = offer.Id, ["host"] = offer.Host, ["interpreter"] = offer.Interpreter };
            if (!withSpaces)
                return entry;
            entry["observation_space"] = _observation;
            entry["action_space"] = _action;
            entry["error"] = Error is null ? null : new JsonObject { ["code"] = Error.Code.ToString(), ["message"] = Error.Message };
            return entry;
        }
    }
}
