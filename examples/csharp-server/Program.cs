// Serves an environment written in C# beside the built-in ones and whatever Python has.
//     dotnet run -c Release --project examples/csharp-server [ADDRESS]
using SocketGym.Hosting;

var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().AddPython().Listen(args.FirstOrDefault("tcp://127.0.0.1:65432"));
builder.Environments.Add("Thermostat-v0", () => new Thermostat(), maxEpisodeSteps: 200);
builder.Build().Run();
