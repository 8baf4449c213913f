using System.Collections.Immutable;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Supervisors;

/// <summary>Starts an interpreter's workers: forked from its supervisor, or each by itself where that cannot be.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WorkerFactory : IDisposable
{
    private const int CloseMs = 1000;
    private const int MaxAttempts = 3;

    // What the libraries behind NumPy start threads by; a worker holds one environment, so one thread is also what serves it best.
    private static readonly ImmutableArray<string> ThreadVariables = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    private readonly PythonInterpreterOptions _options;
    private readonly Lock _starting = new();
    private ImmutableDictionary<string, string?> _variables;
    private Supervisor? _supervisor;
    private bool _isDisposed;

    /// <summary>Makes a factory; starts nothing.</summary>
    /// <param name="options">The interpreter.</param>
    public WorkerFactory(PythonInterpreterOptions options)
    {
        _options = options;
        _variables = options.EnvironmentVariables;
        if (!options.Fork)
            SpawnReason = "forking is turned off";
        else if (!Supervisor.IsSupported)
            SpawnReason = "forking needs Linux and /proc";
    }

    /// <summary>Why workers are not forked; null where they are, or where that is not known yet.</summary>
    public string? SpawnReason { get; private set; }

    /// <summary>Asks the interpreter what it has, and finds out whether workers can be forked.</summary>
    /// <returns>What <c>probe</c> answers.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>, or the worker's own error.</exception>
    public ValueDictionary Probe()
    {
        var (command, _) = _options.FindCommand();
        lock (_starting)
        {
            if (SpawnReason is null && StartSupervisor(_options.ProbeMs) is { } probed)
                return probed;
        }
        using var worker = Worker.Spawn(command, _options.EnvironmentVariables, MessageLimits.Default, _options.ProbeMs, CloseMs, shareMemory: false);
        var modules = Value.List([.. _options.Imports.Select(Value.FromString)]);
        return worker.Call(Value.Tuple("probe", modules), _options.ProbeMs).AsDict();
    }

    /// <summary>Starts a worker.</summary>
    /// <param name="messages">What a message may hold.</param>
    /// <param name="startMs">How long the start may take.</param>
    /// <param name="closeMs">How long the worker may take to end by itself.</param>
    /// <returns>A worker without an environment.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be started.</exception>
    public IWorker Start(MessageLimits messages, int startMs, int closeMs)
    {
        for (var attempt = 1; FindSupervisor(startMs) is { } supervisor; attempt++)
        {
            try
            {
                if (supervisor.TryFork(messages, startMs, closeMs, _options.ShareMemory) is { } worker)
                    return worker;
            }
            catch (SocketGymException) when (!supervisor.IsAlive && attempt < MaxAttempts)
            {
                // It ended in between, and the next one forks.
            }
            if (attempt == MaxAttempts)
                throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"The process that forks Python workers ended {MaxAttempts} times in a row; try again, or turn forking off.");
        }
        return Worker.Spawn(_options.FindCommand().Command, _options.EnvironmentVariables, messages, startMs, closeMs, _options.ShareMemory);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_starting)
        {
            _isDisposed = true;
            _supervisor?.Dispose();
        }
    }

    // Null where workers are not forked.
    private Supervisor? FindSupervisor(int startMs)
    {
        lock (_starting)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(PythonInterpreter));
            if (SpawnReason is null && _supervisor is not { IsAlive: true })
                StartSupervisor(startMs);
            return SpawnReason is null ? _supervisor : null;
        }
    }

    // Null, with a reason set, where the command did not even run as a supervisor, now that it is first tried.
    private ValueDictionary? StartSupervisor(int startMs)
    {
        var command = _options.FindCommand().Command;
        try
        {
            var supervisor = Supervisor.Start(command, _variables, _options.Imports, startMs);
            if (supervisor is { Problem: null, Threads: > 1 } && ReferenceEquals(_variables, _options.EnvironmentVariables))
            {
                supervisor.Dispose();
                foreach (var name in ThreadVariables)
                    _variables = _variables.ContainsKey(name) ? _variables : _variables.Add(name, "1");
                supervisor = Supervisor.Start(command, _variables, _options.Imports, startMs);
            }
            SpawnReason = supervisor switch
            {
                { Problem: { } problem } => problem,
                { Threads: > 1 } => $"the modules to import leave {supervisor.Threads} threads running, and a process with threads cannot be forked safely",
                _ => null,
            };
            if (SpawnReason is not null)
                supervisor.Dispose();
            _supervisor = supervisor;
            return supervisor.Probed;
        }
        catch (TimeoutException late)
        {
            throw new SocketGymException(ErrorCode.InterpreterUnavailable, $"The Python command '{command}' was not ready within {startMs} ms.", late);
        }
        catch (SocketGymException failure) when (_supervisor is null)
        {
            SpawnReason = failure.Message;
            return null;
        }
    }
}
