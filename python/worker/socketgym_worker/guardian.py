"""The parent of a worker that was spawned by itself: what a supervisor is to those that it forks, for one alone.

It forks at once, while nothing is imported that a fork could harm, and then only waits. Without it nobody could end what a killed
worker leaves, nor a worker that keeps the interpreter's lock when the server is gone.
"""

import os
import select
import signal
import time

from . import processes

# How long the worker has, once the server is gone, to close its environment: a little more than it takes itself.
_GRACE_SECONDS = 2.5


def guard():
    """Puts a guardian above this process; returns in the worker.

    The guardian itself ends when the worker has ended, with everything that it started, and its exit code is the worker's. SIGTERM
    has it kill the worker.
    """
    if not os.path.isdir("/proc/self/task"):
        return  # no Linux, or a tree without /proc: nobody could be found that is to be ended
    try:
        processes.adopt_orphans()
    except OSError:
        return  # a system that lets nobody adopt: the server then does what it can
    reader, writer = os.pipe()
    for descriptor in (reader, writer):
        os.set_blocking(descriptor, False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writer)
    worker = os.fork()
    if worker != 0:
        try:
            code = _Guardian(worker, reader).wait()
        finally:
            processes.end_descendants()
        os._exit(code)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.close(reader)
    os.close(writer)
    # Its daemons stay its own, so that the server finds them below it where the guardian is killed.
    processes.adopt_orphans()


class _Guardian:
    def __init__(self, worker, signals):
        self._worker = worker
        self._signals = signals
        self._lifeline = os.dup(0)
        self._poll = select.poll()
        self._poll.register(signals, select.POLLIN)
        self._poll.register(self._lifeline, 0)  # no event asked for: only a hang-up is reported
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)  # the worker's streams end with the worker
        os.close(null)
        try:
            os.setsid()  # a Ctrl-C at the server's terminal is the server's
        except OSError:
            pass  # it leads a group already

    def wait(self):
        """Waits until the worker has ended; returns its exit code."""
        deadline = None
        while True:
            left = None if deadline is None else max(0, int((deadline - time.monotonic()) * 1000))
            ready = [descriptor for descriptor, _ in self._poll.poll(left)]
            status = self._status()
            if status is not None:
                return processes.exit_code(status)
            if self._lifeline in ready:
                self._poll.unregister(self._lifeline)
                deadline = time.monotonic() + _GRACE_SECONDS
            is_late = deadline is not None and time.monotonic() >= deadline
            if is_late or (self._signals in ready and self._is_asked_to_end()):
                processes.end(self._worker)

    def _status(self):
        """How the worker ended, or None; whatever else has ended is forgotten."""
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process in (0, self._worker):
                return status if process else None

    def _is_asked_to_end(self):
        try:
            return signal.SIGTERM in os.read(self._signals, 4096)
        except BlockingIOError:
            return False
