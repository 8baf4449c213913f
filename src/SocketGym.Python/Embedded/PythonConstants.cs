namespace SocketGym.Python.Embedded;

/// <summary>Python objects that are there from the start to the end, so that a step need not look for them.</summary>
internal sealed unsafe class PythonConstants
{
    /// <summary>Finds them.</summary>
    /// <param name="api">The interpreter; the caller holds its GIL.</param>
    /// <param name="module">python/worker's <c>embedded.py</c>.</param>
    public PythonConstants(LibPython api, nint module)
    {
        Prepare = Attribute("prepare\0"u8);
        Session = Attribute("Session\0"u8);
        NumPyTrue = Attribute("TRUE\0"u8);
        NumPyFalse = Attribute("FALSE\0"u8);
        True = api.PyBool_FromLong(1);
        False = api.PyBool_FromLong(0);
        Modules = api.PyImport_GetModuleDict();
        DictType = LibPython.TypeOf(Modules);
        TupleType = LibPython.TypeOf(api.PyTuple_New(0));
        IntType = LibPython.TypeOf(api.PyLong_FromLongLong(0));
        FloatType = LibPython.TypeOf(api.PyFloat_FromDouble(0));
        StepName = Name("step\0"u8);
        DTypeName = Name("dtype\0"u8);
        ShapeName = Name("shape\0"u8);

        nint Attribute(ReadOnlySpan<byte> name)
        {
            fixed (byte* text = name)
                return api.PyObject_GetAttrString(module, text);
        }

        nint Name(ReadOnlySpan<byte> name)
        {
            fixed (byte* text = name)
                return api.PyUnicode_FromString(text);
        }
    }

    public nint Prepare { get; }

    public nint Session { get; }

    public nint NumPyTrue { get; }

    public nint NumPyFalse { get; }

    public nint True { get; }

    public nint False { get; }

    /// <summary><c>sys.modules</c>.</summary>
    public nint Modules { get; }

    public nint DictType { get; }

    public nint TupleType { get; }

    public nint IntType { get; }

    public nint FloatType { get; }

    public nint StepName { get; }

    public nint DTypeName { get; }

    public nint ShapeName { get; }
}
