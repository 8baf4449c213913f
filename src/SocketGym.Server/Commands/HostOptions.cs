using System.CommandLine;
using SocketGym.Hosting;
using SocketGym.Hosting.Configuration;

namespace SocketGym.Server.Commands;

/// <summary>The options that choose what is offered, common to the commands; they win over the configuration file.</summary>
internal sealed class HostOptions
{
    private readonly Option<FileInfo?> _config = new("--config", "-c") { Description = $"A configuration file (JSON with comments). Default: the one that {ServerConfiguration.Variable} names, else none." };
    private readonly Option<string?> _python = new("--python") { Description = "The Python interpreter, or a command that starts one. Default: SOCKETGYM_PYTHON, else python3 on PATH." };
    private readonly Option<bool> _noPython = new("--no-python") { Description = "Offer native environments only." };
    private readonly Option<bool> _embedded = new("--embedded") { Description = "Let clients ask for Python environments in the server's own process, with embedded: in front of the id." };
    private readonly Option<string[]> _imports = new("--import") { Description = "A Python module to import before environments are made; may be repeated." };

    private readonly Option<string[]> _environmentTypes = new("--allow-env-type") { Description = "An env_type that gym_service's clients may ask for: X imports gym_X at their word; may be repeated." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_python);
        command.Add(_noPython);
        command.Add(_embedded);
        command.Add(_imports);
        command.Add(_environmentTypes);
    }

    /// <summary>Reads the configuration file, if one is named, and puts the options over it.</summary>
    public ServerConfiguration LoadConfiguration(ParseResult arguments)
    {
        var file = arguments.GetValue(_config)?.ToString() ?? Environment.GetEnvironmentVariable(ServerConfiguration.Variable);
        var configuration = string.IsNullOrEmpty(file) ? new ServerConfiguration() : ServerConfiguration.Load(file);
        return configuration with
        {
            Python = configuration.Python with
            {
                Embedded = arguments.GetValue(_embedded) || configuration.Python.Embedded,
                Interpreter = arguments.GetValue(_python) ?? configuration.Python.Interpreter,
                Imports = [.. configuration.Python.Imports, .. arguments.GetValue(_imports) ?? []],
            },
            Allow = configuration.Allow with
            {
                EnvironmentTypes = [.. configuration.Allow.EnvironmentTypes, .. arguments.GetValue(_environmentTypes) ?? []],
            },
        };
    }

    /// <summary>Starts a builder with the built-in environments and a configuration.</summary>
    public SocketGymHostBuilder CreateBuilder(ParseResult arguments, ServerConfiguration configuration) =>
        SocketGymHost.CreateBuilder().AddBuiltInEnvironments().AddConfiguration(configuration, python: !arguments.GetValue(_noPython));
}
