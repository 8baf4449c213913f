"""A client, worker, supervisor or server that is killed with SIGKILL, whatever is going on: nothing of it is left anywhere."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from live_server import ServerProcess
from process_watch import ProcessWatch, children_of, descriptors_of, shared_mappings_of, threads_of
from raw_clients import MessagePackConnection

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
        (self.supervisor,) = children_of(self.pid)
        self.session()
        self.before = self.held()

    def bring_to(self, moment: str) -> tuple[MessagePackConnection, int]:
        """A session at that moment, and its worker's process id."""
        connection = MessagePackConnection(self.server.address)
        exec(FUNCTIONS + MOMENTS[moment], {"c": connection})
        while not (workers := children_of(self.supervisor)):
            pass  # the server has not come to the request yet
        (worker,) = workers
        return connection, worker

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
        return len(descriptors_of(self.pid)), len(ours), len(shared_mappings_of(self.pid))

    def assert_nothing_left(self) -> None:
        """Neither processes nor anything in the server."""
        rest = {self.pid, self.supervisor}
        self.watch.await_end([process for process in self.watch.find() if process not in rest])
        # What the server frees in the background may take until after a further session; what it leaks only ever grows.
        for _ in range(200):
            self.session()
            if all(now <= then for now, then in zip(self.held(), self.before)):
                break
        else:
            raise AssertionError(
                f"descriptors, threads, mappings: {self.held()}, not {self.before}"
            )
        self.watch.await_reaped({self.supervisor}, self.pid)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    watch = ProcessWatch()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in watch.variables.items():
            patch.setenv(name, value)
        server = ServerProcess("--port", "0")
    yield Scene(server, watch)
    server.stop()
    watch.await_none()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_client_killed_at_any_moment_leaves_nothing(scene: Scene, moment: str) -> None:
    variables = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parent)}
    shared = sorted(os.listdir("/dev/shm"))
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM % (FUNCTIONS, MOMENTS[moment]), scene.server.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=variables,
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"now\n"
        client.kill()
    scene.assert_nothing_left()
    assert sorted(os.listdir("/dev/shm")) == shared


@pytest.mark.parametrize("moment", ["make with lock", "reset", "step with lock", "render"])
def test_a_worker_killed_in_a_request_is_told_and_leaves_nothing(scene: Scene, moment: str) -> None:
    connection, worker = scene.bring_to(moment)
    with connection:
        os.kill(worker, signal.SIGKILL)
        _, error, _ = connection.receive_response()
        # One that is killed before it has answered at all could not be started.
        codes = ["WorkerDied", "InterpreterUnavailable"] if "make" in moment else ["WorkerDied"]
        assert error is not None and error["code"] in codes, error
        connection.call("make", "SocketGymTest/Process-v0", {})
    scene.assert_nothing_left()


@pytest.mark.parametrize("moment", ["make", "children", "pipelined"])
@pytest.mark.parametrize("victim", ["server", "supervisor"])
def test_whoever_else_is_killed_leaves_nothing(
    start_server: Callable[..., ServerProcess],
    monkeypatch: pytest.MonkeyPatch,
    victim: str,
    moment: str,
) -> None:
    watch = ProcessWatch()
    for name, value in watch.variables.items():
        monkeypatch.setenv(name, value)
    scene = Scene(start_server("--port", "0"), watch)
    shared = sorted(os.listdir("/dev/shm"))
    connection, _ = scene.bring_to(moment)
    with connection:
        if victim == "server":
            os.kill(scene.pid, signal.SIGKILL)
            scene.server.process.wait()
            watch.await_none()
        else:
            os.kill(scene.supervisor, signal.SIGKILL)
            watch.await_end([process for process in watch.find() if process != scene.pid])
            if moment != "children":
                error = connection.receive_response()[1]
                assert error is not None and error["code"] == "WorkerDied"
            scene.session()
    assert sorted(os.listdir("/dev/shm")) == shared
