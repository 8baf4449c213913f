using BenchmarkDotNet.Attributes;
using SocketGym.Core.Environments;
using SocketGym.Core.Values;

namespace SocketGym.Benchmarks.Micro;

/// <summary>A step of one environment as <c>Gym.Make</c> makes it, with the resets that go with it.</summary>
[MemoryDiagnoser]
public class NativeSteps
{
    private const int Steps = 1_000;

    private IEnvironment _environment = null!;
    private Value[] _actions = null!;

    public static IEnumerable<string> Ids => Gym.Registry.ListIds();

    [ParamsSource(nameof(Ids))]
    public string Id { get; set; } = "";

    [GlobalSetup]
    public void Make()
    {
        _environment = Gym.Make(Id);
        _environment.ActionSpace.Seed(1);
        _actions = [.. Enumerable.Range(0, Steps).Select(_ => _environment.ActionSpace.Sample())];
        _environment.Reset(1);
    }

    [GlobalCleanup]
    public void Close() => _environment.Dispose();

    [Benchmark(OperationsPerInvoke = Steps)]
    public void Step()
    {
        foreach (var action in _actions)
        {
            var result = _environment.Step(action);
            if (result.Terminated.IsTrue || result.Truncated.IsTrue)
                _environment.Reset();
        }
    }
}
