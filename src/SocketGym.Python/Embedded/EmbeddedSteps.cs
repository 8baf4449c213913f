using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;

namespace SocketGym.Python.Embedded;

/// <summary>Steps and resets without seed and options, whose numbers, flags and arrays pass unpickled.</summary>
/// <remarks>Every method needs the GIL. In steady state a step whose info is empty allocates nothing; an observation is valid until the next call.</remarks>
internal sealed unsafe class EmbeddedSteps : IDisposable
{
    private static readonly Value StepName = "step";
    private static readonly Value EmptyInfo = ValueDictionary.Empty;

    private readonly EmbeddedPython _python;
    private readonly LibPython _api;
    private readonly PythonConstants _constants;
    private readonly PythonSession _session;
    private readonly nint _environment;
    private PythonSlot? _action;
    private PythonSlot? _observation;
    private PythonSlot? _reward;

    /// <summary>Makes the path of one session's steps.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="session">The session, with an environment; not owned.</param>
    public EmbeddedSteps(EmbeddedPython python, PythonSession session)
    {
        _python = python;
        _api = python.Api;
        _constants = python.Constants;
        _session = session;
        _environment = session.Environment();
    }

    /// <summary>Takes a step.</summary>
    /// <param name="action">The action.</param>
    /// <returns>The result.</returns>
    /// <exception cref="SocketGymException">The environment's error, or <see cref="ErrorCode.UnsupportedValue"/>.</exception>
    public StepResult Step(Value action)
    {
        var argument = ToPython(action);
        // Looked for each time: an environment may put another in its place.
        var step = _api.PyObject_GetAttr(_environment, _constants.StepName);
        var result = _api.Call(step, _api.Another(argument));
        if (step != 0)
            _api.Py_DecRef(step);
        if (result == 0)
        {
            var failure = _session.StepFailure(argument);
            _api.Py_DecRef(argument);
            throw failure;
        }
        _api.Py_DecRef(argument);
        // No block with an end to be run: a call of Python from within one takes three times as long.
        if (!TryReadStep(result, out var read))
            return ReadAnyStep(result);
        _api.Py_DecRef(result);
        return read;
    }

    /// <summary>Starts an episode without seed and options.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="SocketGymException">The environment's error, or <see cref="ErrorCode.UnsupportedValue"/>.</exception>
    public ResetResult Reset()
    {
        var result = _session.Restart();
        if (result == 0)
            throw _session.Failure();
        try
        {
            var info = _api.PyTuple_GetItem(result, 1);
            if (LibPython.TypeOf(info) == _constants.DictType && TryRead(_api.PyTuple_GetItem(result, 0), _observation, out var observation))
                return new ResetResult(observation, ReadInfo(info));
            var parts = _session.ResetResult(result).AsItems();
            return new ResetResult(parts[0], parts[1]);
        }
        finally
        {
            _api.Py_DecRef(result);
        }
    }

    /// <summary>Lets go of everything; values that lie in its memory are no good any more.</summary>
    public void Dispose()
    {
        _action?.Dispose();
        _observation?.Dispose();
        _reward?.Dispose();
        _api.Py_DecRef(_environment);
    }

    private nint ToPython(Value action)
    {
        switch (action.Kind)
        {
            case ValueKind.Int when action.IsInt64:
                return _api.PyLong_FromLongLong(action.AsInt64());
            case ValueKind.Float:
                return _api.PyFloat_FromDouble(action.AsDouble());
            case ValueKind.Bool:
                return _api.PyBool_FromLong(action.AsBool() ? 1 : 0);
            case ValueKind.Scalar or ValueKind.Array when _action is not null && _action.Takes(action):
                var value = _action.ToPython(action);
                return value != 0 ? value : throw _session.Failure();
        }
        var parts = _session.Action(_session.Encode(Value.Tuple(StepName, action)));
        Replace(ref _action, _api.PyTuple_GetItem(parts, 1), action);
        var argument = _api.Another(_api.PyTuple_GetItem(parts, 0));
        _api.Py_DecRef(parts);
        return argument;
    }

    // Reads the usual: nothing is pickled, and info is empty.
    private bool TryReadStep(nint result, out StepResult read)
    {
        if (IsStep(result) && _api.PyDict_Size(_api.PyTuple_GetItem(result, 4)) == 0)
            return TryReadParts(result, EmptyInfo, out read);
        read = default;
        return false;
    }

    private bool IsStep(nint result) => LibPython.TypeOf(result) == _constants.TupleType
        && _api.PyTuple_Size(result) == 5
        && LibPython.TypeOf(_api.PyTuple_GetItem(result, 4)) == _constants.DictType;

    private bool TryReadParts(nint result, Value info, out StepResult read)
    {
        read = default;
        if (!TryReadFlag(_api.PyTuple_GetItem(result, 2), out var terminated)
            || !TryReadFlag(_api.PyTuple_GetItem(result, 3), out var truncated)
            || !TryRead(_api.PyTuple_GetItem(result, 1), _reward, out var reward)
            || !TryRead(_api.PyTuple_GetItem(result, 0), _observation, out var observation))
        {
            return false;
        }
        read = new StepResult(observation, reward, terminated, truncated, info);
        return true;
    }

    private StepResult ReadAnyStep(nint result)
    {
        try
        {
            if (IsStep(result) && TryReadParts(result, Value.None, out var read))
                return read with { Info = ReadInfo(_api.PyTuple_GetItem(result, 4)) };
            return ReadPickled(result);
        }
        finally
        {
            _api.Py_DecRef(result);
        }
    }

    private StepResult ReadPickled(nint result)
    {
        var parts = _session.StepResult(result);
        try
        {
            var values = _session.ResultOf(_api.Another(_api.PyTuple_GetItem(parts, 0))).AsItems();
            Replace(ref _observation, _api.PyTuple_GetItem(parts, 1), values[0]);
            Replace(ref _reward, _api.PyTuple_GetItem(parts, 2), values[1]);
            return new StepResult(values[0], values[1], values[2], values[3], values[4]);
        }
        finally
        {
            _api.Py_DecRef(parts);
        }
    }

    private void Replace(ref PythonSlot? slot, nint parts, Value example)
    {
        slot?.Dispose();
        slot = PythonSlot.Make(_python, parts, example);
    }

    private Value ReadInfo(nint info) => _api.PyDict_Size(info) == 0 ? EmptyInfo : _session.Info(info);

    private bool TryReadFlag(nint source, out Value flag)
    {
        flag = default;
        if (source == _constants.False || source == _constants.True)
            flag = source == _constants.True;
        else if (source == _constants.NumPyFalse || source == _constants.NumPyTrue)
            flag = Value.Scalar(source == _constants.NumPyTrue);
        else
            return false;
        return true;
    }

    private bool TryRead(nint source, PythonSlot? slot, out Value value)
    {
        var type = LibPython.TypeOf(source);
        if (type == _constants.FloatType)
        {
            value = _api.PyFloat_AsDouble(source);
            return true;
        }
        if (type == _constants.IntType)
        {
            var number = _api.PyLong_AsLongLong(source);
            value = number;
            if (number != -1 || _api.PyErr_Occurred() == 0)
                return true;
            // It is beyond 64 bits.
            _api.PyErr_Clear();
            return false;
        }
        if (TryReadFlag(source, out value))
            return true;
        return slot is not null && slot.TryRead(source, out value);
    }
}
