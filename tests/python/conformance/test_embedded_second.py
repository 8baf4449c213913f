"""A second libpython: Python 3.13 with NumPy 2.2, embedded in a server that runs in that Python's own Debian tree.

The tree's library needs a newer C library than Debian 12's, so a process outside the tree cannot load it; .NET's runtime is the
same in both.
"""

from __future__ import annotations

import os
import pathlib
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import gymnasium
import pytest
import socketgym_test_envs  # noqa: F401 - registers its environments
from comparison import PickleEnvironment, compare
from identical import assert_identical
from live_server import ROOT, SERVER
from socketgym import SocketGymClient, errors

TREE = ROOT / ".second-python"
TEST_ENVIRONMENTS = "/srv/environments"
IDS = ["CartPole-v1", "FrozenLake-v1", "Taxi-v4", "Blackjack-v1"]
TEST_IDS = [f"SocketGymTest/{name}-v0" for name in ("Returns", "DictNested", "Graph", "OneOf")]
STEPS = 50


def _enter(*command: str) -> list[str]:
    """The command that runs another one in the tree, with the server and .NET in it for as long as that runs."""
    dotnet = pathlib.Path(os.path.realpath(shutil.which("dotnet") or "dotnet")).parent
    tree = TREE.resolve()
    mounts = {
        "/srv/dotnet": dotnet,
        "/srv/server": SERVER.parent,
        TEST_ENVIRONMENTS: ROOT / "tests/python/environments",
    }
    for folder in mounts:
        (tree / folder[1:]).mkdir(parents=True, exist_ok=True)
    script = [f"mount -t proc proc {shlex.quote(str(tree / 'proc'))}"]
    script += [
        shlex.join(["mount", "--rbind", str(source), str(tree / folder[1:])])
        for folder, source in mounts.items()
    ]
    script.append("exec " + shlex.join(["chroot", str(tree), *command]))
    return ["unshare", "--mount", "sh", "-c", " && ".join(script)]


@pytest.fixture(scope="module")
def second() -> Iterator[str]:
    """The address of a server in the tree."""
    if not list(TREE.glob("usr/lib/*/libpython3.13.so.1.0")):
        pytest.skip("tests/setup-second-python has not made a tree with libpython3.13")
    if subprocess.run(_enter("true"), capture_output=True).returncode != 0:
        pytest.skip("mounting inside the second Python's tree is not allowed here")
    command = "/srv/dotnet/dotnet /srv/server/socketgym.dll serve --port 0 --embedded --import socketgym_test_envs"
    variables = {"SOCKETGYM_PYTHON": "python3", "PYTHONPATH": TEST_ENVIRONMENTS}
    with subprocess.Popen(
        _enter(*command.split()),
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as server:
        assert server.stdout is not None
        banner = []
        for line in server.stdout:
            banner.append(line)
            if line.startswith("Ctrl-C"):
                break
        text = "".join(banner)
        assert "embedded: Python 3.13" in text and "NumPy 2." in text, text
        yield next(line.split()[-1] for line in banner if line.strip().startswith("address"))
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
        assert server.returncode == 0


@pytest.mark.parametrize("codec", ["msgpack", "pickle"])
def test_steps(second: str, codec: str) -> None:
    for env_id in [*IDS, *TEST_IDS]:
        factory: Any = SocketGymClient if codec == "msgpack" else PickleEnvironment
        remote, local = factory(f"embedded:{env_id}", address=second), gymnasium.make(env_id)
        compare(remote, local, STEPS)
        remote.close()
        local.close()


def test_exceptions_have_their_traceback(second: str) -> None:
    env = SocketGymClient("embedded:SocketGymTest/Fault-v0", address=second, fault="raise")
    env.reset()
    with pytest.raises(errors.EnvironmentFault) as caught:
        env.step(0)
    assert "faults.py" in (caught.value.remote_traceback or "")
    assert_identical(env.reset()[1], {"child": 0})
    env.close()
