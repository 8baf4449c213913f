// Learns to balance a pole, draws how it learned, and shows an episode: learning-curve.svg and episode.png, an animation.
//
//     dotnet run -c Release --project examples/csharp-learning                                              the environment in C#, in this process
//     dotnet run -c Release --project examples/csharp-learning -- --address tcp://127.0.0.1:65432           Gymnasium's own in Python, on a server: the same numbers
using System.Globalization;
using SocketGym;
using SocketGym.Client;
using SocketGym.Core.Environments;
using SocketGym.Examples.CSharpLearning;

// The first seed of the episodes that judge the policy; learning uses those from 1 on.
const int FirstTestSeed = 10_000;
const int FramesPerSecond = 10;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var options = Options.Parse(args);
using var env = Make(renderMode: null);
var goal = env.Spec?.RewardThreshold ?? double.PositiveInfinity;
var search = new CrossEntropySearch(env.ObservationSpace.Shape!.Value[0], options.Seed);
var curve = new LearningCurve();

for (var generation = 1; generation <= options.Generations; generation++)
{
    // Every candidate of a generation meets the same start.
    var returns = search.Advance(weights => new LinearPolicy(weights).Play(env, seed: generation));
    curve.Add(returns.Average(), returns[0]);
    Console.WriteLine($"generation {generation,2}: mean return {returns.Average(),6:F2}, best {returns[0],5:F1} |{new string('#', (int)(returns.Average() / 10))}");
    if (returns.Average() >= goal)
        break;
}

var policy = new LinearPolicy(search.Mean);
var scores = Enumerable.Range(FirstTestSeed, options.Episodes).Select(seed => policy.Play(env, seed)).ToArray();
Console.WriteLine($"{scores.Length} new episodes: mean return {scores.Average():F2}, worst {scores.Min():F1}, asked for {goal:F1}");

curve.Save(Path.Combine(options.Out, "learning-curve.svg"), $"{options.Id}, cross-entropy method, seed {options.Seed}", goal);
var frames = Film(policy);
Console.WriteLine($"wrote learning-curve.svg and episode.png ({frames} frames)");
return 0;

// IEnvironment is all that the rest of the program knows.
IEnvironment Make(string? renderMode) => options.Address is null
    ? Gym.Make(options.Id, renderMode)
    : SocketGymClient.Make($"python:{options.Id}", options.Address, renderMode);

int Film(LinearPolicy actor)
{
    using var stage = Make(renderMode: "rgb_array");
    var stepsPerFrame = (int)stage.Metadata["render_fps"].ToDouble() / FramesPerSecond;
    AnimatedPng? film = null;
    var step = 0;
    actor.Play(stage, FirstTestSeed, () =>
    {
        if (step++ % stepsPerFrame != 0)
            return;
        var frame = stage.Render().AsArray();
        film ??= new AnimatedPng(frame.Shape[1], frame.Shape[0], FramesPerSecond);
        film.Add(frame.Bytes);
    });
    film!.Save(Path.Combine(options.Out, "episode.png"));
    return film.Count;
}
