"""examples/two-machines: server and learner in two network namespaces."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "examples/two-machines/run.sh"
NOT_ALLOWED = 77


def run(*command: str) -> str:
    """Runs the example with a learner; returns what it printed."""
    finished = subprocess.run(
        [str(SCRIPT), *command],
        capture_output=True,
        text=True,
        timeout=120,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "python/src"),
            "SOCKETGYM_PYTHON": sys.executable,
        },
    )
    if finished.returncode == NOT_ALLOWED:
        pytest.skip(finished.stderr.strip())
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.parametrize("env_id", ["native:CartPole-v1", "python:CartPole-v1"])
def test_an_episode_over_the_cable(env_id: str) -> None:
    learner = str(ROOT / "examples/python-client/run_episode.py")
    first, *_, episode, cable = run(sys.executable, learner, env_id).splitlines()
    assert first == "server at tcp://10.0.0.1:65432"
    assert episode == "return 30 after 30 steps; a frame is (400, 600, 3)"
    packets = re.fullmatch(r"(\d+) packets came over the cable", cable)
    # Hello, make, reset, thirty steps, a frame and close at the least.
    assert packets and int(packets[1]) >= 35


def test_a_learner_on_this_machine_does_not_see_the_server() -> None:
    program = (
        "import socket, sys; sys.exit(0 if socket.socket().connect_ex(('127.0.0.1', 65432)) else 1)"
    )
    assert "packets came over the cable" in run(sys.executable, "-c", program)
