using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SocketGym.Core.Errors;
using SocketGym.Python.Interpreters;

namespace SocketGym.Python.Embedded;

/// <summary>A CPython to load into this process.</summary>
/// <param name="Library">Its libpython.</param>
/// <param name="Program">The program that it takes itself for, by which it finds its modules: a virtual environment's own selects that.</param>
/// <param name="Version">Its version, as the program says it.</param>
/// <param name="Variables">Environment variables beside this process's; null removes one.</param>
internal sealed unsafe partial record PythonLocation(string Library, string Program, string Version, ImmutableDictionary<string, string?> Variables)
{
    /// <summary>Where an interpreter has its library.</summary>
    /// <param name="interpreter">The interpreter.</param>
    /// <returns>The location.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it has none that this process can load.</exception>
    public static PythonLocation Of(PythonInterpreter interpreter)
    {
        var description = interpreter.Describe();
        if (!OperatingSystem.IsLinux())
            throw Unavailable(description, "embedding needs Linux");
        var library = interpreter.Library ?? description.Library;
        if (description.EmbeddingProblem is { } problem && (interpreter.Library is null || description.Library is not null))
            throw Unavailable(description, problem);
        if (library is null)
            throw Unavailable(description, "it has no shared library");
        if (!File.Exists(library))
            throw Unavailable(description, $"its library {library} is not there for this process; one in a container of its own cannot be loaded");
        return new PythonLocation(library, description.Executable, description.Version, interpreter.Variables);
    }

    /// <summary>Whether it is the same interpreter, whatever its variables.</summary>
    public bool IsSame(PythonLocation other) => (Library, Program) == (other.Library, other.Program);

    /// <summary>Loads the library, without initialising it, and sets its variables.</summary>
    /// <returns>Its functions.</returns>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: it is of another version than the program.</exception>
    /// <exception cref="DllNotFoundException">It cannot be loaded.</exception>
    /// <exception cref="EntryPointNotFoundException">It is no libpython.</exception>
    public LibPython Load()
    {
        var api = new LibPython(DynamicLinker.Load(Library));
        var version = Marshal.PtrToStringUTF8((nint)api.Py_GetVersion())!.Split(' ')[0];
        if (version != Version.Split(' ')[0])
        {
            throw new SocketGymException(ErrorCode.InterpreterUnavailable,
                $"{this} cannot be embedded: the library is Python {version}. Name the library that belongs to the program.");
        }
        DynamicLinker.MakeGlobal(Library);
        foreach (var (name, value) in Variables)
        {
            // .NET's own setter does not reach C's environment, which is Python's.
            _ = value is null ? UnsetVariable(name) : SetVariable(name, value, 1);
        }
        return api;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Python {Version} ({Program}, {Library})";

    private static SocketGymException Unavailable(InterpreterDescription description, string why) =>
        new(ErrorCode.InterpreterUnavailable, $"Python {description.Version} ({description.Executable}) cannot be embedded: {why}.");

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetVariable(string name);
}
