using System.Runtime.InteropServices;
using System.Text;
using SocketGym.Core.Errors;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Embedded;

/// <summary>The one CPython of this process, from its first use until the process ends.</summary>
/// <remarks>
/// Thread-safe. NumPy cannot be loaded a second time into a process, so that the interpreter outlives those who asked for it. The thread that started it does
/// nothing else, and ends it: no other can.
/// </remarks>
internal sealed unsafe class EmbeddedPython
{
    private const int StackBytes = 16 * 1024 * 1024;
    private const string SessionModule = "socketgym_worker.embedded";

    // How long the process waits at its end for calls in progress, and then for Python's own end.
    private const int EndMs = 5_000;

    private static readonly Lock Starting = new();
    private static EmbeddedPython? s_only;

    private readonly PythonLocation _location;
    private readonly TaskCompletionSource _ready = new();
    private readonly TaskCompletionSource _ending = new();
    private readonly TaskCompletionSource _empty = new();
    private readonly Thread _thread;
    private LibPython? _api;
    private bool _isInitialised;
    private SocketGymException? _failure;
    private PythonConstants? _constants;
    private int _inside;

    private EmbeddedPython(PythonLocation location)
    {
        _location = location;
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "embedded Python" };
        _thread.Start();
        _ready.Task.Wait();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
    }

    /// <summary>The library's functions.</summary>
    public LibPython Api => _api!;

    /// <summary>Objects that are always there.</summary>
    public PythonConstants Constants => _constants!;

    /// <summary>The handlers that .NET needs.</summary>
    public FaultSignals Signals { get; } = new();

    /// <summary>One at a time makes an environment: what that imports and registers is everyone's.</summary>
    public Lock Making { get; } = new();

    /// <summary>Loads an interpreter into this process, unless it is there already.</summary>
    /// <param name="location">Which one.</param>
    /// <returns>The interpreter.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it cannot be loaded, or another one has been.</exception>
    public static EmbeddedPython Start(PythonLocation location)
    {
        lock (Starting)
        {
            if (s_only is { } other && !other._location.IsSame(location))
            {
                throw new SocketGymException(ErrorCode.InterpreterUnavailable,
                    $"{location} cannot be embedded: this process has {other._location} already, and a process can have one. Serve it from another server, or in workers.");
            }
            var python = s_only ?? new EmbeddedPython(location);
            // A library that could not be loaded leaves room for one that can.
            if (python._isInitialised)
                s_only = python;
            return python._failure is { } failure ? throw new SocketGymException(failure.Code, failure.Message, failure) : python;
        }
    }

    /// <summary>Counts a thread that goes into Python.</summary>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: the process is ending.</exception>
    public void Enter()
    {
        Interlocked.Increment(ref _inside);
        if (!_ending.Task.IsCompleted)
            return;
        Leave();
        throw new SocketGymException(ErrorCode.InterpreterUnavailable, "This process is ending, and the Python in it.");
    }

    /// <summary>Counts a thread that has come out.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == 0 && _ending.Task.IsCompleted)
            _empty.TrySetResult();
    }

    // Finalising is no good while a thread is in Python: one that is stuck is left behind, and the process ends with it.
    private void End()
    {
        _ending.SetResult();
        if (Volatile.Read(ref _inside) == 0)
            _empty.TrySetResult();
        if (_empty.Task.Wait(EndMs))
            _thread.Join(EndMs);
    }

    private void Run()
    {
        try
        {
            _api = _location.Load();
            Initialise(_api);
        }
        catch (SocketGymException failure)
        {
            _failure = failure;
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            _failure = new SocketGymException(ErrorCode.InterpreterUnavailable, $"{_location} cannot be embedded: {failure.Message}", failure);
        }
        if (_failure is not null || _api is null)
        {
            // Where Python was initialised, its GIL stays with this thread: nobody goes in after a failure.
            _ready.SetResult();
            return;
        }
        var state = _api.PyEval_SaveThread();
        _ready.SetResult();
        _empty.Task.Wait();
        _api.PyEval_RestoreThread(state);
        _ = _api.Py_FinalizeEx();
        Signals.Restore();
    }

    private void Initialise(LibPython api)
    {
        // Python keeps the name for as long as it runs.
        var program = Encoding.UTF32.GetBytes(_location.Program + '\0');
        var memory = NativeMemory.Alloc((nuint)program.Length);
        program.CopyTo(new Span<byte>(memory, program.Length));
        api.Py_SetProgramName((int*)memory);
        // Signals are .NET's.
        api.Py_InitializeEx(0);
        _isInitialised = true;
        try
        {
            Execute(api, WorkerSource.Modules.Span);
            fixed (byte* name = Encoding.ASCII.GetBytes(SessionModule + '\0'))
            {
                var module = api.PyImport_ImportModule(name);
                if (module == 0)
                    throw Failure(api);
                _constants = new PythonConstants(api, module);
                Check(api, api.PyObject_CallObject(_constants.Prepare, 0));
            }
        }
        finally
        {
            Signals.Restore();
        }
    }

    private void Execute(LibPython api, ReadOnlySpan<byte> source)
    {
        var text = new byte[source.Length + 1];
        source.CopyTo(text);
        fixed (byte* start = text, file = "<socketgym_worker>\0"u8, main = "__main__\0"u8)
        {
            var globals = api.PyModule_GetDict(api.PyImport_AddModule(main));
            var code = api.Py_CompileString(start, file, LibPython.FileInput);
            if (code == 0)
                throw Failure(api);
            Check(api, api.PyEval_EvalCode(code, globals, globals));
            api.Py_DecRef(code);
        }
    }

    private void Check(LibPython api, nint result)
    {
        if (result == 0)
            throw Failure(api);
        api.Py_DecRef(result);
    }

    private SocketGymException Failure(LibPython api)
    {
        var text = api.PyObject_Str(api.TakeError());
        var bytes = text == 0 ? 0 : api.PyUnicode_AsUTF8String(text);
        var message = bytes == 0 ? "it says not why" : Encoding.UTF8.GetString(api.ContentOf(bytes));
        return new SocketGymException(ErrorCode.InterpreterUnavailable, $"{_location} was embedded, and cannot host environments: {message}");
    }
}
