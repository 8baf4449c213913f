"""Client and environment in different Pythons: 3.13 with NumPy 2.2 on one side, the tests' own on the other.

`tests/setup-second-python` makes the other Python, a Debian tree that `chroot` enters. What a remote environment returns is
compared with a local one in the client's Python.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from live_server import ROOT, TEST_ENVIRONMENTS, ServerProcess
from socketgym_test_envs.sampled import SPACES

TREE = ROOT / ".second-python"
LOG = ROOT / ".second-python.log"
# Where the repository's Python lies in the tree.
INSIDE = pathlib.PurePosixPath("/srv/socketgym")
SECOND = ["chroot", str(TREE), "python3"]
STEPS = 300

IDS = [
    "python:CartPole-v1",
    "python:FrozenLake-v1",
    "python:Pendulum-v1",
    "python:Taxi-v4",
    "python:Blackjack-v1",
    "python:CliffWalking-v1",
    "python:Acrobot-v1",
    "python:MountainCar-v0",
    "python:MountainCarContinuous-v0",
]
TEST_IDS = [
    f"SocketGymTest/{name}-v0"
    for name in [*SPACES, "Infos", "Returns", "Layouts"]
    if name not in ("TextDefault", "LargeImage")
]


@pytest.fixture(scope="module", autouse=True)
def second_python() -> None:
    """The tree with the present sources in it."""
    if not TREE.is_dir():
        reason = LOG.read_text().strip().splitlines()[-1:] if LOG.exists() else []
        pytest.skip("".join(reason) or "tests/setup-second-python has not been run")
    target = TREE / INSIDE.relative_to("/")
    shutil.rmtree(target, ignore_errors=True)
    for folder in ("python/src", "tests/python"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / folder, target / folder, ignore=ignored)


@pytest.fixture(scope="module", params=["environment in the second", "client in the second"])
def world(request: pytest.FixtureRequest) -> Iterator[tuple[ServerProcess, list[str], str]]:
    """A server with one Python, and the command and the version of the other."""
    here = "tests/python/conformance/compare_worlds.py"
    if request.param == "client in the second":
        process = ServerProcess("--port", "0")
        command = [*SECOND, str(INSIDE / here)]
    else:
        path = str(INSIDE / TEST_ENVIRONMENTS.relative_to(ROOT))
        process = ServerProcess("--port", "0", python=" ".join(SECOND), python_path=path)
        command = [sys.executable, str(ROOT / here)]
    get_version = "import platform; print(platform.python_version())"
    version = subprocess.check_output([*command[:-1], "-c", get_version], text=True).strip()
    yield process, command, version
    process.stop()


@pytest.mark.parametrize("codec", ["msgpack", "pickle"])
def test_steps(world: tuple[ServerProcess, list[str], str], codec: str) -> None:
    server, command, version = world
    run = subprocess.run(
        [*command, server.address, codec, str(STEPS), *IDS, *TEST_IDS],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    # Two worlds indeed: the client's Python is not the one that the server says it has.
    assert f"identical under Python {version} " in run.stdout
    assert f"Python {version} " not in "".join(server.banner)
