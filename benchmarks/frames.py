#!/usr/bin/env python3
"""Steps with a 480x640x3 uint8 observation: raw C sockets, SocketGym over TCP, and SocketGym through shared memory.

    dotnet build -c Release benchmarks/FrameCost && python3 benchmarks/frames.py     (a Python that the client runs on; wants a C compiler)

The floor is a blocking C client and server that exchange the same bytes over TCP. The rows of one round run right after each other,
and each figure is the median over rounds; `--fifo` runs all of them with real-time priority, for a machine that is not idle.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from round_trip import ROOT, server

PROGRAM = ROOT / "benchmarks/FrameCost/bin/Release/net10.0/FrameCost.dll"
FRAME_BYTES = 480 * 640 * 3
REQUEST_BYTES = 18
CLIENT = """
import sys, time
from socketgym import SocketGymClient
address, count, shared, copy = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shared", sys.argv[4] == "copy"
env = SocketGymClient("Frames-v0", address=address, shared_memory=shared, copy=copy)
assert env.shares_memory is shared
observation, _ = env.reset(seed=0)
times = []
clock = time.perf_counter_ns
for index in range(-200, count):
    start = clock()
    observation, *_ = env.step(1)
    if index >= 0:
        times.append(clock() - start)
    assert observation.shape == (480, 640, 3) and observation[(index + 201) % 480, 0, 0] == (index + 201) % 256
times.sort()
mean = sum(times) / count / 1e3
print(times[count // 2] / 1e3, times[count * 99 // 100] / 1e3, mean, 1e6 / mean)
"""


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=2000, help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--fifo", action="store_true", help="real-time priority (chrt)")
    arguments = parser.parse_args()
    prefix = ["chrt", "-f", "10"] if arguments.fifo else []
    compiler = shutil.which("cc") or sys.exit("frames: needs a C compiler (cc) for the floor")
    with tempfile.TemporaryDirectory() as folder:
        pingpong, script = str(pathlib.Path(folder, "pingpong")), pathlib.Path(folder, "script")
        subprocess.run(
            [compiler, "-O2", "-o", pingpong, str(ROOT / "benchmarks/pingpong.c")], check=True
        )
        script.write_bytes((REQUEST_BYTES - 4).to_bytes(4, "big") + bytes(REQUEST_BYTES - 4))
        floor = [*prefix, pingpong, "server", "0", str(REQUEST_BYTES), str(FRAME_BYTES)]
        ours = [*prefix, "dotnet", str(PROGRAM), "tcp://127.0.0.1:0"]
        with server(None, floor, "ready") as port, server_at(ours) as address:
            steps = str(arguments.steps)
            python = [*prefix, sys.executable, "-c", CLIENT, address, steps]
            rows = {
                "C client, C server, TCP (floor)": [
                    *prefix,
                    pingpong,
                    "client",
                    port,
                    str(script),
                    steps,
                ],
                "SocketGym, TCP": [*python, "socket", "copy"],
                "SocketGym, shared memory": [*python, "shared", "copy"],
                "SocketGym, shared memory, copy=False": [*python, "shared", "view"],
            }
            results: dict[str, list[list[float]]] = {row: [] for row in rows}
            for _ in range(arguments.rounds):
                for row, command in rows.items():
                    results[row].append(run(command))
    report(results)


@contextlib.contextmanager
def server_at(command: list[str]) -> Iterator[str]:
    """Runs the server of frames and yields its address."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[2].rstrip(";")  # serving at ADDRESS; ...
        finally:
            process.terminate()


def run(command: list[str]) -> list[float]:
    """Runs one measurement; returns p50, p99 and mean in microseconds, and round trips per second."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return [float(word) for word in output.stdout.split()[:4]]


def report(results: dict[str, list[list[float]]]) -> None:
    """Prints the table, rates from the medians of the round trips."""
    floor = None
    print("| frames | p50 us (min-max of rounds) | p99 us | per second | x floor |")
    print("| --- | --- | --- | --- | --- |")
    for row, rounds in results.items():
        p50, p99, _, _ = (statistics.median(column) for column in zip(*rounds))
        low, high = min(values[0] for values in rounds), max(values[0] for values in rounds)
        floor = floor or p50
        print(
            f"| {row} | {p50:.1f} ({low:.1f}-{high:.1f}) | {p99:.1f} | {1e6 / p50:,.0f} | {floor / p50:.2f} |"
        )


if __name__ == "__main__":
    main()
