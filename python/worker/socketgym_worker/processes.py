"""Process trees on Linux: who is whose child, adopting orphans, and ending what is left."""

import os
import signal

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Makes this process the parent of every descendant whose own parent ends, as init otherwise is."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, "PR_SET_CHILD_SUBREAPER: " + os.strerror(number))


def end_children(spared=()):
    """Kills this process's children; what they leave behind becomes this process's own where it adopts orphans.

    Args:
        spared: The ids of those that live.
    """
    for child in _children():
        if child not in spared:
            end(child)


def end_descendants():
    """Kills this process's children, and where it adopts orphans all descendants, and waits until they are gone."""
    while True:
        end_children()
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def end(process):
    """Kills a child that has not been waited for, and the group that it leads, if any."""
    for kill in (os.killpg, os.kill):
        try:
            kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # no leader of a group, or a program with another user's rights


def exit_code(status):
    """Returns what ``os.waitpid`` told as a shell gives it: 128 and the signal's number for a process that a signal ended."""
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def children_seconds():
    """Returns the seconds that this process's living children have had a processor; 0 where nobody tells."""
    if not os.path.isdir("/proc/self/task"):
        return 0.0
    ticks = 0
    for child in _children():
        fields = _fields(child)
        # Of the program itself and in the system's calls.
        ticks += sum(map(int, fields[11:13])) if fields else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def delayed_seconds():
    """Returns the seconds that the main thread was ready to run and had no processor; 0 where nobody tells."""
    try:
        with open("/proc/self/schedstat") as stat:
            return int(stat.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _children():
    own = os.getpid()
    try:
        # The children of the main thread: those that other threads started are missing here, but not below.
        if len(os.listdir("/proc/self/task")) == 1:
            with open("/proc/self/task/%d/children" % own) as listing:
                return [int(word) for word in listing.read().split()]
    except OSError:
        pass  # the kernel was built without it
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and _parent(name) == own]


def _parent(process):
    fields = _fields(process)
    return int(fields[1]) if fields else None


def _fields(process):
    """Returns the fields of a process's stat from its state on; None where it has just ended."""
    try:
        with open("/proc/%s/stat" % process) as stat:
            # The name, in parentheses, may hold anything.
            return stat.read().rpartition(")")[2].split()
    except OSError:
        return None
