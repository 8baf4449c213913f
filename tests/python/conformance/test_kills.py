"""A client, worker, supervisor or server that is killed with SIGKILL, whatever is going on: nothing of it is left anywhere."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from kill_scene import FUNCTIONS, MOMENTS, PROGRAM, Scene
from live_server import ServerProcess
from process_watch import ProcessWatch


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
            (supervisor,) = scene.idle
            os.kill(supervisor, signal.SIGKILL)
            watch.await_end([process for process in watch.find() if process != scene.pid])
            if moment != "children":
                error = connection.receive_response()[1]
                assert error is not None and error["code"] == "WorkerDied"
            scene.session()
    assert sorted(os.listdir("/dev/shm")) == shared
