using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Embedded;

/// <summary>The environments of a Python interpreter, made in this process: CPython is loaded into it as a library, through its stable ABI.</summary>
/// <remarks>
/// Thread-safe. On Linux, with CPython 3.8 or newer that has the GIL and a shared library. A process can have one interpreter; a provider of another one throws
/// <see cref="ErrorCode.InterpreterUnavailable"/>. It is loaded with the first environment and stays until the process ends, which then ends it, too.
/// An environment shares the process: it can crash it and read what it holds, and no call of it can be ended (<see cref="PythonEnvironmentProvider"/>'s can).
/// </remarks>
public sealed class EmbeddedEnvironmentProvider : IEnvironmentProvider
{
    private readonly PythonInterpreter _interpreter;
    private readonly MessageLimits _messages;
    private readonly PythonMakeOptions _options;

    /// <summary>Makes a provider; loads nothing.</summary>
    /// <param name="interpreter">The interpreter, or a virtual environment's. Not owned.</param>
    /// <param name="messages">What an observation, an info or an action may hold; null for <see cref="MessageLimits.Default"/>.</param>
    /// <param name="options">What the server's owner adds to the making of each environment; null for nothing. Its limits do nothing here.</param>
    public EmbeddedEnvironmentProvider(PythonInterpreter interpreter, MessageLimits? messages = null, PythonMakeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(interpreter);
        _interpreter = interpreter;
        _messages = messages ?? MessageLimits.Default;
        _options = options ?? PythonMakeOptions.None;
    }

    /// <inheritdoc/>
    public string Name => "embedded";

    /// <inheritdoc/>
    public string? Describe()
    {
        try
        {
            return $"embedded: {PythonLocation.Of(_interpreter)}";
        }
        catch (SocketGymException problem)
        {
            return $"embedded: {problem.Message}";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListIds() => _interpreter.IsAvailable ? _interpreter.Describe().Ids : [];

    /// <inheritdoc/>
    /// <remarks>True for every id where there is an interpreter: Gymnasium itself says which ones it does not know.</remarks>
    public bool CanMake(string id, ValueDictionary kwargs) => _interpreter.IsAvailable;

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">As <see cref="PythonEnvironmentProvider.Make(string, ValueDictionary)"/>, but for what only a process of its own can do.</exception>
    public IEnvironment Make(string id, ValueDictionary kwargs)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(kwargs);
        var request = Value.Tuple(["make", .. _options.ToParameters(id, kwargs, _interpreter.Imports)]);
        var session = new EmbeddedSession(EmbeddedPython.Start(PythonLocation.Of(_interpreter)), _messages);
        try
        {
            return new EmbeddedEnvironment(session, session.Make(request));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
