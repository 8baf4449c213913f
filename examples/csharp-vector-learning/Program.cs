// Learns to balance poles with as many environments as there are candidates for a policy, all stepped as one.
//
//     dotnet run -c Release --project examples/csharp-vector-learning                                          in this process
//     dotnet run -c Release --project examples/csharp-vector-learning -- tcp://127.0.0.1:65432                 on a server: the same numbers
//     dotnet run -c Release --project examples/csharp-vector-learning -- tcp://one:65432 tcp://two:65432       on two servers at the same time: the same numbers
//
// With --generations N it stops after so many, learned or not.
using System.Globalization;
using SocketGym;
using SocketGym.Client;
using SocketGym.Core.Vectors;
using SocketGym.Examples.CSharpVectorLearning;

const string Id = "CartPole-v1";
const int Candidates = 16;

// The first seed of the episodes that judge the policy; learning uses those from 1 on.
const int FirstTestSeed = 10_000;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var addresses = args.Where(argument => argument.Contains("://", StringComparison.Ordinal)).ToArray();
var option = Array.IndexOf(args, "--generations");
var generations = option < 0 ? 50 : int.Parse(args[option + 1], NumberStyles.None, CultureInfo.InvariantCulture);

// IVectorEnvironment is all that the rest of the program knows.
using IVectorEnvironment environments = addresses.Length == 0 ? Gym.MakeVec(Id, Candidates) : SocketGymVectorClient.Make(Id, Candidates, addresses);
var players = new LinearPlayers(environments);
var search = new PopulationSearch(Candidates, environments.SingleObservationSpace.Shape!.Value[0], seed: 1);
var goal = environments.Spec!.RewardThreshold!.Value;

for (var generation = 1; generation <= generations; generation++)
{
    // Every candidate of a generation meets the same start.
    var returns = players.Play(search.Draw(), Enumerable.Repeat(generation, Candidates));
    search.Learn(returns);
    Console.WriteLine($"generation {generation,2}: mean return {returns.Average(),6:F2}, best {returns.Max(),5:F1} |{new string('#', (int)(returns.Average() / 10))}");
    if (returns.Average() >= goal)
        break;
}

var scores = players.Play([.. Enumerable.Repeat(search.Mean, Candidates)], Enumerable.Range(FirstTestSeed, Candidates));
Console.WriteLine($"{Candidates} new episodes: mean return {scores.Average():F2}, worst {scores.Min():F1}, asked for {goal:F1}");
