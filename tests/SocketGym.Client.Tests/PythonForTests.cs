using SocketGym.Python.Interpreters;

namespace SocketGym.Client.Tests;

/// <summary>The interpreter that tests/setup-python made, unless the environment names another.</summary>
internal static class PythonForTests
{
    /// <summary>Its path; null where <c>SOCKETGYM_PYTHON</c> decides.</summary>
    public static string? Command { get; } = Environment.GetEnvironmentVariable(PythonInterpreter.Variable) is { Length: > 0 }
        ? null
        : Path.Combine(Repository.Root, ".venv", "bin", "python3");
}
