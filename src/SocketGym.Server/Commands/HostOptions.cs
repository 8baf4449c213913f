using System.CommandLine;
using SocketGym.Hosting;
using SocketGym.Hosting.Configuration;
using SocketGym.Protocol.Messages;
using SocketGym.Python;

namespace SocketGym.Server.Commands;

/// <summary>The options that choose what is offered, common to the commands; they win over the configuration file.</summary>
internal sealed class HostOptions
{
    private readonly Option<FileInfo?> _config = new("--config", "-c") { Description = "A configuration file (JSON with comments)." };
    private readonly Option<string?> _python = new("--python") { Description = "The Python interpreter, or a command that starts one. Default: SOCKETGYM_PYTHON, else python3 on PATH." };
    private readonly Option<bool> _noPython = new("--no-python") { Description = "Offer native environments only." };
    private readonly Option<string[]> _imports = new("--import") { Description = "A Python module to import before environments are made; may be repeated." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_python);
        command.Add(_noPython);
        command.Add(_imports);
    }

    /// <summary>Reads the configuration file, if one is named.</summary>
    public ServerConfiguration LoadConfiguration(ParseResult arguments) =>
        arguments.GetValue(_config) is { } file ? ServerConfiguration.Load(file.FullName) : new ServerConfiguration();

    /// <summary>Starts a builder with everything but addresses.</summary>
    public SocketGymHostBuilder CreateBuilder(ParseResult arguments, ServerConfiguration configuration)
    {
        var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments();
        if (PythonOptions(arguments, configuration.Python) is { } python)
            builder.AddPython(python);
        builder.AllowPickle = configuration.Pickle;
        builder.Limits = new ServerLimits
        {
            MaxConnections = configuration.Limits.MaxConnections,
            Messages = MessageLimits.Default with { MaxFrameBytes = configuration.Limits.MaxFrameBytes },
            SendTimeout = TimeSpan.FromSeconds(configuration.Limits.SendTimeoutS),
        };
        return builder;
    }

    /// <summary>What to host Python with; null where it is off.</summary>
    public PythonOptions? PythonOptions(ParseResult arguments, PythonConfiguration configuration) =>
        arguments.GetValue(_noPython) || !configuration.Enabled
            ? null
            : new PythonOptions
            {
                Interpreter = arguments.GetValue(_python) ?? configuration.Interpreter,
                Imports = [.. configuration.Imports, .. arguments.GetValue(_imports) ?? []],
                Limits = new WorkerLimits
                {
                    Make = TimeSpan.FromSeconds(configuration.MakeTimeoutS),
                    Step = TimeSpan.FromSeconds(configuration.StepTimeoutS),
                },
            };
}
