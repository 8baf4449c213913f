using System.Diagnostics;
using SocketGym.Hosting;
using SocketGym.Python.Interpreters;

namespace SocketGym.Client.Tests;

/// <summary>Runs examples/csharp-client as a user does: as a program of its own.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task The_example_runs_an_episode_of_a_native_and_of_a_Python_environment_alike()
    {
        using var server = Serve();
        var native = await RunAsync("native:CartPole-v1", server.Addresses[0].ToString(), "7");
        var python = await RunAsync("python:CartPole-v1", server.Addresses[0].ToString(), "7");
        Assert.Matches(@"^native:CartPole-v1: \d+ steps, return \d+$", native.Output);
        Assert.Equal(native.Output.Replace("native", "python", StringComparison.Ordinal), python.Output);
        Assert.Equal(0, native.ExitCode);
    }

    [Fact]
    public async Task The_example_takes_actions_of_a_box()
    {
        using var server = Serve();
        var run = await RunAsync("Pendulum-v1", server.Addresses[0].ToString(), "7");
        Assert.Matches(@"^Pendulum-v1: 200 steps, return -[\d.]+$", run.Output);
    }

    [Fact]
    public async Task The_example_names_what_goes_wrong()
    {
        using var server = Serve();
        Assert.Equal(1, (await RunAsync("CartPole-v7", server.Addresses[0].ToString())).ExitCode);
        Assert.Equal(2, (await RunAsync()).ExitCode);
    }

    private static SocketGymServer Serve()
    {
        var server = SocketGymHost.CreateBuilder()
            .AddBuiltInEnvironments()
            .AddPython(new PythonInterpreterOptions { Command = FindPython() })
            .Listen("tcp://127.0.0.1:0")
            .Build();
        server.Start();
        return server;
    }

    // The interpreter that tests/setup-python made, unless the environment names another.
    private static string? FindPython()
    {
        if (Environment.GetEnvironmentVariable(PythonInterpreter.Variable) is { Length: > 0 })
            return null;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SocketGym.sln")))
            folder = folder.Parent;
        return folder is null ? null : Path.Combine(folder.FullName, ".venv", "bin", "python3");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "csharp-client.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode != 0 || output.Length > 0, await errors);
        return (process.ExitCode, output.TrimEnd());
    }
}
