using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Core.Vectors;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Interpreters;
using SocketGym.Python.Vectors;

namespace SocketGym.Python.Workers;

/// <summary>The environments of a Python interpreter, each made in a process of its own.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class PythonEnvironmentProvider : IEnvironmentProvider, IDisposable
{
    private readonly PythonInterpreter _interpreter;
    private readonly WorkerLimits _limits;
    private readonly MessageLimits _messages;
    private readonly WorkerCounts _workerCounts;

    /// <summary>Makes a provider; starts nothing.</summary>
    /// <param name="interpreter">The interpreter; null for what is found.</param>
    /// <param name="limits">How long a worker may take; null for <see cref="WorkerLimits.Default"/>.</param>
    /// <param name="messages">What an observation, an info or an action may hold; null for <see cref="MessageLimits.Default"/>.</param>
    public PythonEnvironmentProvider(PythonInterpreter? interpreter = null, WorkerLimits? limits = null, MessageLimits? messages = null)
    {
        _interpreter = interpreter ?? new PythonInterpreter();
        _limits = limits ?? WorkerLimits.Default;
        _messages = messages ?? MessageLimits.Default;
        _workerCounts = new WorkerCounts(_messages);
    }

    /// <inheritdoc/>
    public string Name => "python";

    /// <inheritdoc/>
    public string? Describe() => _interpreter.IsAvailable ? _interpreter.Describe().ToString() : _interpreter.Problem;

    /// <summary>Why its interpreter cannot host environments, as far as that is known; null also where it has not been asked yet. Starts nothing.</summary>
    public string? KnownProblem => _interpreter.KnownProblem;

    /// <inheritdoc/>
    /// <remarks>The ids whose modules are installed; <see cref="Make(string, ValueDictionary)"/> takes also ids without a version, as Gymnasium does.</remarks>
    public IReadOnlyList<string> ListIds() => _interpreter.IsAvailable ? _interpreter.Describe().Ids : [];

    /// <inheritdoc/>
    /// <remarks>True for every id where there is an interpreter: Gymnasium itself says which ones it does not know, and what comes close. The first call starts the interpreter.</remarks>
    public bool CanMake(string id, ValueDictionary kwargs) => _interpreter.IsAvailable;

    /// <inheritdoc/>
    /// <exception cref="SocketGymException">
    /// <see cref="ErrorCode.InterpreterUnavailable"/>; <see cref="ErrorCode.UnknownEnvironment"/>, with close matches, also for ids with a module other than <c>gymnasium</c> and <c>gym</c>;
    /// <see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.UnsupportedRenderMode"/>, also for <c>human</c>; <see cref="ErrorCode.UnsupportedSpace"/>;
    /// <see cref="ErrorCode.EnvironmentFault"/> when the constructor fails or a dependency is missing; <see cref="ErrorCode.WorkerDied"/>; <see cref="ErrorCode.EnvironmentTimeout"/>.
    /// </exception>
    public IEnvironment Make(string id, ValueDictionary kwargs) => Make(id, kwargs, PythonMakeOptions.None);

    /// <inheritdoc/>
    public IEnvironment Make(string id, ValueDictionary kwargs, CancellationToken cancellation) => Make(id, kwargs, PythonMakeOptions.None, cancellation);

    /// <summary>Makes an environment with what the server's owner adds.</summary>
    /// <param name="id">The id without a prefix.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>.</param>
    /// <param name="options">Modules, entry point and wrappers; never a client's.</param>
    /// <param name="cancellation">Ends the worker while the environment is being made; the call then throws <see cref="ErrorCode.WorkerDied"/>.</param>
    /// <returns>The environment; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException">As the other overload; a wrapper or an entry point that cannot be loaded is an <see cref="ErrorCode.EnvironmentFault"/>.</exception>
    public IEnvironment Make(string id, ValueDictionary kwargs, PythonMakeOptions options, CancellationToken cancellation = default)
    {
        var parameters = ParametersOf(id, kwargs, options);
        var limits = options.Limits ?? _limits;
        var worker = _interpreter.StartWorker(_messages, limits.MakeMs, limits.CloseMs);
        try
        {
            using var registration = cancellation.Register(worker.Abort);
            return new WorkerEnvironment(worker, limits, worker.Call(Value.Tuple(["make", .. parameters]), limits.MakeMs));
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IVectorEnvironment MakeVector(string id, ValueDictionary kwargs, VectorOptions options, CancellationToken cancellation = default) =>
        MakeVector(id, kwargs, options, PythonMakeOptions.None, cancellation);

    /// <summary>Makes several environments that are stepped as one, with what the server's owner adds.</summary>
    /// <param name="id">The id without a prefix.</param>
    /// <param name="kwargs">The keyword arguments of <c>gymnasium.make</c>, the same for all.</param>
    /// <param name="options">How many, and how they are divided and reset.</param>
    /// <param name="makeOptions">As for <see cref="Make(string, ValueDictionary, PythonMakeOptions, CancellationToken)"/>.</param>
    /// <param name="cancellation">As there.</param>
    /// <returns>The vector; the caller disposes of it.</returns>
    /// <exception cref="SocketGymException">As there; <see cref="ErrorCode.EnvironmentFault"/> also where their spaces differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count or the number of workers is not positive.</exception>
    public IVectorEnvironment MakeVector(string id, ValueDictionary kwargs, VectorOptions options, PythonMakeOptions makeOptions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(makeOptions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Workers ?? 1, nameof(options));
        var parameters = ParametersOf(id, kwargs, makeOptions);
        var limits = makeOptions.Limits ?? _limits;
        var count = Math.Min(options.Workers ?? _workerCounts.Choose(options.Count, parameters, Start, limits, cancellation), options.Count);
        var workers = new List<IWorker>();
        try
        {
            while (workers.Count < count)
            {
                if (cancellation.IsCancellationRequested)
                    throw new SocketGymException(ErrorCode.WorkerDied, "The making of the environments was ended.");
                workers.Add(Start());
            }
            return VectorMaking.Make(new WorkerTeam(workers, options.Count), parameters, limits, options, _messages.MaxFrameBytes, cancellation);
        }
        catch
        {
            workers.ForEach(worker => worker.BeginClose((options.Count + count - 1) / count));
            workers.ForEach(worker => worker.Dispose());
            throw;
        }

        IWorker Start() => _interpreter.StartWorker(_messages, limits.MakeMs, limits.CloseMs);
    }

    // What "make" takes, and "make_vec" first.
    private Value[] ParametersOf(string id, ValueDictionary kwargs, PythonMakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(kwargs);
        var parameters = options.ToParameters(id, kwargs, _interpreter.Imports);
        _ = _interpreter.Describe();
        return parameters;
    }

    /// <summary>Disposes of the interpreter.</summary>
    public void Dispose() => _interpreter.Dispose();
}
