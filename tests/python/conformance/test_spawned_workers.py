"""Workers that are interpreters of their own (`"fork": false`): they clean up as forked ones do."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from kill_scene import FUNCTIONS, MOMENTS, PROGRAM, Scene
from live_server import TEST_ENVIRONMENTS, ServerProcess
from process_watch import ProcessWatch, children_of, parent_of
from raw_clients import MessagePackConnection


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The default interpreter does not fork, and one that is named does."""
    path = tmp_path_factory.mktemp("spawned") / "socketgym.json"
    other = {
        "command": sys.executable,
        "imports": ["socketgym_test_envs"],
        "environment": {"PYTHONPATH": str(TEST_ENVIRONMENTS)},
    }
    content = {
        "python": {"fork": False, "imports": ["socketgym_test_envs"]},
        "interpreters": {"forking": other, "spawning": {**other, "fork": False}},
        "environments": {
            f"lab/{name}-v0": {"interpreter": name, "make": "SocketGymTest/Process-v0"}
            for name in ("forking", "spawning")
        },
    }
    path.write_text(json.dumps(content))
    return path


def start(path: pathlib.Path, watch: ProcessWatch) -> ServerProcess:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in watch.variables.items():
            patch.setenv(name, value)
        return ServerProcess("--config", str(path), "--port", "0", module=None)


@pytest.fixture(scope="module")
def server(configuration: pathlib.Path) -> Iterator[ServerProcess]:
    process = start(configuration, ProcessWatch())
    yield process
    process.stop()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A server that forks nothing."""
    path = tmp_path_factory.mktemp("alone") / "socketgym.json"
    path.write_text('{"python": {"fork": false, "imports": ["socketgym_test_envs"]}}')
    watch = ProcessWatch()
    process = start(path, watch)
    scene = Scene(process, watch)
    assert not scene.idle
    yield scene
    process.stop()
    watch.await_none()


def test_each_interpreter_forks_or_does_not_as_configured(server: ServerProcess) -> None:
    parents = {}
    for env_id in ("SocketGymTest/Process-v0", "lab/forking-v0", "lab/spawning-v0"):
        with MessagePackConnection(server.address) as connection:
            connection.call("make", env_id, {})
            worker = connection.call("reset", 0, None)[1]["process"]
            parents[env_id] = parent_of(worker)
            assert parent_of(parents[env_id]) == server.process.pid
            connection.call("close")
    # A supervisor outlives its sessions, a guardian does not.
    assert children_of(server.process.pid) == {parents["lab/forking-v0"]}
    banner = "".join(server.banner)
    assert banner.count("Each worker is an interpreter of its own: forking is turned off.") == 2


@pytest.mark.parametrize("moment", ["make", "step with lock", "children"])
def test_a_killed_client_leaves_nothing(scene: Scene, moment: str) -> None:
    variables = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parent)}
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


@pytest.mark.parametrize("victim", ["worker", "guardian"])
@pytest.mark.parametrize("moment", ["step with lock", "children"])
def test_a_killed_worker_or_guardian_is_told_and_leaves_nothing(
    scene: Scene, moment: str, victim: str
) -> None:
    connection, worker = scene.bring_to(moment)
    with connection:
        os.kill(worker if victim == "worker" else parent_of(worker), signal.SIGKILL)
        if moment == "children":
            scene.watch.await_end([worker])
            connection.send_request("reset", 0, None)
        _, error, _ = connection.receive_response()
        assert error is not None and error["code"] == "WorkerDied" and "SIGKILL" in error["message"]
    scene.assert_nothing_left()


@pytest.mark.parametrize("moment", ["make with lock", "children"])
def test_a_killed_server_leaves_nothing(configuration: pathlib.Path, moment: str) -> None:
    watch = ProcessWatch()
    scene = Scene(start(configuration, watch), watch)
    connection, _ = scene.bring_to(moment)
    with connection:
        os.kill(scene.pid, signal.SIGKILL)
        scene.server.process.communicate()
        watch.await_none()
