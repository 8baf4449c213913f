"""A simulator in C#, and a learner in Python that trains on it."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples/csharp-simulator"
PROGRAM = EXAMPLE / "bin/Release/net10.0/csharp-simulator.dll"


def test_the_learner_lands_the_simulator() -> None:
    with subprocess.Popen(
        ["dotnet", str(PROGRAM), "tcp://127.0.0.1:0"],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[2].rstrip(";")
        learner = subprocess.run(
            [sys.executable, str(EXAMPLE / "train.py"), address],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(ROOT / "python/src")},
        )
        server.terminate()
        server.communicate(timeout=60)
    assert learner.returncode == 0, learner.stderr
    assert server.returncode == 0
    first, *generations, last = learner.stdout.splitlines()
    assert first.startswith("observations Box([") and first.endswith(
        "float32), actions Discrete(2)"
    )
    assert generations[0].startswith("generation  1: return ")
    assert last == "landed softly"
