"""The worker's loop: one request, one reply.

A request is a tuple of a name and its parameters, a reply the tuple ``(ok, result)``; where ``ok`` is false the result is the dict
of an error.

=============  ===================================  ==================================================
request        parameters                           result
=============  ===================================  ==================================================
``hello``      max_message_bytes                    this process's id
``probe``      imports                              what ``probe.probe`` returns
``make``       id, kwargs, imports,                 a dict, as ``make`` answers in docs/protocol.md
               entry_point, wrappers
``make_vec``   as ``make``, and first, count, mode  what ``make`` answers; what follows is asked of a ``HostedVector``
``map``        server, descriptor, identity,        None; what steps give goes as ``vector_steps.py`` says, or False:
               layout                               it cannot
``reset``      seed, options; for a vector seeds,   (observation, info)
               options and a mask, lists or None
``step``       action; for a vector also whether    (observation, reward, terminated, truncated, info)
               raw ones are like these from now on
``render``                                          what the environment's ``render`` returned
``measure``    seconds                              the share of its time that the environment waits
``has_attr``   name                                 None for no; whether it can be called
``get_attr``   name                                 the attribute
``set_attr``   name, value, force                   whether it was set
``call``       name, args, kwargs                   what the method returned
``share``      server, descriptor, identity         None; what follows goes as ``sharing.py`` says, or False: it cannot
``close``                                           None; the worker then ends
=============  ===================================  ==================================================

Where the first request is ``supervise``, the process becomes a supervisor instead, which forks workers: see ``supervisor.py``.
"""

import os

from . import faults, processes, sharing
from .channel import Channel
from .faults import Refusal

_OF_THE_ENVIRONMENT = frozenset(
    ["step", "reset", "render", "make", "has_attr", "get_attr", "set_attr", "call"]
    + ["make_vec", "map", "measure"]
)


def main():
    """Serves the server that started this process until it closes the channel."""
    if hasattr(os, "setsid") and os.getpid() != os.getsid(0):
        # A group of its own: a Ctrl-C at the server's terminal is the server's, and the group can be ended as one.
        try:
            os.setsid()
        except OSError:
            pass  # it leads a group already
    channel = Channel.take_standard_streams()
    try:
        message = channel.receive()
        request = Channel.decode(message)
        if request[0] == "supervise":
            from .supervisor import Supervisor

            channel = Supervisor(channel).run(*request[1:])
            if channel is None:
                return
            message = channel.receive()
    except EOFError:
        return  # the server is gone before it has asked for anything
    _serve(channel, message)


def _serve(channel, message):
    channel.exit_with_server(_end_descendants)
    worker = _Worker(channel)
    try:
        channel.send(worker.answer(message))
        while worker.is_open and worker.port is None:
            channel.send(worker.answer(channel.receive()))
        while worker.is_open:
            worker.answer_shared()
    except (EOFError, BrokenPipeError):
        worker.close()  # the server is gone; the environment may have something to end, too
    finally:
        _end_descendants()


def _end_descendants():
    # The server or the supervisor has this done, too; but either may have been killed.
    if os.path.isdir("/proc/self/task"):
        processes.end_descendants()


class _Worker:
    """Answers requests.

    Attributes:
        is_open: Whether there may be a further request.
        port: The :class:`~socketgym_worker.sharing.Port` that requests come through, once there is one; until then the channel.
    """

    def __init__(self, channel):
        self.is_open = True
        self.port = None
        self._channel = channel
        self._max_message_bytes = 0
        self._guard = None
        self._environment = None
        self._steps = None
        self._own = {
            "hello": self._hello,
            "probe": self._probe,
            "share": self._share,
            "close": self.close,
        }

    def answer(self, message):
        """Does a request of the channel's and returns the encoded reply, whatever the environment's code raises."""
        try:
            return self._do(*decode(message, 4))
        except (
            BaseException
        ) as error:  # SystemExit and KeyboardInterrupt are the environment's own, too
            return Channel.encode((False, faults.describe(error)))

    def answer_shared(self):
        """Waits for a request of the port's that is no raw step, does it and answers it.

        Raises:
            EOFError: The server is gone.
        """
        port, steps = self.port, self._steps
        kind = port.wait() if steps is None else steps.answer_raw()
        message = port.receive(kind)
        try:
            name, parameters = decode(message, 0)
            is_step = steps is not None and steps.is_answering(name)
            if name == "render":
                payload = self._draw()
                if payload is None:
                    return
            else:
                payload = None if is_step else self._do(name, parameters)
        except BaseException as error:
            payload = Channel.encode((False, faults.describe(error)))
        if payload is None:
            steps.answer(name, kind, parameters)
        else:
            port.send(payload)

    def close(self):
        """Closes the environment, if there is one."""
        self.is_open = False
        if self._environment is not None:
            self._environment.close()

    def _do(self, name, parameters):
        if name == "make" or name == "make_vec":
            self._load(is_vector=name == "make_vec")
        if name not in _OF_THE_ENVIRONMENT:
            return Channel.encode((True, self._own[name](*parameters)))
        self._guard.begin()
        payload = Channel.encode((True, getattr(self._environment, name)(*parameters)))
        self._guard.check_size(payload)
        return payload

    def _draw(self):
        """Answers with the frames, or returns the encoded reply where they are none."""
        from . import frames

        drawn = self._environment.draw()
        if frames.send(self.port, drawn, self._max_message_bytes):
            return None
        self._guard.begin()
        payload = Channel.encode((True, self._guard.strict(drawn, "the rendering")))
        self._guard.check_size(payload)
        return payload

    def _probe(self, imports):
        from .probe import probe

        return probe(imports)

    def _hello(self, max_message_bytes):
        self._max_message_bytes = max_message_bytes
        return os.getpid()

    def _share(self, server, descriptor, identity):
        if not sharing.is_supported():
            return False
        try:
            self.port = sharing.Port(self._channel, server, descriptor, identity)
        except OSError:
            return False  # it is in a container of its own; the pipes do as well
        return None

    def _load(self, is_vector):
        # Only now: an interpreter without NumPy or Gymnasium can still be probed.
        if self._environment is not None:
            return
        from .values import ValueGuard

        if is_vector:
            from .vector import HostedVector as Host
            from .vector_steps import VectorSteps as Steps
        else:
            from .environment import HostedEnvironment as Host
            from .steps import Steps
        self._guard = ValueGuard(self._max_message_bytes)
        self._environment = Host(self._guard)
        if self.port is not None:
            self._steps = Steps(self.port, self._environment, self._guard)


def decode(message, start):
    """Returns a request's name and its parameters.

    Raises:
        Refusal: ``InvalidArgument``: a parameter is nothing that Python can hold.
    """
    try:
        request = Channel.decode(message, start)
    except TypeError as error:
        # A client can send what no Python program can hold, such as a dict with a list as a key.
        raise Refusal("InvalidArgument", "a parameter cannot be made: %s" % error, error) from None
    return request[0], request[1:]
