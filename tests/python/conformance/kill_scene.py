"""Sessions brought to the moment at which somebody is killed, and what must be left of them: nothing."""

from __future__ import annotations

import time

from live_server import ServerProcess
from process_watch import ProcessWatch, children_of, resources_of, shared_mappings_of, threads_of
from raw_clients import MessagePackConnection

_LIMIT_SECONDS = 20

# Each leaves a request of its session in progress, or a frame incomplete.
MOMENTS = {
    "make": "make('make', 'hang')",
    "make with lock": "make('make', 'hang with lock')",
    "reset": "make('reset', 'hang'); c.send_request('reset', 0, None)",
    "step with lock": "make('step', 'hang with lock'); reset(); c.send_request('step', 0)",
    "render": "make('render', 'hang'); reset(); c.send_request('render')",
    "pipelined": "make('step', 'hang'); reset(); [c.send_request('step', 0) for _ in range(100)]",
    "pipelined make": "make('make', 'hang'); [c.send_request('reset', 0, None) for _ in range(9)]",
    "mid-frame": "make('step', 'raise'); reset(); c.send_bytes(bytes([0, 0, 1, 0, 148]))",
    "children": "make('step', 'many children'); reset(); c.call('step', 0)",
    "replies unread": "make('step', 'raise'); [c.send_request('reset', 0, None) for _ in range(99)]",
}
FUNCTIONS = """
def make(when, fault):
    send = c.send_request if when == "make" else c.call
    send("make", "SocketGymTest/Fault-v0", {"when": when, "fault": fault, "render_mode": "rgb_array"})
def reset():
    c.call("reset", 0, None)
"""
PROGRAM = """
import sys
from raw_clients import MessagePackConnection
c = MessagePackConnection(sys.argv[1])
%s
%s
print("now", flush=True)
sys.stdin.read()
"""


class Scene:
    """A server without sessions, and what it holds then."""

    def __init__(self, server: ServerProcess, watch: ProcessWatch) -> None:
        self.server = server
        self.pid = server.process.pid
        self.watch = watch
        # The supervisor, where workers are forked.
        self.idle = children_of(self.pid)
        self.session()
        self.before = self.held()

    def bring_to(self, moment: str) -> tuple[MessagePackConnection, int]:
        """A session at that moment, and its worker's process id."""
        connection = MessagePackConnection(self.server.address)
        exec(FUNCTIONS + MOMENTS[moment], {"c": connection})
        while not (workers := self.workers()):
            pass  # the server has not come to the request yet
        (worker,) = workers
        return connection, worker

    def workers(self) -> set[int]:
        """The processes of the sessions: below the supervisor, or each below a guardian of its own."""
        parents = children_of(self.pid)
        return {worker for parent in parents for worker in children_of(parent)}

    def session(self) -> None:
        """A whole session."""
        with MessagePackConnection(self.server.address) as connection:
            connection.call("make", "SocketGymTest/Process-v0", {})
            connection.call("reset", 0, None)
            connection.call("close")

    def held(self) -> tuple[int, int, int]:
        """How many descriptors, threads of ours and shared mappings the server has."""
        ours = [
            name for name in threads_of(self.pid) if name.startswith(("connection", "socketgym"))
        ]
        return len(resources_of(self.pid)), len(ours), len(shared_mappings_of(self.pid))

    def assert_nothing_left(self) -> None:
        """Neither processes nor anything in the server."""
        rest = {self.pid, *self.idle}
        self.watch.await_end([process for process in self.watch.find() if process not in rest])
        # What the server frees in the background may take until after a further session; what it leaks only ever grows.
        end = time.monotonic() + _LIMIT_SECONDS
        self.session()
        while any(now > then for now, then in zip(self.held(), self.before)):
            assert (
                time.monotonic() < end
            ), f"descriptors, threads, mappings: {self.held()}, not {self.before}: {sorted(resources_of(self.pid))}"
            self.session()
        self.watch.await_reaped(self.idle, self.pid)
