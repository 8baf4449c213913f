using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Python.Embedded;
using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Tests;

/// <summary>Environments in the tests' own process.</summary>
public sealed class EmbeddedEnvironmentTests : HostedEnvironmentTests
{
    private protected override PythonInterpreter Interpreter => PythonForTests.Interpreter;

    private protected override IEnvironmentProvider Provider => new EmbeddedEnvironmentProvider(Interpreter);

    private protected override ErrorCode AfterClose => ErrorCode.NoEnvironment;
}
