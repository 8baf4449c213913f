// Learns to balance a pole: a linear policy found by the cross-entropy method, in C#, on Gymnasium's own environment in Python.
//
//     dotnet run -c Release --project examples/csharp-agent                                    python:CartPole-v1 at 127.0.0.1:65432
//     dotnet run -c Release --project examples/csharp-agent native:CartPole-v1 gpu-box:5000    any two actions, any box of floats
using System.Globalization;
using SocketGym.Client;
using SocketGym.Core.Seeding;

const int MaxGenerations = 50;
const int Population = 20;
const int Elite = 5;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var env = SocketGymClient.Make(args.Length > 0 ? args[0] : "python:CartPole-v1", args.Length > 1 ? args[1] : null);
var goal = env.Spec?.RewardThreshold ?? double.PositiveInfinity;
var random = Generator.FromSeed(1);
var mean = new double[env.ObservationSpace.Shape!.Value[0]];
var spread = Enumerable.Repeat(1.0, mean.Length).ToArray();

for (var generation = 1; generation <= MaxGenerations; generation++)
{
    // Every candidate of a generation meets the same start.
    var seed = generation;
    var best = Enumerable.Range(0, Population)
        .Select(_ => mean.Zip(spread, random.Normal).ToArray())
        .Select(weights => (Weights: weights, Return: PlayEpisode(weights, seed)))
        .OrderByDescending(candidate => candidate.Return)
        .Take(Elite)
        .ToList();
    for (var index = 0; index < mean.Length; index++)
    {
        var values = best.Select(candidate => candidate.Weights[index]).ToList();
        mean[index] = values.Average();
        spread[index] = Math.Sqrt(values.Average(value => Math.Pow(value - mean[index], 2))) + 0.05;
    }
    var average = best.Average(candidate => candidate.Return);
    Console.WriteLine($"generation {generation,2}: the best {Elite} of {Population} return {average:F1}");
    if (average < goal)
        continue;
    var score = Enumerable.Range(1000, 10).Average(start => PlayEpisode(mean, start));
    if (score >= goal)
    {
        Console.WriteLine($"solved: the policy returns {score:F1} in 10 new episodes, and {goal:F0} were asked for");
        return 0;
    }
}
Console.WriteLine($"not solved in {MaxGenerations} generations");
return 1;

double PlayEpisode(double[] weights, int seed)
{
    env.Reset(seed);
    for (var total = 0.0; ;)
    {
        // The bytes that were received, not a copy.
        var observation = env.Observation<float>();
        var sum = 0.0;
        for (var index = 0; index < weights.Length; index++)
            sum += weights[index] * observation[index];
        var (_, reward, terminated, truncated, _) = env.Step(sum > 0 ? 1 : 0);
        total += reward.ToDouble();
        if (terminated.IsTrue || truncated.IsTrue)
            return total;
    }
}
