"""The examples, run as a user runs them."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from typing import Any

import pytest
from gymnasium.utils.env_checker import check_env
from live_server import ROOT
from socketgym import SocketGymClient

EPISODE = "return 30 after 30 steps; a frame is (400, 600, 3)"


def run(*command: str, **options: Any) -> str:
    """Runs a program that must succeed; returns what it printed."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "python/src"),
        "SOCKETGYM_PYTHON": sys.executable,
    }
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=environment, **options
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.parametrize("env_id", ["native:CartPole-v1", "python:CartPole-v1"])
def test_python_client(server: Any, env_id: str) -> None:
    output = run(
        sys.executable, str(ROOT / "examples/python-client/run_episode.py"), env_id, server.address
    )
    # The same seeds give the same episode on both hosts.
    assert "actions Discrete(2)" in output
    assert output.splitlines()[-1] == EPISODE


def test_python_server() -> None:
    output = run(sys.executable, str(ROOT / "examples/python-server/serve.py"))
    assert "native:CartPole-v1: observation [" in output
    assert "python:FrozenLake-v1: observation " in output
    assert output.splitlines()[-1] == "server ended with status 0"


def test_csharp_server() -> None:
    program = ROOT / "examples/csharp-server/bin/Release/net10.0/csharp-server.dll"
    environment = {**os.environ, "SOCKETGYM_PYTHON": sys.executable}
    with subprocess.Popen(
        ["dotnet", str(program), "tcp://127.0.0.1:0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[2].rstrip(";")
        env = SocketGymClient("Thermostat-v0", address=address)
        with warnings.catch_warnings():
            # It warns of infinite bounds and the like, and here there is nothing to warn of.
            warnings.simplefilter("error")
            check_env(env)
        env.close()
        env = SocketGymClient("Thermostat-v0", address=address)
        observation, _ = env.reset(seed=1)
        warmer, reward, *_ = env.step(1)
        assert observation in env.observation_space
        assert warmer[0] > observation[0]
        assert type(reward) is float
        env.close()
        for env_id in ("CartPole-v1", "FrozenLake-v1"):
            env = SocketGymClient(env_id, address=address)
            assert env.reset(seed=1)[0] in env.observation_space
            env.close()
        server.terminate()
        server.communicate(timeout=60)
    assert server.returncode == 0
