using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SocketGym.Hosting;
using SocketGym.Hosting.Configuration;
using SocketGym.Protocol.Framing;
using SocketGym.Protocol.Messages;

namespace SocketGym.Server.Commands;

/// <summary><c>socketgym serve</c>: listens until Ctrl-C or SIGTERM, then drains.</summary>
internal sealed class ServeCommand
{
    private const int Success = 0;
    private const int Failure = 1;

    private readonly HostOptions _host = new();
    private readonly Option<string?> _hostName = new("--host") { Description = "The TCP address to listen on. Default: 127.0.0.1." };
    private readonly Option<int?> _port = new("--port", "-p") { Description = "The TCP port; 0 chooses a free one. Default: 65432." };
    private readonly Option<string[]> _listen = new("--listen", "-l") { Description = "A whole address instead: tcp://host:port or unix:/path; may be repeated." };
    private readonly Option<string?> _pickle = new("--pickle") { Description = "Whether to speak gym_service's pickle dialect. Default: on." };
    private readonly Option<int?> _maxConnections = new("--max-connections") { Description = "The most connections at once. Default: 4096." };
    private readonly Option<int?> _maxFrameBytes = new("--max-frame-bytes") { Description = "The longest message accepted. Default: 268435456." };
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
        foreach (var option in (Option[])[_hostName, _port, _listen, _pickle, _maxConnections, _maxFrameBytes, _verbose])
            command.Add(option);
        _host.AddTo(command);
        command.SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        using var logging = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(arguments.GetValue(_verbose) ? LogLevel.Debug : LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true));
        try
        {
            var configuration = _host.LoadConfiguration(arguments);
            var builder = _host.CreateBuilder(arguments, configuration);
            builder.LoggerFactory = logging;
            Configure(builder, arguments, configuration);
            using var server = builder.Build();
            server.Start();
            new Banner(Console.Out).Print(server);
            WaitForSignal();
            Console.WriteLine("Draining; press Ctrl-C again to end at once.");
            server.Stop();
            return Success;
        }
        catch (Exception error) when (error is FormatException or IOException or SocketException or ArgumentException)
        {
            Console.Error.WriteLine(Explain(error));
            return Failure;
        }
    }

    private void Configure(SocketGymHostBuilder builder, ParseResult arguments, ServerConfiguration configuration)
    {
        foreach (var address in Addresses(arguments, configuration))
            builder.Listen(address);
        builder.AllowPickle = arguments.GetValue(_pickle) is { } pickle ? pickle == "on" : configuration.Pickle;
        builder.Limits = builder.Limits with
        {
            MaxConnections = arguments.GetValue(_maxConnections) ?? configuration.Limits.MaxConnections,
            Messages = MessageLimits.Default with { MaxFrameBytes = arguments.GetValue(_maxFrameBytes) ?? configuration.Limits.MaxFrameBytes },
        };
    }

    private IReadOnlyList<string> Addresses(ParseResult arguments, ServerConfiguration configuration)
    {
        var listen = arguments.GetValue(_listen) ?? [];
        var host = arguments.GetValue(_hostName);
        var port = arguments.GetValue(_port);
        if (host is null && port is null)
            return listen.Length > 0 ? listen : configuration.Listen;
        var name = host ?? "127.0.0.1";
        if (name.Contains(':', StringComparison.Ordinal) && !name.StartsWith("unix:", StringComparison.Ordinal))
            name = $"[{name.Trim('[', ']')}]";
        var tcp = name.StartsWith("unix:", StringComparison.Ordinal) ? name : string.Create(CultureInfo.InvariantCulture, $"tcp://{name}:{port ?? ServerAddress.DefaultPort}");
        return [tcp, .. listen];
    }

    private static void WaitForSignal()
    {
        using var signalled = new ManualResetEventSlim();
        void Handle(PosixSignalContext context)
        {
            // The first asks politely; the default of the second ends the process.
            context.Cancel = !signalled.IsSet;
            signalled.Set();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        signalled.Wait();
    }

    private static string Explain(Exception error) => error is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        ? "socketgym: the address is in use. Is a server running already? Choose another port with --port."
        : $"socketgym: {error.Message}";
}
