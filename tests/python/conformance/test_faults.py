"""Environments that go wrong in every way: each harms its own session alone, is told as a typed error in time, and leaves nothing."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from identical import assert_identical
from live_server import TEST_ENVIRONMENTS, ServerProcess
from process_watch import (
    ProcessWatch,
    descendants_of,
    resources_of,
    shared_mappings_of,
    threads_of,
)
from raw_clients import MessagePackConnection

from socketgym import SocketGymClient, errors

# What a hang may take: short, and yet long enough for a busy machine to do in it what does not hang.
LIMIT_MS = 1000
# What a client of such a server waits at most: the promise is the limit and a second.
PATIENCE_SECONDS = LIMIT_MS / 1000 + 1

FINE = (np.ones(2, np.float32), 1.0, False, False)

RAISING = {
    "raise": "ValueError",
    "raise chained": "RuntimeError",
    "raise unprintable": "_Unprintable",
    "recurse": "RecursionError",
    "exhaust memory": "MemoryError",
    "exhaust address space": "MemoryError",
    "sys.exit": "SystemExit",
    "interrupt": "KeyboardInterrupt",
    "raise base exception": "_Base",
    "raise generator exit": "GeneratorExit",
}
DYING = {
    "exit": "exit code 3",
    "explain and exit": "diagnostic line 99",
    "segfault": "SIGSEGV",
    "abort": "SIGABRT",
    "kill": "SIGKILL",
    "overflow stack": "SIGSEGV",
    "leave child and exit": "exit code 5",
    "leave fork and exit": "exit code 6",
}
HANGING = ["hang", "hang with lock", "hang deaf", "spin", "stop"]
HARMLESS = [
    "leak descriptors",
    "exhaust descriptors",
    "close standard streams",
    "flood",
    "flood output",
    "flood errors",
    "flood warnings",
    "read input",
    "leave child",
    "leave daemon",
    "child that ignores terminate",
    "child in a session of its own",
    "child of multiprocessing",
    "many children",
    "fork and return",
    "fork and hang",
    "zombies",
    "change process state",
    "raise in finalizer",
]


class Bystander:
    """A session of the same server, walked beside a local environment."""

    def __init__(self, address: str) -> None:
        self.remote = SocketGymClient("python:CartPole-v1", address=address, render_mode=None)
        self.local = gymnasium.make("CartPole-v1")
        self.local.action_space.seed(3)
        assert_identical(self.remote.reset(seed=3), self.local.reset(seed=3))

    def walk(self, steps: int = 5) -> None:
        """Some steps, each exactly the local one."""
        for _ in range(steps):
            action = self.local.action_space.sample()
            ours, theirs = self.remote.step(action), self.local.step(action)
            assert_identical(ours, theirs)
            if theirs[2] or theirs[3]:
                assert_identical(self.remote.reset(), self.local.reset())

    def close(self) -> None:
        self.remote.close()


class Scene:
    """A server, its processes, and a bystander that must notice nothing."""

    def __init__(self, server: ServerProcess, watch: ProcessWatch) -> None:
        self.server = server
        self.watch = watch
        self.bystander = Bystander(server.address)
        self.before = descendants_of(server.process.pid)

    def connect(self, fault: str, when: str = "step") -> MessagePackConnection:
        """A session that was made, with the fault to come."""
        connection = MessagePackConnection(self.server.address)
        connection.call("make", "lab/Fault-v0", {"fault": fault, "when": when})
        return connection

    def assert_nothing_left(self) -> None:
        """Of all processes there are those that were there before, with no further child, be it a zombie."""
        pid = self.server.process.pid
        known = {pid, *self.before}
        self.watch.await_end([process for process in self.watch.find() if process not in known])
        self.watch.await_reaped(self.before, pid)
        self.bystander.walk()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    watch = ProcessWatch()
    path = tmp_path_factory.mktemp("faults") / "socketgym.json"
    limits = {name: LIMIT_MS for name in ("reset_timeout_ms", "step_timeout_ms")}
    faults = {"make": "SocketGymTest/Fault-v0", "client_kwargs": "*"}
    configuration = {
        "python": {"imports": ["socketgym_test_envs"]},
        "environments": {
            # What floods takes as long as the machine takes; what hangs is ended at its limit.
            "lab/Fault-v0": {"host": "python", **faults},
            "lab/Hang-v0": {"host": "python", **faults, "limits": limits},
            "lab/SlowStart-v0": {
                "host": "python",
                **faults,
                "limits": {"make_timeout_ms": LIMIT_MS},
            },
        },
    }
    path.write_text(json.dumps(configuration))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in watch.variables.items():
            patch.setenv(name, value)
        server = ServerProcess("--config", str(path), "--port", "0", module=None)
    yield Scene(server, watch)
    server.stop()
    watch.await_none()


@pytest.mark.parametrize("fault", RAISING)
def test_an_exception_is_told_and_the_session_goes_on(scene: Scene, fault: str) -> None:
    with scene.connect(fault) as connection:
        connection.call("reset", 0, None)
        error = connection.error_of("step", 0)
        assert error["code"] == "EnvironmentFault" and error["type"].endswith(RAISING[fault])
        assert error["traceback"]
        assert connection.call("reset", 0, None)[1] == {"child": 0}
        connection.call("close")
        scene.assert_nothing_left()


@pytest.mark.parametrize("fault", DYING)
def test_a_process_that_ends_is_told(scene: Scene, fault: str) -> None:
    with scene.connect(fault) as connection:
        connection.call("reset", 0, None)
        error = connection.error_of("step", 0)
        assert error["code"] == "WorkerDied" and DYING[fault] in error["message"], error
        scene.assert_nothing_left()
        # The connection lives: it can have another environment.
        connection.call("make", "lab/Fault-v0", {})
        assert connection.call("reset", 0, None)[1] == {"child": 0}
        connection.call("close")


@pytest.mark.parametrize(
    "fault", ["close descriptors", "close descriptors and hang", "replace descriptors"]
)
def test_an_environment_that_cuts_its_own_lines_is_ended(scene: Scene, fault: str) -> None:
    with MessagePackConnection(scene.server.address) as connection:
        connection.call("make", "lab/Hang-v0", {"fault": fault})
        connection.call("reset", 0, None)
        connection.socket.settimeout(PATIENCE_SECONDS)
        # Steps go through memory, which needs no line: it is missed when one side waits for the other.
        error = None
        for _ in range(10_000):
            connection.send_request("step", 0)
            _, error, _ = connection.receive_response()
            if error is not None:
                break
        assert error is not None and error["code"] in ("WorkerDied", "EnvironmentTimeout")
        scene.assert_nothing_left()


@pytest.mark.parametrize("when", ["make", "reset", "step", "render"])
def test_a_process_that_ends_in_any_method_is_told(scene: Scene, when: str) -> None:
    with MessagePackConnection(scene.server.address) as connection:
        requests = {"make": ["lab/Fault-v0", {"fault": "segfault", "when": when}]}
        requests |= {"reset": [0, None], "step": [0], "render": []}
        for method, params in requests.items():
            if method == when:
                error = connection.error_of(method, *params)
                assert error["code"] == "WorkerDied" and "SIGSEGV" in error["message"]
                break
            connection.call(method, *params)
        scene.assert_nothing_left()


@pytest.mark.parametrize("fault", HANGING)
def test_a_hang_is_ended_at_its_limit(scene: Scene, fault: str) -> None:
    with MessagePackConnection(scene.server.address) as connection:
        connection.call("make", "lab/Hang-v0", {"fault": fault})
        connection.call("reset", 0, None)
        # Beyond it the client gives up with an error of its own.
        connection.socket.settimeout(PATIENCE_SECONDS)
        number = connection.send_request("step", 0)
        scene.bystander.walk()
        answered, error, _ = connection.receive_response()
        assert answered == number and error is not None
        assert error["code"] == "EnvironmentTimeout" and f"{LIMIT_MS} ms" in error["message"]
        scene.assert_nothing_left()


@pytest.mark.parametrize("when", ["make", "reset", "render"])
def test_a_hang_in_any_method_is_ended_at_its_limit(scene: Scene, when: str) -> None:
    with MessagePackConnection(scene.server.address) as connection:
        connection.socket.settimeout(PATIENCE_SECONDS)
        env_id = "lab/SlowStart-v0" if when == "make" else "lab/Hang-v0"
        make = ["make", env_id, {"fault": "hang with lock", "when": when}]
        if when == "make":
            error = connection.error_of(*make)
        else:
            connection.call(*make)
            connection.call("reset", 0, None) if when == "render" else None
            error = connection.error_of(when, *([0, None] if when == "reset" else []))
        assert error["code"] == "EnvironmentTimeout" and f"'{when}' within" in error["message"]
        scene.assert_nothing_left()


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_an_environment_does_to_its_process_ends_with_it(scene: Scene, fault: str) -> None:
    with SocketGymClient(
        "lab/Fault-v0", address=scene.server.address, fault=fault, render_mode=None
    ) as env:
        env.reset(seed=0)
        *result, info = env.step(0)
        assert_identical(tuple(result), FINE)
        scene.bystander.walk()
        assert_identical(env.reset(seed=0), (np.zeros(2, np.float32), info))
    scene.assert_nothing_left()


@pytest.mark.parametrize("fault", ["leave daemon", "many children", "child of multiprocessing"])
@pytest.mark.parametrize("end", ["connection", "make", "close"])
def test_children_end_however_the_session_does(scene: Scene, fault: str, end: str) -> None:
    with scene.connect(fault) as connection:
        connection.call("reset", 0, None)
        child = connection.call("step", 0)[4]["child"]
        assert child in scene.watch.find()
        if end == "connection":
            connection.socket.close()
        elif end == "make":
            assert connection.error_of("make", "NoSuch-v0", {})["code"] == "UnknownEnvironment"
        else:
            connection.call("close")
        scene.assert_nothing_left()


def describe_local(fault: str) -> tuple[Any, Any]:
    """What local Gymnasium gives for a reset and a step of the faulty environment."""
    import socketgym_test_envs  # noqa: F401 - registers it

    local = gymnasium.make("SocketGymTest/Fault-v0", fault=fault)
    return local.reset(seed=0), local.step(1)


@pytest.mark.parametrize("fault", ["wrong shape", "wrong dtype", "wrong type", "odd reward"])
def test_what_is_outside_the_space_is_passed_on_as_it_is(scene: Scene, fault: str) -> None:
    with SocketGymClient(
        "lab/Fault-v0", address=scene.server.address, fault=fault, render_mode=None
    ) as env:
        assert_identical((env.reset(seed=0), env.step(1)), describe_local(fault))


@pytest.mark.parametrize("when", ["reset", "step"])
@pytest.mark.parametrize("fault", ["short tuple", "list for a tuple", "none"])
def test_a_wrong_count_of_results_is_a_fault(scene: Scene, fault: str, when: str) -> None:
    with SocketGymClient(
        "lab/Fault-v0", address=scene.server.address, fault=fault, when=when, render_mode=None
    ) as env:
        if when == "step":
            env.reset()
        with pytest.raises(errors.EnvironmentFault, match="rather than \\(observation, "):
            env.reset() if when == "reset" else env.step(0)
        assert env.has_wrapper_attr("child")


@pytest.mark.parametrize("when", ["reset", "step"])
def test_functions_in_an_info_are_stood_for(scene: Scene, when: str) -> None:
    with SocketGymClient(
        "lab/Fault-v0",
        address=scene.server.address,
        fault="info with functions",
        when=when,
        render_mode=None,
    ) as env:
        info = env.reset()[1]
        if when == "step":
            info = env.step(0)[4]
        assert info["n"] == 1
        assert info["lambda"].type_name == "function" and "<lambda>" in info["lambda"].repr
        assert info["act"].type_name == "function"


@pytest.mark.parametrize("fault", ["raise", "exit", "segfault", "sys.exit"])
def test_a_close_that_goes_wrong_leaves_nothing(scene: Scene, fault: str) -> None:
    with scene.connect(fault, "close") as connection:
        connection.call("reset", 0, None)
        assert connection.call("close") is None
        assert connection.error_of("reset", 0, None)["code"] == "NoEnvironment"
        scene.assert_nothing_left()


def test_faults_leave_no_descriptor_thread_or_mapping_in_the_server(scene: Scene) -> None:
    pid = scene.server.process.pid

    def held() -> tuple[int, int, int]:
        named = [name for name in threads_of(pid) if name.startswith(("connection", "socketgym"))]
        return len(resources_of(pid)), len(named), len(shared_mappings_of(pid))

    def go(fault: str) -> None:
        with scene.connect(fault) as connection:
            connection.call("reset", 0, None)
            connection.send_request("step", 0)
            connection.receive_response()
            connection.call("close")

    go("raise")
    before, shared = held(), sorted(pathlib.Path("/dev/shm").iterdir())
    for fault in ["exit", "segfault", "close descriptors", "leave daemon", "raise", "kill"] * 2:
        go(fault)
    # What the server frees in the background may take until after a further session; what it leaks only ever grows.
    for _ in range(200):
        if all(now <= then for now, then in zip(held(), before)):
            break
        go("raise")
    else:
        raise AssertionError(f"descriptors, threads, mappings: {held()} rather than {before}")
    assert sorted(pathlib.Path("/dev/shm").iterdir()) == shared
    scene.assert_nothing_left()
