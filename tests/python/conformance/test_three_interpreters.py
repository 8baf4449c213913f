"""One configuration with three interpreters, one of them with nothing but an old gym, all serving at once."""

from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401 - registers its environments
from comparison import PickleEnvironment, compare
from identical import assert_identical
from live_server import ROOT, SERVER, TEST_ENVIRONMENTS, ServerProcess
from raw_clients import MessagePackConnection

from socketgym import EnvironmentListing, SocketGymClient, list_environments

TREE = ROOT / ".second-python"
# Where the tests' environments lie in the other Python's tree.
INSIDE = pathlib.PurePosixPath("/srv/socketgym-three-interpreters")
STEPS = 100
OLD_EPISODE = [(2, 0.25, False), (2, 0.25, False), (2, 0.25, True)]


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pathlib.Path]:
    """The tests' own Python, another Python with another NumPy, and one that can import no Gymnasium."""
    if not TREE.is_dir():
        pytest.skip("tests/setup-second-python has not been run")
    inside = TREE / INSIDE.relative_to("/")
    shutil.rmtree(inside, ignore_errors=True)
    shutil.copytree(TEST_ENVIRONMENTS, inside, ignore=shutil.ignore_patterns("__pycache__"))
    old = os.pathsep.join(str(TEST_ENVIRONMENTS / name) for name in ("without_gymnasium", "gym021"))
    content = {
        "python": {"enabled": False},
        "interpreters": {
            "here": {
                "command": sys.executable,
                "imports": ["socketgym_test_envs"],
                "environment": {"PYTHONPATH": str(TEST_ENVIRONMENTS)},
            },
            "second": {
                "command": ["chroot", str(TREE), "python3"],
                "imports": ["socketgym_test_envs"],
                "environment": {"PYTHONPATH": str(INSIDE)},
            },
            "old": {
                "command": sys.executable,
                "imports": ["corridor021"],
                "environment": {"PYTHONPATH": old},
            },
            "broken": {"command": "/no/such/python"},
        },
        "environments": {
            "here/DictNested-v0": {"interpreter": "here", "make": "SocketGymTest/DictNested-v0"},
            "second/DictNested-v0": {
                "interpreter": "second",
                "make": "SocketGymTest/DictNested-v0",
            },
            "Corridor-v0": {"interpreter": "old"},
            "Broken-v0": {"interpreter": "broken"},
        },
    }
    path = tmp_path_factory.mktemp("three") / "socketgym.json"
    path.write_text(json.dumps(content))
    yield path
    shutil.rmtree(inside)


@pytest.fixture(scope="module")
def server(configuration: pathlib.Path) -> Iterator[ServerProcess]:
    process = ServerProcess("--config", str(configuration), "--port", "0", module=None)
    yield process
    process.stop()


def walk_new(make: Any, address: str, env_id: str) -> None:
    local = gymnasium.make("SocketGymTest/DictNested-v0")
    remote = make(env_id, address=address)
    compare(remote, local, STEPS)
    remote.close()


def walk_old(make: Any, address: str, env_id: str) -> None:
    remote = make(env_id, address=address)
    for _ in range(STEPS // len(OLD_EPISODE)):
        assert_identical(remote.reset(seed=0), (np.array([0, -0.0], np.float32), {}))
        position = 0
        for action, reward, is_last in OLD_EPISODE:
            position += action
            observation = np.array([position, -0.0], np.float32)
            assert_identical(remote.step(action)[:3], (observation, reward, is_last))
    remote.close()


@pytest.mark.parametrize("make", [SocketGymClient, PickleEnvironment])
def test_all_three_serve_at_once_and_exactly(server: ServerProcess, make: Any) -> None:
    walks = {"here/DictNested-v0": walk_new, "second/DictNested-v0": walk_new}
    walks["Corridor-v0"] = walk_old
    # Two sessions of each, stepped side by side.
    with concurrent.futures.ThreadPoolExecutor(2 * len(walks)) as threads:
        futures = [
            threads.submit(walk, make, server.address, env_id)
            for env_id, walk in [*walks.items(), *walks.items()]
        ]
        for future in futures:
            future.result()


def test_the_three_are_three(server: ServerProcess) -> None:
    lines = [line for line in server.banner if ": Python 3" in line]
    said = {line.split(":")[0].split()[-1]: line for line in lines}
    own = f"Python {sys.version.split()[0]} "
    assert own in said["here"] and "Gymnasium" in said["here"]
    assert own not in said["second"] and "Gymnasium" in said["second"]
    assert "with gym 0.21" in said["old"] and "Gymnasium" not in said["old"]
    numpy = [said[name].rpartition("NumPy ")[2].split()[0] for name in ("here", "second")]
    assert numpy[0] != numpy[1]


def test_a_client_learns_which_hosts_what(server: ServerProcess) -> None:
    listed = {listing.id: listing for listing in list_environments(server.address)}
    for name, env_id in (("here", "here/DictNested-v0"), ("second", "second/DictNested-v0")):
        assert listed[env_id] == EnvironmentListing(env_id, "python", name, None)
    assert listed["Corridor-v0"] == EnvironmentListing("Corridor-v0", "python", "old", None)
    assert listed["CartPole-v1"] == EnvironmentListing("CartPole-v1", "native")
    broken = listed["Broken-v0"]
    assert (broken.host, broken.interpreter) == ("python", "broken")
    assert broken.problem is not None and "/no/such/python" in broken.problem
    with MessagePackConnection(server.address) as connection:
        entry = {"id": "Broken-v0", "host": "python", "interpreter": "broken"}
        assert {**entry, "problem": broken.problem} in connection.call("list")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["dotnet", str(SERVER), *arguments], capture_output=True, text=True)


def test_list_shows_interpreters_and_spaces(configuration: pathlib.Path) -> None:
    listed = run("list", "--spaces", "--json", "--config", str(configuration))
    assert listed.returncode == 0, listed.stderr
    rows = {row["id"]: row for row in json.loads(listed.stdout)}
    assert rows["Corridor-v0"]["interpreter"] == "old"
    assert rows["Corridor-v0"]["action_space"] == "Discrete(3)"
    first, second = rows["here/DictNested-v0"], rows["second/DictNested-v0"]
    assert (first["interpreter"], second["interpreter"]) == ("here", "second")
    assert first["observation_space"] == second["observation_space"] is not None
    assert rows["Broken-v0"]["error"]["code"] == "InterpreterUnavailable"


def test_check_tries_every_interpreter(configuration: pathlib.Path) -> None:
    ids = ["here/DictNested-v0", "second/DictNested-v0", "Corridor-v0"]
    checked = run("check", *ids, "Broken-v0", "--config", str(configuration))
    assert checked.returncode == 1, checked.stdout + checked.stderr
    rows = {line.split()[1]: line.split()[0] for line in checked.stdout.splitlines()}
    assert rows == {**{env_id: "ok" for env_id in ids}, "Broken-v0": "failed"}
    assert "failed  Broken-v0  InterpreterUnavailable" in checked.stdout
