using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Tests;

/// <summary>Workers that are forked from a supervisor.</summary>
public sealed class ForkedWorkerEnvironmentTests : HostedEnvironmentTests
{
    private protected override PythonInterpreter Interpreter => PythonForTests.Interpreter;
}
