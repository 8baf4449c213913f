using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;
using SocketGym.Python.Workers;

namespace SocketGym.Python.Embedded;

/// <summary>Python's side of a session, by its methods (python/worker's <c>embedded.py</c>).</summary>
/// <remarks>Every method needs the GIL; what it returns as an address is a new reference.</remarks>
internal sealed unsafe class PythonSession
{
    private readonly LibPython _api;
    private readonly MessagePickle _pickle;
    private readonly List<nint> _owned = [];
    private readonly nint _answer;
    private readonly nint _env;
    private readonly nint _restart;
    private readonly nint _action;
    private readonly nint _stepResult;
    private readonly nint _resetResult;
    private readonly nint _info;
    private readonly nint _stepFailure;
    private readonly nint _failure;

    /// <summary>Makes a session without an environment.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="messages">What a message may hold.</param>
    /// <exception cref="SocketGymException"><see cref="ErrorCode.InterpreterUnavailable"/>: there is no memory for it.</exception>
    public PythonSession(EmbeddedPython python, MessageLimits messages)
    {
        _api = python.Api;
        _pickle = new MessagePickle(messages);
        var session = Own(_api.Call(python.Constants.Session, _api.PyLong_FromLongLong(messages.MaxFrameBytes)));
        _answer = Method("answer\0"u8);
        _env = Method("env\0"u8);
        _restart = Method("restart\0"u8);
        _action = Method("action\0"u8);
        _stepResult = Method("step_result\0"u8);
        _resetResult = Method("reset_result\0"u8);
        _info = Method("info\0"u8);
        _stepFailure = Method("step_failure\0"u8);
        _failure = Method("failure\0"u8);

        nint Method(ReadOnlySpan<byte> name)
        {
            fixed (byte* text = name)
                return Own(_api.PyObject_GetAttrString(session, text));
        }

        nint Own(nint found)
        {
            if (found == 0)
            {
                _api.PyErr_Clear();
                Free();
                throw new SocketGymException(ErrorCode.InterpreterUnavailable, "The embedded Python has no room for a further session.");
            }
            _owned.Add(found);
            return found;
        }
    }

    /// <summary>The environment.</summary>
    public nint Environment() => _api.PyObject_CallObject(_env, 0);

    /// <summary>Has a request done.</summary>
    /// <param name="request">What <see cref="Encode"/> made of it.</param>
    /// <exception cref="SocketGymException">The environment's error.</exception>
    public Value Answer(ReadOnlySpan<byte> request) => ResultOf(_api.Call(_answer, _api.BytesOf(request)));

    /// <summary>Pickles a request; needs no GIL.</summary>
    /// <exception cref="SocketGymException">It has no encoding.</exception>
    public byte[] Encode(Value request)
    {
        var message = new byte[_pickle.Encode(request)];
        _pickle.CopyTo(message);
        return message;
    }

    /// <summary>Starts an episode without seed and options.</summary>
    /// <returns>The two values; 0 with an exception set.</returns>
    public nint Restart() => _api.PyObject_CallObject(_restart, 0);

    /// <summary>An action and the slot for others of its type, or None.</summary>
    /// <param name="step">The request.</param>
    /// <exception cref="SocketGymException">It cannot be made.</exception>
    public nint Action(ReadOnlySpan<byte> step) => Checked(_api.Call(_action, _api.BytesOf(step)));

    /// <summary>A step's encoded reply, and the slots for its observation and its reward, each perhaps None.</summary>
    /// <param name="result">What the environment returned; borrowed.</param>
    /// <exception cref="SocketGymException">It cannot travel.</exception>
    public nint StepResult(nint result) => Checked(_api.Call(_stepResult, _api.Another(result)));

    /// <summary>A reset's result.</summary>
    /// <param name="result">What the environment returned; borrowed.</param>
    /// <exception cref="SocketGymException">It cannot travel.</exception>
    public Value ResetResult(nint result) => ResultOf(_api.Call(_resetResult, _api.Another(result)));

    /// <summary>An info as a value.</summary>
    /// <param name="info">The dict; borrowed.</param>
    /// <exception cref="SocketGymException">It cannot travel.</exception>
    public Value Info(nint info) => Decode(Checked(_api.Call(_info, _api.Another(info))));

    /// <summary>The error of a step that raised.</summary>
    /// <param name="action">The action; borrowed.</param>
    public SocketGymException StepFailure(nint action)
    {
        var error = _api.TakeError();
        var arguments = _api.PyTuple_New(2);
        _ = _api.PyTuple_SetItem(arguments, 0, _api.Another(action));
        _ = _api.PyTuple_SetItem(arguments, 1, error);
        var reply = _api.PyObject_CallObject(_stepFailure, arguments);
        _api.Py_DecRef(arguments);
        return reply == 0 ? Failure() : ErrorOf(reply);
    }

    /// <summary>The error behind the exception that is set.</summary>
    public SocketGymException Failure()
    {
        var reply = _api.Call(_failure, _api.TakeError());
        if (reply != 0)
            return ErrorOf(reply);
        _api.PyErr_Clear();
        return new SocketGymException(ErrorCode.EnvironmentFault, "The environment raised an exception that Python could not describe.");
    }

    /// <summary>The result of an encoded reply.</summary>
    /// <param name="reply">The reply; its reference is taken over. 0 stands for the exception that is set.</param>
    /// <exception cref="SocketGymException">It is an error, or has no encoding.</exception>
    public Value ResultOf(nint reply) => WorkerReply.ResultOf(Decode(Checked(reply)));

    /// <summary>Lets go of it.</summary>
    public void Free() => _owned.ForEach(owned => _api.Py_DecRef(owned));

    private SocketGymException ErrorOf(nint reply)
    {
        try
        {
            _ = ResultOf(reply);
            return new SocketGymException(ErrorCode.InternalError, "Python described an exception as a result.");
        }
        catch (SocketGymException error)
        {
            return error;
        }
    }

    private nint Checked(nint result) => result != 0 ? result : throw Failure();

    private Value Decode(nint bytes)
    {
        var content = _api.ContentOf(bytes);
        _api.Py_DecRef(bytes);
        return _pickle.Decode(content);
    }
}
