// What a frame of the classic control environments costs: drawn by pygame in Python, and by the native environments here.
//
//     dotnet run -c Release --project benchmarks/RenderCost -- [python3] [frames] [rounds]
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SocketGym;

var python = args.Length > 0 ? args[0] : "python3";
var frames = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 500;
var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;

// Each frame follows a step, and only the drawing is timed.
const string Loop = """
    import sys, time
    import gymnasium
    env = gymnasium.make(sys.argv[1], render_mode="rgb_array")
    env.action_space.seed(1)
    env.reset(seed=1)
    env.render()
    elapsed = 0.0
    for _ in range(int(sys.argv[2])):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        start = time.perf_counter()
        env.render()
        elapsed += time.perf_counter() - start
        if terminated or truncated:
            env.reset()
    print(int(sys.argv[2]) / elapsed)
    """;

Environment.SetEnvironmentVariable("SDL_VIDEODRIVER", "dummy");
Environment.SetEnvironmentVariable("SDL_AUDIODRIVER", "dummy");
Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, .NET {Environment.Version}");
Console.WriteLine($"benchmarks/RenderCost, {rounds} rounds of {frames} frames, alternating; frames/s, median (min to max)\n");
Console.WriteLine("| rgb_array | pygame | native | ratio | bytes allocated a frame |");
Console.WriteLine("| --- | --- | --- | --- | --- |");
foreach (var id in (string[])["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1"])
{
    var (drawnThere, drawnHere, allocated) = (new List<double>(), new List<double>(), long.MaxValue);
    Draw(id, frames);
    for (var round = 0; round < rounds; round++)
    {
        drawnThere.Add(DrawInPython(id));
        var (speed, bytes) = Draw(id, frames);
        drawnHere.Add(speed);
        allocated = Math.Min(allocated, bytes);
    }
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {id} | {Text(drawnThere)} | {Text(drawnHere)} | {Median(drawnHere) / Median(drawnThere):F1} | {allocated / frames} |"));
}

static (double Speed, long Allocated) Draw(string id, int frames)
{
    using var env = Gym.Make(id, "rgb_array");
    env.ActionSpace.Seed(1);
    env.Reset(1);
    env.Render();
    var (ticks, allocated) = (0L, 0L);
    for (var frame = 0; frame < frames; frame++)
    {
        var step = env.Step(env.ActionSpace.Sample());
        var (start, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        env.Render();
        ticks += Stopwatch.GetTimestamp() - start;
        allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        if (step.Terminated.IsTrue || step.Truncated.IsTrue)
            env.Reset();
    }
    return (frames / ((double)ticks / Stopwatch.Frequency), allocated);
}

double DrawInPython(string id)
{
    var start = new ProcessStartInfo(python) { RedirectStandardOutput = true };
    foreach (var argument in (string[])["-c", Loop, id, frames.ToString(CultureInfo.InvariantCulture)])
        start.ArgumentList.Add(argument);
    using var process = Process.Start(start)!;
    var text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return double.Parse(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static string Text(List<double> values) =>
    string.Create(CultureInfo.InvariantCulture, $"{Median(values):N0} ({values.Min():N0} to {values.Max():N0})");
