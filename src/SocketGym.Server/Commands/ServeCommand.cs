using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SocketGym.Hosting.Configuration;
using SocketGym.Hosting.Sessions;
using SocketGym.Protocol.Framing;

namespace SocketGym.Server.Commands;

/// <summary><c>socketgym serve</c>: listens until Ctrl-C, SIGTERM or, where that is asked for, the end of standard input, then drains.</summary>
internal sealed class ServeCommand
{
    private const int Success = 0;

    private readonly HostOptions _host = new();
    private readonly Option<string?> _hostName = new("--host") { Description = "The TCP address to listen on. Default: 127.0.0.1." };
    private readonly Option<int?> _port = new("--port", "-p") { Description = "The TCP port; 0 chooses a free one. Default: 65432." };
    private readonly Option<string[]> _listen = new("--listen", "-l") { Description = "A whole address instead: tcp://host:port or unix:/path; may be repeated." };
    private readonly Option<string?> _pickle = new("--pickle") { Description = "Whether to speak gym_service's pickle dialect. Default: on." };
    private readonly Option<int?> _maxConnections = new("--max-connections") { Description = "The most connections at once. Default: 4096." };
    private readonly Option<int?> _maxFrameBytes = new("--max-frame-bytes") { Description = "The longest message accepted. Default: 268435456." };
    private readonly Option<bool> _exitWithStdin = new("--exit-with-stdin") { Description = "End with standard input, too: a program that holds its other end takes the server along, however it ends itself." };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Log connections." };

    public ServeCommand()
    {
        _pickle.AcceptOnlyFromAmong("on", "off");
        Command = new Command("serve", "Serves environments until Ctrl-C.");
        AddTo(Command);
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>Makes another command, the root, do the same.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_hostName, _port, _listen, _pickle, _maxConnections, _maxFrameBytes, _exitWithStdin, _verbose])
            command.Add(option);
        _host.AddTo(command);
        command.SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        using var logging = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(arguments.GetValue(_verbose) ? LogLevel.Debug : LogLevel.Warning)
            .AddFilter(EnvironmentLog.Category, LogLevel.Information)
            .AddSimpleConsole(console => console.SingleLine = true)
            // A terminal that takes nothing must not hold up an environment that prints.
            .Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite));
        try
        {
            var builder = _host.CreateBuilder(arguments, PutOver(_host.LoadConfiguration(arguments), arguments));
            builder.LoggerFactory = logging;
            using var server = builder.Build();
            using (var end = new StopSignal(arguments.GetValue(_exitWithStdin)))
            {
                server.Start();
                new Banner(Console.Out).Print(server);
                end.Wait();
            }
            Console.WriteLine("Draining; press Ctrl-C again to end at once.");
            server.Stop();
            return Success;
        }
        catch (Exception error) when (CommandFailure.IsExpected(error))
        {
            return CommandFailure.Report(error);
        }
    }

    private ServerConfiguration PutOver(ServerConfiguration configuration, ParseResult arguments)
    {
        var pickle = arguments.GetValue(_pickle) is { } choice ? choice == "on" : (bool?)null;
        var listeners = Addresses(arguments)?.Select(address => new ListenerConfiguration(address)) ?? configuration.Listen;
        return configuration with
        {
            // Who says on or off on the command line means every listener.
            Listen = [.. listeners.Select(listener => pickle is null ? listener : listener with { Pickle = pickle })],
            Pickle = pickle ?? configuration.Pickle,
            Limits = configuration.Limits with
            {
                MaxConnections = arguments.GetValue(_maxConnections) ?? configuration.Limits.MaxConnections,
                MaxFrameBytes = arguments.GetValue(_maxFrameBytes) ?? configuration.Limits.MaxFrameBytes,
            },
        };
    }

    private IReadOnlyList<ServerAddress>? Addresses(ParseResult arguments)
    {
        var listen = arguments.GetValue(_listen) ?? [];
        var host = arguments.GetValue(_hostName);
        var port = arguments.GetValue(_port);
        if (host is null && port is null)
            return listen.Length > 0 ? [.. listen.Select(ServerAddress.Parse)] : null;
        var name = host ?? "127.0.0.1";
        if (name.Contains(':', StringComparison.Ordinal) && !name.StartsWith("unix:", StringComparison.Ordinal))
            name = $"[{name.Trim('[', ']')}]";
        var tcp = name.StartsWith("unix:", StringComparison.Ordinal) ? name : string.Create(CultureInfo.InvariantCulture, $"tcp://{name}:{port ?? ServerAddress.DefaultPort}");
        return [ServerAddress.Parse(tcp), .. listen.Select(ServerAddress.Parse)];
    }
}
