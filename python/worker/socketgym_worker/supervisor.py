"""The process that forks workers: warm, with a single thread, and the parent of all that they leave behind.

It is asked as a worker is, by messages, but answers when it can: each of its messages names the fork that it is about.

===========  ==========================  =======================================================================
request      parameters                  messages
===========  ==========================  =======================================================================
``fork``     number, server, ends        ``("forked", number, process id)`` or ``("refused", number, why)``
``kill``     number                      none of its own
(none)                                   ``("ended", number, exit code)`` once for each fork that was not refused
===========  ==========================  =======================================================================

``server`` is the server's process id. Each of ``ends`` names one of its pipe ends, as (descriptor, what ``/proc`` says it is): the
worker's requests, its replies and its standard error. They are opened through ``/proc``, so that nothing has to be inherited.
"""

import gc
import importlib
import os
import select
import signal
import sys
import time

from . import packages, processes
from .channel import Channel
from .probe import is_available, probe

_FLAGS = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)

# How long the workers have, once the server is gone, to close their environments: a little more than they take themselves.
_GRACE_SECONDS = 2.5


class Supervisor:
    """Forks workers until the server closes the channel, and then ends them all."""

    def __init__(self, channel):
        """Makes a supervisor without workers.

        Args:
            channel: The channel to the server.
        """
        self._channel = channel
        self._numbers = {}  # of each worker's process id
        self._wake_reader, self._wake_writer = os.pipe()
        self._poll = select.poll()

    def run(self, server, ends, imports):
        """Answers the server's first request and then its further ones.

        The answer is a dict: ``probe`` (see :mod:`socketgym_worker.probe`), ``threads`` (how many there are; forking needs one) and
        ``problem`` (why this process cannot fork workers, or None).

        Args:
            server: The server's process id.
            ends: Pipe ends as ``fork`` gives them, to try whether they can be opened.
            imports: Modules that the server's owner wants imported, since they register environments.

        Returns:
            In each worker the channel to serve; in the supervisor itself, when all have ended, None.
        """
        self._watch_children()
        probed = probe(imports)
        if probed["missing"] is None:
            _preload()
        problem = self._find_problem(server, ends)
        self._send({"probe": probed, "threads": _count_threads(), "problem": problem})
        # What is there now is never looked at by a worker's garbage collector, so that its pages stay shared.
        gc.collect()
        gc.freeze()
        try:
            while True:
                channel = self._do_next()
                if channel is not None:
                    return channel
        except (EOFError, BrokenPipeError):
            self._end()
            return None

    def _watch_children(self):
        processes.adopt_orphans()
        for descriptor in (self._wake_reader, self._wake_writer):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        self._poll.register(self._wake_reader, select.POLLIN)
        self._poll.register(self._channel.fileno(), select.POLLIN)

    def _find_problem(self, server, ends):
        try:
            for descriptor in _open(server, ends):
                os.close(descriptor)
        except OSError as error:
            return "it does not reach the server's pipes (%s)" % error
        pygame = sys.modules.get("pygame")
        if pygame is not None and pygame.get_init():
            return "one of the modules to import initialises pygame"
        return None

    def _do_next(self):
        """Waits for something to do and does it; returns a channel in a new worker, else None."""
        if not self._channel.has_more:
            ready = [descriptor for descriptor, _ in self._poll.poll()]
            if self._wake_reader in ready:
                self._reap()
            if self._channel.fileno() not in ready:
                return None
        name, number, *parameters = Channel.decode(self._channel.receive())
        if name == "fork":
            return self._fork(number, *parameters)
        for process, owner in self._numbers.items():
            if owner == number:
                processes.end(process)
        return None

    def _fork(self, number, server, ends):
        descriptors = []
        try:
            descriptors = _open(server, ends)
            process = os.fork()
        except OSError as error:
            for descriptor in descriptors:
                os.close(descriptor)
            self._send(("refused", number, str(error)))
            return None
        if process == 0:
            return self._become_worker(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self._numbers[process] = number
        self._send(("forked", number, process))
        return None

    def _become_worker(self, reader, writer, errors):
        # The channel to the server was closed by the fork: see Channel.take_standard_streams.
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._wake_reader)
        os.close(self._wake_writer)
        os.setsid()
        # A daemon that the environment starts stays this worker's, until the worker ends and the supervisor ends the daemon.
        processes.adopt_orphans()
        os.dup2(errors, 2)
        os.dup2(errors, 1)
        os.close(errors)
        # Python's own generator does this by itself.
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            numpy.random.seed()
        return Channel(reader, writer).close_in_forks()

    def _reap(self):
        try:
            while os.read(self._wake_reader, 4096):
                pass
        except BlockingIOError:
            pass
        ended = []
        while True:
            try:
                result = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                break
            if result is None:
                break
            # Before it is waited for: until then its number is nobody else's.
            processes.end(result.si_pid)
            _, status = os.waitpid(result.si_pid, 0)
            if result.si_pid in self._numbers:
                ended.append((self._numbers.pop(result.si_pid), processes.exit_code(status)))
        # Workers adopt their descendants' orphans, so every other child here is what a worker that has ended left.
        processes.end_children(spared=self._numbers)
        for number, code in ended:
            self._send(("ended", number, code))

    def _end(self):
        self._send = lambda message: None
        end = time.monotonic() + _GRACE_SECONDS
        self._poll.unregister(self._channel.fileno())
        while self._numbers and time.monotonic() < end:
            self._poll.poll(max(0, int((end - time.monotonic()) * 1000)))
            self._reap()
        processes.end_descendants()

    def _send(self, message):
        self._channel.send(Channel.encode(message))


def _open(server, ends):
    """Opens pipe ends of the server's; raises OSError where that is another process, as in a container of its own."""
    descriptors = []
    try:
        for (descriptor, identity), flags in zip(ends, _FLAGS):
            path = "/proc/%d/fd/%d" % (server, descriptor)
            found = os.readlink(path)
            if found != identity:
                raise OSError("%s is %s rather than %s" % (path, found, identity))
            descriptors.append(os.open(path, flags))
    except OSError:
        for descriptor in descriptors:
            os.close(descriptor)
        raise
    return descriptors


def _preload():
    """Imports what every worker would: this package's own modules and those of Gymnasium's environments that are installed."""
    from . import (
        environment,
        frames,
        steps,
        values,
        vector,
        vector_steps,
    )  # noqa: F401 - for the workers

    gymnasium = packages.find("gymnasium")
    entry_points = (
        spec.entry_point
        for spec in (packages.specs(gymnasium).values() if gymnasium is not None else ())
        if is_available(spec)
    )
    modules = {
        entry_point.partition(":")[0]
        for entry_point in entry_points
        if isinstance(entry_point, str) and entry_point.startswith("gymnasium.envs.")
    }
    for module in sorted(modules):
        try:
            importlib.import_module(module)
        except Exception:
            pass  # the worker that needs it tells


def _count_threads():
    return len(os.listdir("/proc/self/task"))
