// What a step of CartPole-v1 costs without any network: in a Python loop; in CPython embedded in this process; in a Python worker
// that is asked from C# through shared memory; and native, in this process. The worker has a processor of its own where there are two.
//
//     dotnet run -c Release --project benchmarks/StepCost -- [python3] [steps] [rounds]
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SocketGym;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;
using SocketGym.Python.Embedded;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

var python = args.Length > 0 ? args[0] : "python3";
var steps = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;

// The native steps are so much faster that as many of them would take no time that could be measured.
const int NativeFactor = 50;
const string Loop = """
    import time
    import gymnasium


    def speed(count):
        env = gymnasium.make("CartPole-v1")
        env.reset(seed=0)
        state = 1
        start = time.perf_counter()
        for _ in range(count):
            state = (state * 1103515245 + 12345) & 0x7fffffff
            _, _, terminated, truncated, _ = env.step(state >> 16 & 1)
            if terminated or truncated:
                env.reset()
        return count / (time.perf_counter() - start)


    class LoopEnv(gymnasium.Env):
        observation_space = action_space = gymnasium.spaces.Discrete(1)

        def speed(self, count):
            return speed(count)


    gymnasium.register("Loop-v0", LoopEnv)
    """;
const string Program = "import sys, stepcost; stepcost.speed(int(sys.argv[1]) // 10); print(stepcost.speed(int(sys.argv[1])))";

var pins = OperatingSystem.IsLinux() && Environment.ProcessorCount > 1;
string[] command = pins ? ["taskset", "-c", "1", python] : [python];
if (OperatingSystem.IsLinux() && pins)
    Process.GetCurrentProcess().ProcessorAffinity = 1;

using var interpreter = new PythonInterpreter(new PythonInterpreterOptions { Command = string.Join(' ', command) });
using var provider = new PythonEnvironmentProvider(interpreter);
using var environment = provider.Make("CartPole-v1", ValueDictionary.Empty);
var folder = Directory.CreateTempSubdirectory("stepcost").FullName;
File.WriteAllText(Path.Combine(folder, "stepcost.py"), Loop);
// The embedded interpreter is named by itself, since it is no process that could be pinned.
using var embeddable = new PythonInterpreter(new PythonInterpreterOptions
{
    Command = python,
    Fork = false,
    Imports = ["stepcost"],
    EnvironmentVariables = ImmutableDictionary<string, string?>.Empty.Add("PYTHONPATH", folder),
});
var embeddedProvider = new EmbeddedEnvironmentProvider(embeddable);
using var embedded = embeddedProvider.Make("CartPole-v1", ValueDictionary.Empty);
using var loop = (EmbeddedEnvironment)embeddedProvider.Make("Loop-v0", ValueDictionary.Empty);
using var native = Gym.Make("CartPole-v1");
Run(environment, steps / 10);
Run(embedded, steps / 10);
Run(native, steps * NativeFactor);

var local = new List<double>();
var inLibrary = new List<double>();
var fromLibrary = new Row();
var hosted = new Row();
var inProcess = new Row();
for (var round = 0; round < rounds; round++)
{
    local.Add(RunLocal());
    inLibrary.Add(loop.Call("speed", [steps]).AsDouble());
    fromLibrary.Add(() => Run(embedded, steps), steps);
    hosted.Add(() => Run(environment, steps), steps);
    inProcess.Add(() => Run(native, steps * NativeFactor), steps * NativeFactor);
}

Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, .NET {Environment.Version}; {(pins ? "each side pinned to one of its own" : "not pinned")}");
Console.WriteLine($"benchmarks/StepCost, {rounds} rounds of {steps} steps ({steps * NativeFactor} native), alternating\n");
Console.WriteLine("| CartPole-v1 | steps/s, median (min to max) | ratio | bytes allocated a step |");
Console.WriteLine("| --- | --- | --- | --- |");
Directory.Delete(folder, recursive: true);
Console.WriteLine($"| a Python loop, gymnasium.make | {Row.Text(local)} | 1 | |");
Console.WriteLine($"| the same loop in the embedded library | {Row.Text(inLibrary)} | {Row.Ratio(inLibrary, local)} | |");
Console.WriteLine($"| the same embedded, stepped from C# | {fromLibrary.Compared(local)} |");
Console.WriteLine($"| the same in a worker, stepped from C# | {hosted.Compared(local)} |");
Console.WriteLine($"| native, Gym.Make in C# | {inProcess.Compared(local)} |");
Console.WriteLine($"\nStepped from C#, the embedded environment runs at {fromLibrary.Against(inLibrary)} of the loop in the same library.");

static double Run(IEnvironment environment, int count)
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
    foreach (var argument in (string[])[.. command[1..], "-c", Program, steps.ToString(CultureInfo.InvariantCulture)])
        start.ArgumentList.Add(argument);
    start.Environment["PYTHONPATH"] = folder;
    using var process = Process.Start(start)!;
    var text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>The speeds of one way over the rounds, and the least that a round allocated.</summary>
internal sealed class Row
{
    private readonly List<double> _speeds = [];
    private double _allocated = double.MaxValue;

    public void Add(Func<double> run, int steps)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        _speeds.Add(run());
        _allocated = Math.Min(_allocated, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / steps);
    }

    public string Compared(List<double> baseline) =>
        string.Create(CultureInfo.InvariantCulture, $"{Text(_speeds)} | {Against(baseline)} | {_allocated:F1}");

    public string Against(List<double> baseline) => Ratio(_speeds, baseline);

    public static string Ratio(List<double> values, List<double> baseline) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(values) / Median(baseline):F2}");

    public static string Text(List<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(values):N0} ({values.Min():N0} to {values.Max():N0})");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
