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
``reset``      seed, options                        (observation, info)
``step``       action                               (observation, reward, terminated, truncated, info)
``render``                                          what the environment's ``render`` returned
``has_attr``   name                                 None for no; whether it can be called
``get_attr``   name                                 the attribute
``set_attr``   name, value, force                   whether it was set
``call``       name, args, kwargs                   what the method returned
``close``                                           None; the worker then ends
=============  ===================================  ==================================================

Where the first request is ``supervise``, the process becomes a supervisor instead, which forks workers: see ``supervisor.py``.
"""

import os

from . import faults, processes
from .channel import Channel
from .faults import Refusal

_OF_THE_ENVIRONMENT = frozenset(
    ["step", "reset", "render", "make", "has_attr", "get_attr", "set_attr", "call"]
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
    worker = _Worker()
    try:
        channel.send(worker.answer(message))
        while worker.is_open:
            channel.send(worker.answer(channel.receive()))
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
    """

    def __init__(self):
        self.is_open = True
        self._max_message_bytes = 0
        self._guard = None
        self._environment = None
        self._own = {"hello": self._hello, "probe": self._probe, "close": self.close}

    def answer(self, message):
        """Does a request and returns the encoded reply, whatever the environment's code raises."""
        try:
            name, parameters = self._decode(message)
            if name == "make":
                self._load()
            if name in _OF_THE_ENVIRONMENT:
                self._guard.begin()
                result = getattr(self._environment, name)(*parameters)
                payload = Channel.encode((True, result))
                if len(payload) > self._max_message_bytes:
                    raise Refusal(
                        "UnsupportedValue",
                        "the reply takes %d bytes, and a message may have %d"
                        % (len(payload), self._max_message_bytes),
                    )
                return payload
            return Channel.encode((True, self._own[name](*parameters)))
        except (
            BaseException
        ) as error:  # SystemExit and KeyboardInterrupt are the environment's own, too
            return Channel.encode((False, faults.describe(error)))

    def _probe(self, imports):
        from .probe import probe

        return probe(imports)

    def _hello(self, max_message_bytes):
        self._max_message_bytes = max_message_bytes
        return os.getpid()

    def _load(self):
        # Only now: an interpreter without NumPy or Gymnasium can still be probed.
        if self._environment is None:
            from .environment import HostedEnvironment
            from .values import ValueGuard

            self._guard = ValueGuard()
            self._environment = HostedEnvironment(self._guard)

    def close(self):
        """Closes the environment, if there is one."""
        self.is_open = False
        if self._environment is not None:
            self._environment.close()

    @staticmethod
    def _decode(message):
        try:
            request = Channel.decode(message)
        except TypeError as error:
            # A client can send what no Python program can hold, such as a dict with a list as a key.
            raise Refusal(
                "InvalidArgument", "a parameter cannot be made: %s" % error, error
            ) from None
        return request[0], request[1:]
