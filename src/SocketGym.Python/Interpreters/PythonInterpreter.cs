using System.Collections.Immutable;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Supervisors;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Interpreters;

/// <summary>A Python with Gymnasium, found and asked what it has at first use, once.</summary>
/// <remarks>
/// Thread-safe. Where workers are forked (<see cref="PythonInterpreterOptions.Fork"/>), one further process stays from the first use on, until this object is
/// disposed of or this process ends, however it ends. One that ends earlier is started again for the next worker.
/// </remarks>
public sealed class PythonInterpreter : IDisposable
{
    /// <summary>The environment variable that names the interpreter where the configuration does not.</summary>
    public const string Variable = "SOCKETGYM_PYTHON";

    private readonly PythonInterpreterOptions _options;
    private readonly WorkerFactory _workers;
    private readonly Lazy<(InterpreterDescription? Description, SocketGymException? Error)> _probe;

    /// <summary>Names an interpreter; starts nothing.</summary>
    /// <param name="options">Which interpreter; null for what is found.</param>
    public PythonInterpreter(PythonInterpreterOptions? options = null)
    {
        _options = options ?? new PythonInterpreterOptions();
        _workers = new(_options);
        _probe = new(Probe);
    }

    /// <summary>Whether it can host environments. The first call starts the interpreter.</summary>
    public bool IsAvailable => _probe.Value.Error is null;

    /// <summary>Why it cannot; null where it can. The first call starts the interpreter.</summary>
    public string? Problem => _probe.Value.Error?.Message;

    /// <summary>Why it cannot, as far as that is known: null also where it has not been asked yet. Starts nothing.</summary>
    internal string? KnownProblem => _probe.IsValueCreated ? Problem : null;

    /// <summary>Modules that are imported before an environment is made.</summary>
    internal ImmutableArray<string> Imports => _options.Imports;

    /// <summary>The library that is to be loaded where it is embedded; null for what the interpreter names.</summary>
    internal string? Library => _options.Library;

    /// <summary>Environment variables beside those of this process.</summary>
    internal ImmutableDictionary<string, string?> Variables => _options.EnvironmentVariables;

    /// <summary>Asks the interpreter what it has. The first call starts it.</summary>
    /// <returns>What it said, the same each time.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: the message says what was tried and what was wrong, the same each time.</exception>
    public InterpreterDescription Describe() => _probe.Value.Error is { } error
        ? throw new SocketGymException(error.Code, error.Message, error)
        : _probe.Value.Description!;

    /// <summary>Starts a worker in the interpreter.</summary>
    /// <param name="messages">What a message may hold.</param>
    /// <param name="startMs">How long the start may take.</param>
    /// <param name="closeMs">How long the worker may take to end by itself.</param>
    /// <returns>A worker without an environment.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be started.</exception>
    internal IWorker StartWorker(MessageLimits messages, int startMs, int closeMs) =>
        _workers.Start(messages, startMs, closeMs);

    /// <summary>Ends the process that forks workers, and those workers with it.</summary>
    public void Dispose() => _workers.Dispose();

    private (InterpreterDescription? Description, SocketGymException? Error) Probe()
    {
        try
        {
            var (command, origin) = _options.FindCommand();
            try
            {
                return (DescriptionOf(_workers.Probe(), command), null);
            }
            catch (SocketGymException failure)
            {
                throw new SocketGymException(
                    ErrorCode.InterpreterUnavailable,
                    $"{failure.Message} It was tried since {origin}. {Advice()}",
                    failure);
            }
        }
        catch (SocketGymException failure)
        {
            return (null, failure);
        }
    }

    private string Advice() => _options.Name is { } name
        ? $"Correct the command of the interpreter '{name}': it must start a Python 3.7 or newer that has Gymnasium."
        : $"Set {Variable} to a Python 3.7 or newer that has Gymnasium, or configure one.";

    private InterpreterDescription DescriptionOf(ValueDictionary probed, CommandLine command)
    {
        var executable = probed["executable"].AsString();
        var version = probed["version"].AsString();
        if (!probed["missing"].IsNone)
        {
            throw new SocketGymException(
                ErrorCode.InterpreterUnavailable, $"The Python command '{command}' (Python {version}, {executable}) has no usable Gymnasium: {probed["missing"].AsString()}.");
        }
        return new InterpreterDescription(
            version, executable, probed["numpy"].AsString(), TextOrNull(probed["gymnasium"]), TextOrNull(probed["gym"]), Texts(probed["failed_imports"]), Texts(probed["ids"]))
        {
            SpawnReason = _workers.SpawnReason,
            Library = TextOrNull(probed["library"]),
            EmbeddingProblem = TextOrNull(probed["embedding_problem"]),
        };
    }

    private static string? TextOrNull(Value text) => text.IsNone ? null : text.AsString();

    private static ImmutableArray<string> Texts(Value list)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list.AsItems())
            texts.Add(item.AsString());
        return texts.ToImmutable();
    }
}
