using System.Runtime.InteropServices;

namespace SocketGym.Python.Embedded;

/// <summary>The functions of a libpython that the embedding needs: all of them belong to the stable ABI as of CPython 3.8.</summary>
/// <remarks>
/// Objects are addresses. A function that is called with <c>SuppressGCTransition</c> takes no time to speak of and runs no Python code.
/// All but <see cref="Py_GetVersion"/>, those that initialise and those that take the GIL need the GIL.
/// </remarks>
#pragma warning disable CA1707 // The functions' own names.
internal sealed unsafe class LibPython
{
    /// <summary>For <see cref="Py_CompileString"/>: a whole file.</summary>
    public const int FileInput = 257;

    public const int CompareEqual = 2;

    public readonly delegate* unmanaged<int*, void> Py_SetProgramName;
    public readonly delegate* unmanaged<int, void> Py_InitializeEx;
    public readonly delegate* unmanaged<int> Py_FinalizeEx;
    public readonly delegate* unmanaged<byte*> Py_GetVersion;

    public readonly delegate* unmanaged<nint> PyEval_SaveThread;
    public readonly delegate* unmanaged<nint, void> PyEval_RestoreThread;
    public readonly delegate* unmanaged<int> PyGILState_Ensure;
    public readonly delegate* unmanaged<int, void> PyGILState_Release;

    public readonly delegate* unmanaged<byte*, byte*, int, nint> Py_CompileString;
    public readonly delegate* unmanaged<nint, nint, nint, nint> PyEval_EvalCode;
    public readonly delegate* unmanaged<byte*, nint> PyImport_AddModule;
    public readonly delegate* unmanaged<byte*, nint> PyImport_ImportModule;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint> PyImport_GetModuleDict;
    public readonly delegate* unmanaged<nint, nint> PyModule_GetDict;

    public readonly delegate* unmanaged<nint*, nint*, nint*, void> PyErr_Fetch;
    public readonly delegate* unmanaged<nint*, nint*, nint*, void> PyErr_NormalizeException;
    public readonly delegate* unmanaged<nint, nint, int> PyException_SetTraceback;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint> PyErr_Occurred;
    public readonly delegate* unmanaged<void> PyErr_Clear;

    public readonly delegate* unmanaged[SuppressGCTransition]<nint, void> Py_IncRef;
    public readonly delegate* unmanaged<nint, void> Py_DecRef;
    public readonly delegate* unmanaged<nint, nint, nint> PyObject_GetAttr;
    public readonly delegate* unmanaged<nint, byte*, nint> PyObject_GetAttrString;
    public readonly delegate* unmanaged<nint, nint, nint> PyObject_CallObject;
    public readonly delegate* unmanaged<nint, nint, nint> PyObject_GetItem;
    public readonly delegate* unmanaged<nint, nint, nint, int> PyObject_SetItem;
    public readonly delegate* unmanaged<nint, nint, int, int> PyObject_RichCompareBool;
    public readonly delegate* unmanaged<nint, nint> PyObject_Str;

    public readonly delegate* unmanaged<nint, nint> PyTuple_New;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, int> PyTuple_SetItem;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, nint, nint> PyTuple_GetItem;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, nint> PyTuple_Size;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, nint> PyDict_Size;

    public readonly delegate* unmanaged[SuppressGCTransition]<long, nint> PyLong_FromLongLong;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, long> PyLong_AsLongLong;
    public readonly delegate* unmanaged[SuppressGCTransition]<double, nint> PyFloat_FromDouble;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, double> PyFloat_AsDouble;
    public readonly delegate* unmanaged[SuppressGCTransition]<long, nint> PyBool_FromLong;
    public readonly delegate* unmanaged<byte*, nint> PyUnicode_FromString;
    public readonly delegate* unmanaged<nint, nint> PyUnicode_AsUTF8String;
    public readonly delegate* unmanaged<byte*, nint, nint> PyBytes_FromStringAndSize;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*> PyBytes_AsString;
    public readonly delegate* unmanaged[SuppressGCTransition]<nint, nint> PyBytes_Size;

    /// <summary>Finds the functions.</summary>
    /// <param name="library">The library's handle.</param>
    /// <exception cref="EntryPointNotFoundException">It has not all of them.</exception>
    public LibPython(nint library)
    {
        nint Find(string name) => NativeLibrary.GetExport(library, name);

        Py_SetProgramName = (delegate* unmanaged<int*, void>)Find(nameof(Py_SetProgramName));
        Py_InitializeEx = (delegate* unmanaged<int, void>)Find(nameof(Py_InitializeEx));
        Py_FinalizeEx = (delegate* unmanaged<int>)Find(nameof(Py_FinalizeEx));
        Py_GetVersion = (delegate* unmanaged<byte*>)Find(nameof(Py_GetVersion));
        PyEval_SaveThread = (delegate* unmanaged<nint>)Find(nameof(PyEval_SaveThread));
        PyEval_RestoreThread = (delegate* unmanaged<nint, void>)Find(nameof(PyEval_RestoreThread));
        PyGILState_Ensure = (delegate* unmanaged<int>)Find(nameof(PyGILState_Ensure));
        PyGILState_Release = (delegate* unmanaged<int, void>)Find(nameof(PyGILState_Release));
        Py_CompileString = (delegate* unmanaged<byte*, byte*, int, nint>)Find(nameof(Py_CompileString));
        PyEval_EvalCode = (delegate* unmanaged<nint, nint, nint, nint>)Find(nameof(PyEval_EvalCode));
        PyImport_AddModule = (delegate* unmanaged<byte*, nint>)Find(nameof(PyImport_AddModule));
        PyImport_ImportModule = (delegate* unmanaged<byte*, nint>)Find(nameof(PyImport_ImportModule));
        PyImport_GetModuleDict = (delegate* unmanaged[SuppressGCTransition]<nint>)Find(nameof(PyImport_GetModuleDict));
        PyModule_GetDict = (delegate* unmanaged<nint, nint>)Find(nameof(PyModule_GetDict));
        PyErr_Fetch = (delegate* unmanaged<nint*, nint*, nint*, void>)Find(nameof(PyErr_Fetch));
        PyErr_NormalizeException = (delegate* unmanaged<nint*, nint*, nint*, void>)Find(nameof(PyErr_NormalizeException));
        PyException_SetTraceback = (delegate* unmanaged<nint, nint, int>)Find(nameof(PyException_SetTraceback));
        PyErr_Occurred = (delegate* unmanaged[SuppressGCTransition]<nint>)Find(nameof(PyErr_Occurred));
        PyErr_Clear = (delegate* unmanaged<void>)Find(nameof(PyErr_Clear));
        Py_IncRef = (delegate* unmanaged[SuppressGCTransition]<nint, void>)Find(nameof(Py_IncRef));
        Py_DecRef = (delegate* unmanaged<nint, void>)Find(nameof(Py_DecRef));
        PyObject_GetAttr = (delegate* unmanaged<nint, nint, nint>)Find(nameof(PyObject_GetAttr));
        PyObject_GetAttrString = (delegate* unmanaged<nint, byte*, nint>)Find(nameof(PyObject_GetAttrString));
        PyObject_CallObject = (delegate* unmanaged<nint, nint, nint>)Find(nameof(PyObject_CallObject));
        PyObject_GetItem = (delegate* unmanaged<nint, nint, nint>)Find(nameof(PyObject_GetItem));
        PyObject_SetItem = (delegate* unmanaged<nint, nint, nint, int>)Find(nameof(PyObject_SetItem));
        PyObject_RichCompareBool = (delegate* unmanaged<nint, nint, int, int>)Find(nameof(PyObject_RichCompareBool));
        PyObject_Str = (delegate* unmanaged<nint, nint>)Find(nameof(PyObject_Str));
        PyTuple_New = (delegate* unmanaged<nint, nint>)Find(nameof(PyTuple_New));
        PyTuple_SetItem = (delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, int>)Find(nameof(PyTuple_SetItem));
        PyTuple_GetItem = (delegate* unmanaged[SuppressGCTransition]<nint, nint, nint>)Find(nameof(PyTuple_GetItem));
        PyTuple_Size = (delegate* unmanaged[SuppressGCTransition]<nint, nint>)Find(nameof(PyTuple_Size));
        PyDict_Size = (delegate* unmanaged[SuppressGCTransition]<nint, nint>)Find(nameof(PyDict_Size));
        PyLong_FromLongLong = (delegate* unmanaged[SuppressGCTransition]<long, nint>)Find(nameof(PyLong_FromLongLong));
        PyLong_AsLongLong = (delegate* unmanaged[SuppressGCTransition]<nint, long>)Find(nameof(PyLong_AsLongLong));
        PyFloat_FromDouble = (delegate* unmanaged[SuppressGCTransition]<double, nint>)Find(nameof(PyFloat_FromDouble));
        PyFloat_AsDouble = (delegate* unmanaged[SuppressGCTransition]<nint, double>)Find(nameof(PyFloat_AsDouble));
        PyBool_FromLong = (delegate* unmanaged[SuppressGCTransition]<long, nint>)Find(nameof(PyBool_FromLong));
        PyUnicode_FromString = (delegate* unmanaged<byte*, nint>)Find(nameof(PyUnicode_FromString));
        PyUnicode_AsUTF8String = (delegate* unmanaged<nint, nint>)Find(nameof(PyUnicode_AsUTF8String));
        PyBytes_FromStringAndSize = (delegate* unmanaged<byte*, nint, nint>)Find(nameof(PyBytes_FromStringAndSize));
        PyBytes_AsString = (delegate* unmanaged[SuppressGCTransition]<nint, byte*>)Find(nameof(PyBytes_AsString));
        PyBytes_Size = (delegate* unmanaged[SuppressGCTransition]<nint, nint>)Find(nameof(PyBytes_Size));
    }

    /// <summary>Calls an object with one argument.</summary>
    /// <param name="callable">The object; 0, after an error, is passed on.</param>
    /// <param name="argument">The argument; its reference is taken over. 0, after an error, is passed on.</param>
    /// <returns>A new reference; 0 with an exception set.</returns>
    public nint Call(nint callable, nint argument)
    {
        if (callable == 0 || argument == 0)
        {
            if (argument != 0)
                Py_DecRef(argument);
            return 0;
        }
        var arguments = PyTuple_New(1);
        _ = PyTuple_SetItem(arguments, 0, argument);
        var result = PyObject_CallObject(callable, arguments);
        Py_DecRef(arguments);
        return result;
    }

    /// <summary>An object with a reference more, to be taken over.</summary>
    public nint Another(nint value)
    {
        Py_IncRef(value);
        return value;
    }

    /// <summary>Makes <c>bytes</c>.</summary>
    /// <returns>A new reference.</returns>
    public nint BytesOf(ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
            return PyBytes_FromStringAndSize(start, content.Length);
    }

    /// <summary>What <c>bytes</c> hold, in memory of this process.</summary>
    public byte[] ContentOf(nint bytes) => new ReadOnlySpan<byte>(PyBytes_AsString(bytes), checked((int)PyBytes_Size(bytes))).ToArray();

    /// <summary>Takes the exception that is set.</summary>
    /// <returns>A new reference to it, with its traceback.</returns>
    public nint TakeError()
    {
        nint type, error, trace;
        PyErr_Fetch(&type, &error, &trace);
        PyErr_NormalizeException(&type, &error, &trace);
        if (trace != 0)
        {
            _ = PyException_SetTraceback(error, trace);
            Py_DecRef(trace);
        }
        Py_DecRef(type);
        return error;
    }

    /// <summary>An object's type: what the macro <c>Py_TYPE</c> reads in every extension module that is built for the stable ABI.</summary>
    public static nint TypeOf(nint value) => ((nint*)value)[1];
}
