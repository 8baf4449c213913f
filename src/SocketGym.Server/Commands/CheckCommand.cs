using System.CommandLine;
using SocketGym.Core.Environments;

namespace SocketGym.Server.Commands;

/// <summary><c>socketgym check</c>: makes, resets and steps environments once each, and says which fail and why.</summary>
internal sealed class CheckCommand
{
    private const int Seed = 0;

    private readonly HostOptions _host = new();
    private readonly Argument<string[]> _ids = new("id") { Description = "The environments to check. Default: all on offer.", Arity = ArgumentArity.ZeroOrMore };
    private readonly TrialOptions _trial = new();

    public CheckCommand()
    {
        Command = new Command("check", "Makes, resets and steps each environment once; the exit status is 1 if one fails.") { _ids };
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
            var ids = arguments.GetValue(_ids) is { Length: > 0 } named ? named : [.. server.Catalog.List().Select(offer => offer.Id)];
            var failed = 0;
            for (var index = 0; index < ids.Length; index++)
            {
                Console.Error.WriteLine($"[{index + 1}/{ids.Length}] {ids[index]}");
                var error = new Trial(server.Catalog, ids[index], _trial.TimeoutOf(arguments)).Run(Exercise);
                Console.WriteLine(error is null ? $"ok      {ids[index]}" : $"failed  {ids[index]}  {error.Code}: {Table.OneLine(error.Message)}");
                failed += error is null ? 0 : 1;
            }
            Console.Error.WriteLine($"{ids.Length - failed} ok, {failed} failed");
            return failed == 0 ? 0 : 1;
        }
        catch (Exception error) when (CommandFailure.IsExpected(error))
        {
            return CommandFailure.Report(error);
        }
    }

    private static void Exercise(IEnvironment environment)
    {
        environment.ActionSpace.Seed(Seed);
        environment.Reset(Seed);
        environment.Step(environment.ActionSpace.Sample());
    }
}
