using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Tests;

/// <summary>Workers that are started by themselves.</summary>
public sealed class SpawnedWorkerEnvironmentTests : HostedEnvironmentTests
{
    private protected override PythonInterpreter Interpreter => PythonForTests.SpawningInterpreter;
}
