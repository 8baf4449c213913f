using System.Diagnostics;
using SocketGym.Hosting;
using SocketGym.Python.Interpreters;

namespace SocketGym.Client.Tests;

/// <summary>Runs examples/csharp-client, csharp-agent and csharp-vector-learning as a user does: as programs of their own.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task The_example_runs_an_episode_of_a_native_and_of_a_Python_environment_alike()
    {
        using var server = Serve();
        var native = await RunAsync("csharp-client", "native:CartPole-v1", server.Addresses[0].ToString(), "7");
        var python = await RunAsync("csharp-client", "python:CartPole-v1", server.Addresses[0].ToString(), "7");
        Assert.Matches(@"^native:CartPole-v1: \d+ steps, return \d+$", native.Output);
        Assert.Equal(native.Output.Replace("native", "python", StringComparison.Ordinal), python.Output);
        Assert.Equal(0, native.ExitCode);
    }

    [Fact]
    public async Task The_example_takes_actions_of_a_box()
    {
        using var server = Serve();
        var run = await RunAsync("csharp-client", "Pendulum-v1", server.Addresses[0].ToString(), "7");
        Assert.Matches(@"^Pendulum-v1: 200 steps, return -[\d.]+$", run.Output);
    }

    [Fact]
    public async Task The_example_names_what_goes_wrong()
    {
        using var server = Serve();
        Assert.Equal(1, (await RunAsync("csharp-client", "CartPole-v7", server.Addresses[0].ToString())).ExitCode);
        Assert.Equal(2, (await RunAsync("csharp-client")).ExitCode);
    }

    [Theory]
    [InlineData("native:CartPole-v1")]
    [InlineData("python:CartPole-v1")]
    public async Task The_agent_solves_CartPole(string id)
    {
        using var server = Serve();
        var run = await RunAsync("csharp-agent", id, server.Addresses[0].ToString());
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^generation  1: the best 5 of 20 return \d+\.\d\n", run.Output);
        Assert.Matches(@"\nsolved: the policy returns (4[789]\d|500)\.\d in 10 new episodes, and 475 were asked for$", run.Output);
    }

    [Fact]
    public async Task A_learner_sees_no_difference_between_its_own_process_a_server_and_two()
    {
        using var one = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0").Build();
        using var two = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().Listen("tcp://127.0.0.1:0").Build();
        one.Start();
        two.Start();
        string[] addresses = [one.Addresses[0].ToString(), two.Addresses[0].ToString()];
        var local = await RunAsync("csharp-vector-learning", "--generations", "2");
        Assert.Matches(@"^generation  1: mean return +\d+\.\d\d, best +\d+\.\d \|#+\ngeneration  2: .*\n16 new episodes: mean return \d+\.\d\d, worst \d+\.\d, asked for 475\.0$", local.Output);
        Assert.Equal(local, await RunAsync("csharp-vector-learning", "--generations", "2", addresses[0]));
        Assert.Equal(local, await RunAsync("csharp-vector-learning", ["--generations", "2", .. addresses]));
    }

    [Fact]
    public async Task The_vector_learner_solves_the_task()
    {
        var run = await RunAsync("csharp-vector-learning");
        var result = run.Output.Split('\n')[^1];
        Assert.True(double.Parse(result.Split("mean return ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture) >= 475, run.Output);
    }

    private static SocketGymServer Serve()
    {
        var server = SocketGymHost.CreateBuilder()
            .AddBuiltInEnvironments()
            .AddPython(new PythonInterpreterOptions { Command = PythonForTests.Command })
            .Listen("tcp://127.0.0.1:0")
            .Build();
        server.Start();
        return server;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{program}.dll"));
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
