"""The examples, run as a user runs them."""

from __future__ import annotations

import os
import pathlib
import struct
import subprocess
import sys
import warnings
import zlib
from typing import Any

import numpy as np
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


def test_the_page_on_writing_environments_shows_the_example() -> None:
    page = (ROOT / "docs/writing-environments.md").read_text()
    source = (ROOT / "examples/csharp-server/Thermostat.cs").read_text()
    assert f"```csharp\n{source}```" in page


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The type and the data of each chunk of a PNG, with its checksum verified."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, position = [], 8
    while position < len(png):
        length = struct.unpack_from(">I", png, position)[0]
        body = png[position + 4 : position + 8 + length]
        assert struct.unpack_from(">I", png, position + 8 + length)[0] == zlib.crc32(body)
        found.append((body[:4], body[4:]))
        position += 12 + length
    return found


def pixels(compressed: bytes, width: int, height: int) -> np.ndarray:
    """A frame whose rows are differences from those above them."""
    rows = np.frombuffer(zlib.decompress(compressed), np.uint8).reshape(height, 1 + 3 * width)
    assert (rows[:, 0] == 2).all()
    return np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, 3)


def test_csharp_learning(server: Any, tmp_path: pathlib.Path) -> None:
    program = str(ROOT / "examples/csharp-learning/bin/Release/net10.0/csharp-learning.dll")
    short = ["--generations", "2", "--episodes", "3"]
    outputs, films = [], []
    for name, options in (("local", []), ("served", ["--address", server.address])):
        folder = tmp_path / name
        folder.mkdir()
        outputs.append(run("dotnet", program, *short, "--out", str(folder), *options))
        films.append((folder / "episode.png").read_bytes())
        assert "<polyline" in (folder / "learning-curve.svg").read_text()
    # In C# or in Python behind the bridge: the same numbers and the same pictures.
    assert outputs[0] == outputs[1]
    assert outputs[0].startswith("generation  1: mean return  65.70, best 500.0")
    assert films[0] == films[1]
    found = chunks(films[0])
    names = [name for name, _ in found]
    frames = names.count(b"fcTL")
    assert names[:4] == [b"IHDR", b"acTL", b"fcTL", b"IDAT"] and names[-1] == b"IEND"
    assert dict(found)[b"acTL"] == struct.pack(">II", frames, 0)
    width, height = struct.unpack_from(">II", found[0][1])
    env = SocketGymClient("python:CartPole-v1", address=server.address, render_mode="rgb_array")
    env.reset(seed=10_000)
    assert np.array_equal(pixels(found[3][1], width, height), env.render())
    env.close()
    for name, data in found:
        if name == b"fdAT":
            assert pixels(data[4:], width, height).any()


def test_csharp_learning_solves_the_task(tmp_path: pathlib.Path) -> None:
    program = ROOT / "examples/csharp-learning/bin/Release/net10.0/csharp-learning.dll"
    output = run("dotnet", str(program), "--out", str(tmp_path))
    result = next(line for line in output.splitlines() if line.startswith("100 new episodes"))
    assert float(result.split("mean return ")[1].split(",")[0]) >= 475
