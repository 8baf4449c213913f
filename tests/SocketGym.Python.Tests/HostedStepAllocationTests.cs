using SocketGym.Core.Values;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Tests;

/// <summary>What a step of a worker costs the thread that asks for it.</summary>
public sealed class HostedStepAllocationTests
{
    private const int Steps = 2_000;

    [Theory]
    [InlineData("CartPole-v1", "int")]
    [InlineData("CartPole-v1", "int64")]
    [InlineData("MountainCarContinuous-v0", "array")]
    public void A_step_of_a_worker_allocates_nothing(string id, string type)
    {
        var provider = new PythonEnvironmentProvider(PythonForTests.Interpreter);
        using var environment = PythonForTests.Make(provider, id);
        Value action = type switch { "int" => 1, "int64" => Value.Scalar(1L), _ => NDArray.Of<float>([0.5f]) };
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Run();

        // The first reset of each run is seeded, which is a message; a single object a step would be 24 bytes times the steps.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Steps);

        void Run()
        {
            environment.Reset(0);
            for (var step = 0; step < Steps; step++)
            {
                var result = environment.Step(action);
                if (result.Terminated.AsBool() || result.Truncated.AsBool())
                    environment.Reset();
            }
        }
    }
}
