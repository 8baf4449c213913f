using BenchmarkDotNet.Attributes;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;

namespace SocketGym.Benchmarks.Micro;

/// <summary>A step of all environments of a vector: one by one or as a batch, on one thread, on two, or on as many as turn out fastest.</summary>
[MemoryDiagnoser]
public class VectorSteps
{
    private IVectorEnvironment _vector = null!;
    private Value[] _actions = null!;
    private int _step;

    [Params(8, 64, 1_024, 8_192)]
    public int Count { get; set; }

    [Params("CartPole-v1")]
    public string Id { get; set; } = "";

    [GlobalSetup(Target = nameof(OneByOne))]
    public void MakeOneByOne() => Begin(MakeSingles(1));

    [GlobalSetup(Target = nameof(OneByOneOnTwoThreads))]
    public void MakeOneByOneOnTwoThreads() => Begin(MakeSingles(2));

    [GlobalSetup(Target = nameof(Batch))]
    public void MakeBatch() => Begin(Gym.MakeVec(Id, Count, threads: 1));

    [GlobalSetup(Target = nameof(BatchOnTwoThreads))]
    public void MakeBatchOnTwoThreads() => Begin(Gym.MakeVec(Id, Count, threads: 2));

    [GlobalSetup(Target = nameof(Automatic))]
    public void MakeAutomatic() => Begin(Gym.MakeVec(Id, Count));

    [GlobalCleanup]
    public void Close() => _vector.Dispose();

    [Benchmark(Baseline = true)]
    public void OneByOne() => Step();

    [Benchmark]
    public void OneByOneOnTwoThreads() => Step();

    [Benchmark]
    public void Batch() => Step();

    [Benchmark]
    public void BatchOnTwoThreads() => Step();

    [Benchmark]
    public void Automatic() => Step();

    private VectorEnvironment MakeSingles(int threads) => new(Enumerable.Range(0, Count).Select(_ => Gym.Make(Id)), threads: threads);

    private void Begin(IVectorEnvironment vector)
    {
        _vector = vector;
        _vector.ActionSpace.Seed(1);
        _actions = [.. Enumerable.Range(0, 16).Select(_ => _vector.ActionSpace.Sample())];
        _vector.Reset(1);
    }

    private void Step() => _vector.Step(_actions[_step++ % _actions.Length]);
}
