// Runs one episode of an environment on a server, with random actions, and prints what it returned.
//
//     dotnet run -- CartPole-v1                               a native environment, at 127.0.0.1:65432
//     dotnet run -- python:Taxi-v4 tcp://gpu-box:5000 7       one in Python, on another machine, with a seed
using System.Globalization;
using SocketGym.Client;
using SocketGym.Core.Errors;

// Some environments never end an episode.
const int MaxSteps = 10_000;

if (args.Length is 0 or > 3)
{
    Console.Error.WriteLine("usage: csharp-client ID [ADDRESS [SEED]]");
    return 2;
}
var seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0;
try
{
    using var env = SocketGymClient.Make(args[0], args.Length > 1 ? args[1] : null);
    env.ActionSpace.Seed(seed);
    env.Reset(seed);

    var total = 0.0;
    var steps = 0;
    for (var done = false; !done && steps < MaxSteps; steps++)
    {
        var step = env.Step(env.ActionSpace.Sample());
        // Each part has the type that the environment gave it: a float here, a np.float64 there.
        total += step.Reward.ToDouble();
        done = step.Terminated.IsTrue || step.Truncated.IsTrue;
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{args[0]}: {steps} steps, return {total}"));
    return 0;
}
catch (SocketGymException error)
{
    Console.Error.WriteLine($"{error.Code}: {error.Message}");
    return 1;
}
