using System.CommandLine;
using SocketGym.Hosting;
using SocketGym.Hosting.Configuration;

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
        builder.AllowPickle = configuration.Pickle;
        builder.Limits = configuration.Limits.ToLimits();
        if (configuration.Python.Enabled && !arguments.GetValue(_noPython))
            builder.AddPython(configuration.Python.ToOptions(arguments.GetValue(_python), arguments.GetValue(_imports)), configuration.Python.ToLimits());
        return builder;
    }
}
