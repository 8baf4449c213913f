using CSharpServer;
using SocketGym.Core.Environments;
using SocketGym.Hosting;

// Serves an environment written in C# beside the built-in ones and whatever Python has.
//     dotnet run -c Release --project examples/csharp-server [ADDRESS]
var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().AddPython();
builder.Environments.Add(new NativeEnvironmentEntry(Thermostat.Declaration, Accepts: kwargs => kwargs.Count == 0, Make: _ => new Thermostat()));
if (args.Length > 0)
    builder.Listen(args[0]);

using var server = builder.Build();
server.Start();
Console.WriteLine($"serving at {server.Addresses[0]}; press Enter to stop");
Console.ReadLine();
