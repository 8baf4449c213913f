using SocketGym.Core.Environments;
using SocketGym.Core.Wrappers;
using SocketGym.Hosting;

var builder = SocketGymHost.CreateBuilder();
builder.Environments.Add(new NativeEnvironmentEntry(
    Lander.Declaration,
    Accepts: kwargs => kwargs.Count == 0,
    Make: _ => new TimeLimit(new OrderEnforcing(new Lander()), Lander.Declaration.MaxEpisodeSteps!.Value)));
if (args.Length > 0)
    builder.Listen(args[0]);

using var server = builder.Build();
server.Start();
Console.WriteLine($"serving at {server.Addresses[0]}; press Enter to stop");
Console.ReadLine();
