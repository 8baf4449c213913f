// A server of the built-in environments, of images that cost nothing to draw, and of what Python has with the modules given as arguments. For every
// line on its standard input it prints how many bytes it has allocated so far; it ends with its input. benchmarks/run starts it.
using System.Globalization;
using SocketGym.Hosting;
using SocketGym.Python.Interpreters;

var builder = SocketGymHost.CreateBuilder()
    .Listen("tcp://127.0.0.1:0")
    .AddBuiltInEnvironments()
    .AddPython(new PythonInterpreterOptions { Imports = [.. args] });
builder.Environments.Add("Image480-v0", () => new ImageEnvironment(480, 640));
builder.Environments.Add("Image84-v0", () => new ImageEnvironment(84, 84));
using var server = builder.Build();
server.Start();
Console.WriteLine($"address {server.Addresses[0]}");
while (Console.ReadLine() is not null)
    Console.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
