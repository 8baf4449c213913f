using SocketGym.Hosting;

var builder = SocketGymHost.CreateBuilder().Listen(args.FirstOrDefault("tcp://127.0.0.1:65432"));
builder.Environments.Add("Lander-v0", () => new Lander(), maxEpisodeSteps: 400);
builder.Build().Run();
