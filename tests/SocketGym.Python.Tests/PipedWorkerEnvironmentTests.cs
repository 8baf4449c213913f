using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Tests;

/// <summary>Workers that share no memory, as on systems that have none to share.</summary>
public sealed class PipedWorkerEnvironmentTests : HostedEnvironmentTests
{
    private protected override PythonInterpreter Interpreter => PythonForTests.PipedInterpreter;
}
