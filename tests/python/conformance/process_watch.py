"""The processes of a server under test, found by a variable that each of them was started with."""

from __future__ import annotations

import os
import pathlib
import select
import time
import uuid

_VARIABLE = "SOCKETGYM_TEST_MARK"
_LIMIT_SECONDS = 60


class ProcessWatch:
    """Finds and awaits every process that a server started, and those that they started, daemons included."""

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex

    @property
    def variables(self) -> dict[str, str]:
        """What to start the server with."""
        return {_VARIABLE: self.mark}

    def find(self) -> list[int]:
        """The ids of those that live; a process that has ended and was not waited for is none."""
        needle = f"{_VARIABLE}={self.mark}".encode()
        return [
            int(path.name)
            for path in pathlib.Path("/proc").glob("[0-9]*")
            if needle in _read(path / "environ")
        ]

    def await_end(self, processes: list[int]) -> None:
        """Waits until these have ended."""
        handles = []
        for process in processes:
            try:
                handles.append(os.pidfd_open(process))
            except ProcessLookupError:
                pass
        try:
            end = time.monotonic() + _LIMIT_SECONDS
            for handle in handles:
                poll = select.poll()
                poll.register(handle, select.POLLIN)
                left = max(0, int((end - time.monotonic()) * 1000))
                assert poll.poll(left), f"of {processes} there still are {self.find()}"
        finally:
            for handle in handles:
                os.close(handle)

    def await_reaped(self, family: set[int], root: int) -> None:
        """Waits until the descendants of ``root`` are those of ``family``, and no zombie besides."""
        end = time.monotonic() + _LIMIT_SECONDS
        while rest := descendants_of(root) - family:
            assert time.monotonic() < end, f"below {root} there still are {rest}"
            os.sched_yield()
        assert descendants_of(root) == family

    def await_none(self) -> None:
        """Waits until there is none."""
        while processes := self.find():
            self.await_end(processes)


def parent_of(process: int) -> int:
    """The id of a process's parent."""
    return int(_read(pathlib.Path(f"/proc/{process}/stat")).rpartition(b")")[2].split()[1])


def children_of(process: int) -> set[int]:
    """The ids of a process's children, those that ended and were not waited for included."""
    return {
        int(path.name) for path in pathlib.Path("/proc").glob("[0-9]*") if _is_child(path, process)
    }


def descendants_of(process: int) -> set[int]:
    """The ids of a process's children, and of theirs, zombies included."""
    family: set[int] = set()
    pending = [process]
    while pending:
        children = children_of(pending.pop())
        family |= children
        pending += children
    return family


def descriptors_of(process: int) -> list[str]:
    """What each of a process's descriptors is, in order."""
    folder = pathlib.Path(f"/proc/{process}/fd")
    names = []
    for number in sorted(os.listdir(folder), key=int):
        try:
            names.append(os.readlink(folder / number))
        except FileNotFoundError:
            pass  # it was closed meanwhile
    return names


def threads_of(process: int) -> list[str]:
    """The names of a process's threads, each cut by the kernel after 15 characters."""
    tasks = pathlib.Path(f"/proc/{process}/task").iterdir()
    return [_read(task / "comm").decode().strip() for task in tasks]


def resources_of(process: int) -> list[str]:
    """What each of a .NET process's descriptors is, apart from the assemblies, which it opens when it first needs them."""
    return [name for name in descriptors_of(process) if not name.endswith(".dll")]


def shared_mappings_of(process: int) -> list[str]:
    """The shared memory that a process has mapped, apart from what .NET compiles its code into."""
    lines = _read(pathlib.Path(f"/proc/{process}/maps")).decode().splitlines()
    names = [line.split(maxsplit=5)[5] for line in lines if len(line.split(maxsplit=5)) == 6]
    shared = [name for name in names if name.startswith(("/dev/shm/", "/memfd:"))]
    return [name for name in shared if "doublemapper" not in name]


def shared_memory_of(process: int) -> int:
    """A process's proportional set size, in bytes: pages that n processes share count as one n-th."""
    for line in _read(pathlib.Path(f"/proc/{process}/smaps_rollup")).decode().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {process} has ended")


def _is_child(path: pathlib.Path, process: int) -> bool:
    stat = _read(path / "stat")
    return bool(stat) and int(stat.rpartition(b")")[2].split()[1]) == process


def _read(path: pathlib.Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b""
