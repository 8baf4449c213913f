"""What an environment may do to its process and to the system, beyond raising: descriptors, processes, process-wide state, floods."""

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import warnings

_WAIT = "import threading; threading.Event().wait()"
_IGNORE_AND_WAIT = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + _WAIT
_FLOOD_BYTES = 100 * 1024 * 1024
_CHUNK = 1024 * 1024

# What an environment keeps as long as its process lives.
_kept = []


def _leak_descriptors(env):
    for _ in range(1000):
        _kept.append(os.open(os.devnull, os.O_RDONLY))


def _exhaust_descriptors(env):
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    try:
        while True:
            _kept.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        pass


def _close_descriptors(env):
    os.closerange(3, 1024)


def _close_descriptors_and_hang(env):
    os.closerange(3, 1024)
    threading.Event().wait()


def _replace_descriptors(env):
    # Whatever is written to the old numbers goes nowhere, and nothing comes from them.
    reader, writer = os.pipe()
    for number in range(3, 64):
        if number not in (reader, writer):
            os.dup2(writer, number)


def _close_standard_streams(env):
    for number in (0, 1, 2):
        os.close(number)
    # The next descriptors that are opened have their numbers.
    _kept.append(os.open(os.devnull, os.O_RDONLY))


def _flood_output(env):
    chunk = b"o" * (_CHUNK - 1) + b"\n"
    for _ in range(_FLOOD_BYTES // _CHUNK):
        os.write(1, chunk)


def _flood_errors(env):
    line = "e" * 200
    for _ in range(_FLOOD_BYTES // 4 // 200):
        sys.stderr.write(line + "\n")


def _flood_warnings(env):
    warnings.simplefilter("always")
    for number in range(20000):
        warnings.warn("the joint %d is warm" % number)


def _spawn(*options, **more):
    return subprocess.Popen([sys.executable, "-S", "-c", *options], **more)


def _child_that_ignores_terminate(env):
    env.child = _spawn(_IGNORE_AND_WAIT).pid


def _child_in_a_session_of_its_own(env):
    env.child = _spawn(_IGNORE_AND_WAIT, start_new_session=True).pid


def _child_of_multiprocessing(env):
    process = multiprocessing.get_context("fork").Process(target=threading.Event().wait)
    process.daemon = True
    process.start()
    env.child = process.pid


def _many_children(env):
    children = [_spawn(_WAIT, start_new_session=bool(number % 2)) for number in range(8)]
    env.child = children[0].pid


def _fork_and_return(env):
    # Both go on; only one of them can be the environment.
    env.child = os.fork()


def _fork_and_hang(env):
    if os.fork() != 0:
        return
    threading.Event().wait()


def _zombies(env):
    for _ in range(20):
        process = os.fork()
        if process == 0:
            os._exit(0)
        env.child = process


def _stop(env):
    os.kill(os.getpid(), signal.SIGSTOP)


def _spin(env):
    while True:
        pass


def _hang_deaf(env):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        try:
            time.sleep(3600)
        except BaseException:
            pass


def _overflow_stack(env):
    # Without the interpreter's own limit the C stack ends, and the process with it.
    sys.setrecursionlimit(10**9)
    threading.stack_size(1024 * 1024)

    def sink(depth):
        return repr(_Nested(sink, depth))

    thread = threading.Thread(target=sink, args=(0,))
    thread.start()
    thread.join()


class _Nested:
    def __init__(self, sink, depth):
        self._sink, self._depth = sink, depth

    def __repr__(self):
        return self._sink(self._depth + 1)


def _exhaust_address_space(env):
    with open("/proc/self/statm") as numbers:
        used = int(numbers.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**26, used + 2**26))
    blocks = []
    while True:
        blocks.append(bytearray(2**22))


def _raise_base_exception(env):
    raise _Base("not even an Exception")


class _Base(BaseException):
    pass


def _raise_generator_exit(env):
    raise GeneratorExit


def _change_process_state(env):
    os.chdir("/")
    os.umask(0o777)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.environ.clear()
    sys.path[:] = []
    sys.setrecursionlimit(200)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout = sys.stderr = None


def _raise_in_finalizer(env):
    _Finalized()


class _Finalized:
    def __del__(self):
        raise RuntimeError("a finalizer's own")


HAZARDS = {
    "leak descriptors": _leak_descriptors,
    "exhaust descriptors": _exhaust_descriptors,
    "close descriptors": _close_descriptors,
    "close descriptors and hang": _close_descriptors_and_hang,
    "replace descriptors": _replace_descriptors,
    "close standard streams": _close_standard_streams,
    "flood output": _flood_output,
    "flood errors": _flood_errors,
    "flood warnings": _flood_warnings,
    "child that ignores terminate": _child_that_ignores_terminate,
    "child in a session of its own": _child_in_a_session_of_its_own,
    "child of multiprocessing": _child_of_multiprocessing,
    "many children": _many_children,
    "fork and return": _fork_and_return,
    "fork and hang": _fork_and_hang,
    "zombies": _zombies,
    "stop": _stop,
    "spin": _spin,
    "hang deaf": _hang_deaf,
    "overflow stack": _overflow_stack,
    "exhaust address space": _exhaust_address_space,
    "raise base exception": _raise_base_exception,
    "raise generator exit": _raise_generator_exit,
    "change process state": _change_process_state,
    "raise in finalizer": _raise_in_finalizer,
}
