"""What a session costs to start: connect, make and first reset, and the memory of a further Python session.

    .venv/bin/python3 benchmarks/session_start.py         (after ./tests/run, which builds what it needs; memory needs Linux)

Each figure is over sessions made one after another on a warm server; the local row is gymnasium.make and reset in this
process. Memory is the growth of the proportional set size of the server and all processes below it, divided by the sessions.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import gymnasium

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python/src"))

from socketgym import (
    SocketGymClient,
)  # noqa: E402 - the source tree's, whether or not it is installed

SERVER = ROOT / "src/SocketGym.Server/bin/Release/net10.0/socketgym.dll"
MEMORY_SESSIONS = 20


def start_and_reset(env_id: str, address: str) -> SocketGymClient:
    """Makes an environment and resets it."""
    env = SocketGymClient(env_id, address=address)
    env.reset(seed=0)
    return env


def timed(action: object) -> float:
    """Runs something once; returns milliseconds."""
    start = time.perf_counter()
    env = action()  # type: ignore[operator]
    elapsed = (time.perf_counter() - start) * 1e3
    env.close()
    return elapsed


def below(process: int) -> list[int]:
    """Returns a process and everything that it or its children started."""
    children = pathlib.Path(f"/proc/{process}/task").glob("*/children")
    direct = [int(word) for listing in children for word in listing.read_text().split()]
    return [process, *(found for child in direct for found in below(child))]


def proportional_megabytes(process: int) -> float:
    """Returns the proportional set size of a process and everything below it."""
    total = 0
    for found in below(process):
        for line in pathlib.Path(f"/proc/{found}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sessions", type=int, default=200, help="sessions a row (default: %(default)s)"
    )
    arguments = parser.parse_args()
    server = subprocess.Popen(
        ["dotnet", str(SERVER), "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SOCKETGYM_PYTHON": sys.executable},
    )
    assert server.stdout is not None
    lines = iter(server.stdout.readline, "")
    address = next(line.split()[-1] for line in lines if line.strip().startswith("address"))
    next(line for line in lines if line.startswith("Ctrl-C"))

    def local() -> gymnasium.Env:
        env = gymnasium.make("CartPole-v1")
        env.reset(seed=0)
        return env

    rows = {
        "local Gymnasium, CartPole-v1": local,
        "native:CartPole-v1": lambda: start_and_reset("native:CartPole-v1", address),
        "python:CartPole-v1": lambda: start_and_reset("python:CartPole-v1", address),
        "python:FrozenLake-v1": lambda: start_and_reset("python:FrozenLake-v1", address),
    }
    times: dict[str, list[float]] = {row: [] for row in rows}
    for session in range(-5, arguments.sessions):
        for row, action in rows.items():
            elapsed = timed(action)
            if session >= 0:
                times[row].append(elapsed)
    first = start_and_reset("python:CartPole-v1", address)
    before = proportional_megabytes(server.pid)
    further = [start_and_reset("python:CartPole-v1", address) for _ in range(MEMORY_SESSIONS)]
    growth = (proportional_megabytes(server.pid) - before) / MEMORY_SESSIONS
    for env in [first, *further]:
        env.close()
    server.terminate()
    server.wait()

    model = next(
        (
            line.split(":")[1].strip()
            for line in open("/proc/cpuinfo")
            if line.startswith("model name")
        ),
        "?",
    )
    print(
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )
    print(f"benchmarks/session_start.py --sessions {arguments.sessions}; milliseconds\n")
    print("| connect, make, first reset | p50 | p95 | max |")
    print("| --- | --- | --- | --- |")
    for row, values in times.items():
        ordered = sorted(values)
        print(
            f"| {row} | {statistics.median(ordered):.2f} | {ordered[len(ordered) * 95 // 100]:.2f} | {ordered[-1]:.2f} |"
        )
    print(
        f"\nA further python:CartPole-v1 session takes {growth:.1f} MB (proportional set size, mean of {MEMORY_SESSIONS})."
    )


if __name__ == "__main__":
    main()
