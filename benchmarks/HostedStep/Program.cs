// What it costs that an environment lives in another process: steps of CartPole-v1 in a Python loop, and the same steps of a
// worker, asked for from C# through shared memory. Each has a processor of its own where there are two.
//
//     dotnet run -c Release --project benchmarks/HostedStep -- [python3] [steps] [rounds]
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SocketGym.Core.Values;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

var python = args.Length > 0 ? args[0] : "python3";
var steps = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;

const string Loop = """
    import sys, time
    import gymnasium
    steps = int(sys.argv[1])
    env = gymnasium.make("CartPole-v1")
    for count in (steps // 10, steps):
        env.reset(seed=0)
        state = 1
        start = time.perf_counter()
        for _ in range(count):
            state = (state * 1103515245 + 12345) & 0x7fffffff
            _, _, terminated, truncated, _ = env.step(state >> 16 & 1)
            if terminated or truncated:
                env.reset()
        elapsed = time.perf_counter() - start
    print(steps / elapsed)
    """;

var pins = OperatingSystem.IsLinux() && Environment.ProcessorCount > 1;
string[] command = pins ? ["taskset", "-c", "1", python] : [python];
if (OperatingSystem.IsLinux() && pins)
    Process.GetCurrentProcess().ProcessorAffinity = 1;

using var interpreter = new PythonInterpreter(new PythonInterpreterOptions { Command = string.Join(' ', command) });
using var provider = new PythonEnvironmentProvider(interpreter);
using var environment = provider.Make("CartPole-v1", ValueDictionary.Empty);
Run(steps / 10);

var local = new List<double>();
var hosted = new List<double>();
var allocated = long.MaxValue;
for (var round = 0; round < rounds; round++)
{
    local.Add(RunLocal());
    var before = GC.GetAllocatedBytesForCurrentThread();
    hosted.Add(Run(steps));
    allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
}

Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, .NET {Environment.Version}; {(pins ? "each side pinned to one of its own" : "not pinned")}");
Console.WriteLine($"benchmarks/HostedStep, {rounds} rounds of {steps} steps, alternating\n");
Console.WriteLine("| CartPole-v1 | steps/s, median (min to max) | ratio | bytes allocated a step |");
Console.WriteLine("| --- | --- | --- | --- |");
Console.WriteLine($"| a Python loop, gymnasium.make | {Row(local)} | 1 | |");
Console.WriteLine($"| the same in a worker, stepped from C# | {Row(hosted)} | {Median(hosted) / Median(local):F2} | {(double)allocated / steps:F1} |");

double Run(int count)
{
    environment.Reset(0);
    var state = 1L;
    var start = Stopwatch.GetTimestamp();
    for (var step = 0; step < count; step++)
    {
        state = ((state * 1103515245) + 12345) & 0x7fffffff;
        var result = environment.Step((state >> 16) & 1);
        if (result.Terminated.AsBool() || result.Truncated.AsBool())
            environment.Reset();
    }
    return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
}

double RunLocal()
{
    var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true };
    foreach (var argument in (string[])[.. command[1..], "-c", Loop, steps.ToString(CultureInfo.InvariantCulture)])
        start.ArgumentList.Add(argument);
    using var process = Process.Start(start)!;
    var text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return double.Parse(text, CultureInfo.InvariantCulture);
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static string Row(List<double> values) => string.Create(CultureInfo.InvariantCulture, $"{Median(values):N0} ({values.Min():N0} to {values.Max():N0})");
