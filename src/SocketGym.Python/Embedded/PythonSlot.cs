using System.Buffers;
using SocketGym.Core.Values;

namespace SocketGym.Python.Embedded;

/// <summary>An array of NumPy's that values of one type pass through, since Python and this process see the same memory (python/worker's <c>embedded.py</c>).</summary>
/// <remarks>Every method needs the GIL. Once it is freed, values that lie in it throw when they are read.</remarks>
internal sealed unsafe class PythonSlot : IDisposable
{
    private const int Parts = 8;

    private readonly EmbeddedPython _python;
    private readonly nint _parts;
    private readonly nint _target;
    private readonly nint _index;
    private readonly nint _array;
    private readonly nint _copy;
    private readonly nint _type;
    private readonly nint _dtype;
    private readonly nint _shape;
    private readonly NativeBytes _bytes;
    private readonly Value _value;

    private PythonSlot(EmbeddedPython python, nint parts, Value example)
    {
        var api = python.Api;
        _python = python;
        _parts = parts;
        _target = api.PyTuple_GetItem(parts, 0);
        _index = api.PyTuple_GetItem(parts, 1);
        var address = (byte*)api.PyLong_AsLongLong(api.PyTuple_GetItem(parts, 2));
        _type = api.PyTuple_GetItem(parts, 3);
        _dtype = api.PyTuple_GetItem(parts, 4);
        _shape = api.PyTuple_GetItem(parts, 5);
        _array = api.PyTuple_GetItem(parts, 6);
        _copy = api.PyTuple_GetItem(parts, 7);
        var array = example.Kind == ValueKind.Array ? example.AsArray() : null;
        _bytes = new NativeBytes(address, array?.Bytes.Length ?? example.ScalarType.ItemSize);
        _value = array is null ? example : new NDArray(array.DType, array.Shape, _bytes.Memory);
    }

    /// <summary>Makes one of what Python says of it.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="parts">What <c>slot</c> returned; borrowed.</param>
    /// <param name="example">A value of the type.</param>
    /// <returns>The slot; null where values of this type go pickled.</returns>
    public static PythonSlot? Make(EmbeddedPython python, nint parts, Value example)
    {
        if (LibPython.TypeOf(parts) != python.Constants.TupleType || python.Api.PyTuple_Size(parts) != Parts || example.Kind is not (ValueKind.Array or ValueKind.Scalar))
            return null;
        python.Api.Py_IncRef(parts);
        return new PythonSlot(python, parts, example);
    }

    /// <summary>Whether a value of this process can pass.</summary>
    public bool Takes(Value value)
    {
        if (value.Kind != _value.Kind)
            return false;
        if (value.Kind == ValueKind.Scalar)
            return value.ScalarType.Equals(_value.ScalarType);
        var (array, own) = (value.AsArray(), _value.AsArray());
        return array.DType.Equals(own.DType) && array.Shape.SequenceEqual(own.Shape);
    }

    /// <summary>Makes a Python object of a value that it takes.</summary>
    /// <returns>A new reference to a new object; 0 with an exception set.</returns>
    public nint ToPython(Value value)
    {
        if (value.Kind == ValueKind.Scalar)
        {
            value.CopyScalarTo(_bytes.GetSpan());
            return _python.Api.PyObject_GetItem(_array, _index);
        }
        value.AsArray().Bytes.CopyTo(_bytes.GetSpan());
        return _python.Api.PyObject_CallObject(_copy, 0);
    }

    /// <summary>Reads a Python object, if it is of the type.</summary>
    /// <param name="source">The object; borrowed.</param>
    /// <param name="value">The value; an array lies in the slot until the next one is read.</param>
    /// <returns>Whether it is; no exception is set either way.</returns>
    public bool TryRead(nint source, out Value value)
    {
        value = _value;
        if (LibPython.TypeOf(source) != _type || (_dtype != _python.Constants.False && !HasSameLayout(source)))
            return false;
        if (_python.Api.PyObject_SetItem(_target, _index, source) != 0)
        {
            _python.Api.PyErr_Clear();
            return false;
        }
        if (_value.Kind == ValueKind.Scalar)
            value = Value.FromScalar(_value.ScalarType, _bytes.GetSpan());
        return true;
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        ((IDisposable)_bytes).Dispose();
        _python.Api.Py_DecRef(_parts);
    }

    private bool HasSameLayout(nint array)
    {
        var api = _python.Api;
        // The very dtype: an equal one may differ in what it means.
        var dtype = api.PyObject_GetAttr(array, _python.Constants.DTypeName);
        api.Py_DecRef(dtype);
        if (dtype != _dtype)
            return false;
        var shape = api.PyObject_GetAttr(array, _python.Constants.ShapeName);
        var isSame = api.PyObject_RichCompareBool(shape, _shape, LibPython.CompareEqual) == 1;
        api.Py_DecRef(shape);
        return isSame;
    }

    private sealed class NativeBytes(byte* start, int length) : MemoryManager<byte>
    {
        private byte* _start = start;

        public override Span<byte> GetSpan()
        {
            ObjectDisposedException.ThrowIf(_start is null, typeof(EmbeddedEnvironment));
            return new Span<byte>(_start, length);
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => _start = null;
    }
}
