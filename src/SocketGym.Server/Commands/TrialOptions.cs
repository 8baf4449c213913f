using System.CommandLine;

namespace SocketGym.Server.Commands;

/// <summary>The option of the commands that make environments.</summary>
internal sealed class TrialOptions
{
    private const double DefaultSeconds = 120;

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "The longest that one environment may take, in seconds. Default: 120.",
        DefaultValueFactory = _ => DefaultSeconds,
    };

    public TrialOptions() => _timeout.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<double>() is not (> 0 and <= int.MaxValue / 1000))
            result.AddError("--timeout must be a number of seconds above 0.");
    });

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Add(_timeout);

    /// <summary>The time limit.</summary>
    public TimeSpan TimeoutOf(ParseResult arguments) => TimeSpan.FromSeconds(arguments.GetValue(_timeout));
}
