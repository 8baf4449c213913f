"""What becomes of the processes behind Python environments when any of those involved is killed."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from process_watch import ProcessWatch, children_of, descriptors_of, parent_of, shared_memory_of
from raw_clients import MessagePackConnection

_MEBIBYTE = 1024 * 1024
_LEFTOVERS = ["leave child", "leave daemon"]


class WatchedServer:
    """A server whose processes are known."""

    def __init__(self, process: Any, watch: ProcessWatch) -> None:
        self.process = process
        self.watch = watch

    @property
    def supervisor(self) -> int:
        """The process id of the one child that the server has when there is no session."""
        (child,) = children_of(self.process.process.pid)
        return child

    def connect(self, fault: str | None = None) -> MessagePackConnection:
        """A session that was reset."""
        connection = MessagePackConnection(self.process.address)
        if fault is None:
            connection.call("make", "SocketGymTest/Process-v0", {})
        else:
            connection.call("make", "SocketGymTest/Fault-v0", {"fault": fault})
        return connection

    def process_of(self, connection: MessagePackConnection) -> int:
        """The process id of a session with Process-v0."""
        return tell(connection)["process"]

    def kill(self) -> None:
        """Kills the server."""
        self.process.process.kill()
        self.process.process.wait()


def tell(connection: MessagePackConnection) -> dict[str, Any]:
    """Resets Process-v0 and returns what it tells."""
    return connection.call("reset", None, None)[1]


@pytest.fixture
def server(start_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> WatchedServer:
    watch = ProcessWatch()
    for name, value in watch.variables.items():
        monkeypatch.setenv(name, value)
    return WatchedServer(start_server("--port", "0"), watch)


def test_sessions_are_forked_from_one_warm_process(server: WatchedServer) -> None:
    supervisor = server.supervisor
    assert os.listdir(f"/proc/{supervisor}/task") == [
        str(supervisor)
    ], "a process with threads must not fork"
    with server.connect() as first, server.connect() as second:
        tales = [tell(first), tell(second)]
        workers = [tale["process"] for tale in tales]
        assert len(set(workers)) == 2
        assert [parent_of(worker) for worker in workers] == [supervisor] * 2
        assert [os.getsid(worker) for worker in workers] == workers
        assert not any(tale["pygame"] for tale in tales)
        for generator in ("random", "numpy", "unseeded"):
            assert (
                tales[0][generator] != tales[1][generator]
            ), f"both sessions have the same numbers from {generator}"


def test_sessions_made_at_once_are_forked_from_the_same_process(server: WatchedServer) -> None:
    supervisor = server.supervisor
    connections = [MessagePackConnection(server.process.address) for _ in range(8)]
    for connection in connections:
        connection.send_request("make", "SocketGymTest/Process-v0", {})
    for connection in connections:
        assert connection.receive_response()[1] is None
    assert children_of(supervisor) == {server.process_of(connection) for connection in connections}
    for connection in connections:
        connection.socket.close()


def test_a_worker_has_its_own_pipes_and_memory_and_nothing_else(server: WatchedServer) -> None:
    with server.connect(), server.connect() as second:
        descriptors = descriptors_of(server.process_of(second))
        assert descriptors[0] == "/dev/null"
        assert descriptors[1] == descriptors[2], "what is printed goes to standard error"
        memory = [name for name in descriptors if name.startswith("/memfd:socketgym-")]
        assert len(memory) == 1
        descriptors.remove(memory[0])
        assert len(descriptors) == 5 and len(set(descriptors)) == 4
        assert all(name.startswith("pipe:") for name in descriptors[1:])
        assert memory[0] not in descriptors_of(server.supervisor)
        assert not set(descriptors[1:]) & set(descriptors_of(server.supervisor))


def test_a_further_session_takes_less_than_10_megabytes(server: WatchedServer) -> None:
    supervisor, connections, totals = server.supervisor, [], []
    for _ in range(3):
        connections.append(MessagePackConnection(server.process.address))
        connections[-1].call("make", "python:CartPole-v1", {})
        connections[-1].call("reset", 0, None)
        connections[-1].call("step", 1)
        workers = children_of(supervisor)
        assert len(workers) == len(connections)
        totals.append(sum(shared_memory_of(process) for process in [supervisor, *workers]))
    assert totals[2] - totals[1] < 10 * _MEBIBYTE
    for connection in connections:
        connection.socket.close()


def test_closed_sessions_leave_no_process_and_no_descriptor(server: WatchedServer) -> None:
    pid, supervisor = server.process.process.pid, server.supervisor
    with server.connect() as first:
        first.call("close")
    before, own = len(descriptors_of(pid)), len(descriptors_of(supervisor))
    for _ in range(50):
        with server.connect() as connection:
            tell(connection)
            connection.call("close")
        assert not children_of(supervisor)
        assert len(descriptors_of(supervisor)) == own
        # What the server frees in the background may take until after the next session; what it leaks only ever grows.
        if len(descriptors_of(pid)) <= before:
            break
    else:
        raise AssertionError(f"{len(descriptors_of(pid))} descriptors rather than {before}")


@pytest.mark.parametrize("fault", [None, "hang", "hang with lock", *_LEFTOVERS])
def test_a_killed_server_leaves_nothing(server: WatchedServer, fault: str | None) -> None:
    with server.connect(fault) as connection, server.connect() as other:
        tell(other)
        connection.call("reset", None, None)
        connection.send_request("step", 0)
        if fault in _LEFTOVERS:
            child = connection.receive_response()[2][4]["child"]
            assert child in server.watch.find()
        server.kill()
        server.watch.await_none()


@pytest.mark.parametrize("answers", [0, 1, 3, 5])
@pytest.mark.parametrize("victim", ["server", "supervisor"])
def test_whoever_is_killed_while_sessions_are_made_leaves_nothing(
    server: WatchedServer, victim: str, answers: int
) -> None:
    supervisor = server.supervisor
    connections = [MessagePackConnection(server.process.address) for _ in range(6)]
    for connection in connections:
        connection.send_request("make", "SocketGymTest/Process-v0", {})
    for connection in connections[:answers]:
        assert connection.receive_response()[1] is None
    if victim == "supervisor":
        os.kill(supervisor, signal.SIGKILL)
        for connection in connections[answers:]:
            error = connection.receive_response()[1]
            assert error is None or error["code"] in ("WorkerDied", "InterpreterUnavailable"), error
        for connection in connections:
            connection.call("make", "SocketGymTest/Process-v0", {})
            assert parent_of(server.process_of(connection)) != supervisor
    server.kill()
    server.watch.await_none()
    for connection in connections:
        connection.socket.close()


@pytest.mark.parametrize("fault", _LEFTOVERS)
def test_a_killed_worker_is_told_and_leaves_nothing(server: WatchedServer, fault: str) -> None:
    supervisor = server.supervisor
    with server.connect() as other, server.connect(fault) as connection:
        kept = server.process_of(other)
        connection.call("reset", None, None)
        child = connection.call("step", 0)[4]["child"]
        (worker,) = children_of(supervisor) - {kept}
        os.kill(worker, signal.SIGKILL)
        error = connection.error_of("step", 0)
        assert error["code"] == "WorkerDied" and "SIGKILL" in error["message"], error
        server.watch.await_end([child])
        assert tell(other)["process"] == kept
        connection.call("make", "SocketGymTest/Process-v0", {})
        assert children_of(supervisor) == {kept, server.process_of(connection)}


@pytest.mark.parametrize("fault", _LEFTOVERS)
def test_a_killed_client_s_session_leaves_nothing(server: WatchedServer, fault: str) -> None:
    supervisor = server.supervisor
    program = (
        "import sys; from raw_clients import MessagePackConnection; connection = MessagePackConnection(sys.argv[1]);"
        "connection.call('make', 'SocketGymTest/Fault-v0', {'fault': sys.argv[2]}); connection.call('reset', None, None);"
        "print(connection.call('step', 0)[4]['child'], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, server.process.address, fault],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "PYTHONPATH": str(pathlib.Path(__file__).parent),
            **ProcessWatch().variables,
        },
    ) as client:
        assert client.stdout is not None
        child = int(client.stdout.readline())
        workers = children_of(supervisor)
        assert len(workers) == 1
        client.kill()
    server.watch.await_end([child, *workers])
    with server.connect() as connection:
        assert children_of(supervisor) == {server.process_of(connection)}


@pytest.mark.parametrize("fault", ["hang with lock", *_LEFTOVERS])
def test_a_killed_supervisor_ends_its_sessions_and_is_replaced(
    server: WatchedServer, fault: str
) -> None:
    first = server.supervisor
    with server.connect() as idle, server.connect(fault) as connection:
        connection.call("reset", None, None)
        number = connection.send_request("step", 0)
        if fault in _LEFTOVERS:
            assert connection.receive_response()[0] == number
        before = server.watch.find()
        os.kill(first, signal.SIGKILL)
        server.watch.await_end(
            [process for process in before if process != server.process.process.pid]
        )
        if fault not in _LEFTOVERS:
            assert connection.receive_response()[1]["code"] == "WorkerDied"
        for session in (idle, connection):
            error = session.error_of("reset", None, None)
            assert (
                error["code"] == "WorkerDied"
                and "supervisor was ended by SIGKILL" in error["message"]
            ), error
        idle.call("make", "SocketGymTest/Process-v0", {})
        second = server.supervisor
        assert second != first and parent_of(server.process_of(idle)) == second


@pytest.mark.parametrize("fault", _LEFTOVERS)
def test_a_supervisor_killed_just_before_the_server_ends_leaves_nothing(
    server: WatchedServer, fault: str
) -> None:
    with server.connect(fault) as connection:
        connection.call("reset", None, None)
        connection.call("step", 0)
        os.kill(server.supervisor, signal.SIGKILL)
        server.process.stop()
        server.watch.await_none()
