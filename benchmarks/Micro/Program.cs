// What small pieces cost, without sockets: a step of each native environment, a step of a vector, and a message of each codec.
//
//     dotnet run -c Release --project benchmarks/Micro                          all, some minutes
//     dotnet run -c Release --project benchmarks/Micro -- --filter '*Vector*'   some
//     dotnet run -c Release --project benchmarks/Micro -- --list flat           their names
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SocketGym.Benchmarks.Micro;

// In this process: a project of BenchmarkDotNet's own would be built under the rules of this repository.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(10);
var config = DefaultConfig.Instance.AddJob(job).AddColumn(new StepsPerSecond()).WithOptions(ConfigOptions.JoinSummary);
BenchmarkSwitcher.FromAssembly(typeof(NativeSteps).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
