"""Round trip of one step of native CartPole-v1, beside a blocking C ping-pong of the same bytes.

    .venv/bin/python3 benchmarks/round_trip.py            (after ./tests/run, which builds what it needs; wants a C compiler)

Rows: the floor (C client, C server), the server alone (C client, SocketGym), the whole way (Python client, SocketGym), the same with the
environment in a Python worker, and, for scale, local Gymnasium without any socket. Columns: both ends on one core, one core each, and not pinned. Each
figure is the median over rounds; the rows of one round run right after each other, because the machine's own speed drifts.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import platform
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import msgpack

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVER = ROOT / "src/SocketGym.Server/bin/Release/net10.0/socketgym.dll"
STEP_REPLY_BYTES = 75
PINNINGS = {"one core": ("0", "0"), "across cores": ("0", "1"), "not pinned": (None, None)}

PYTHON_CLIENT = """
import sys, time
from socketgym import SocketGymClient
env_id, address, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
env = SocketGymClient(env_id, address=address)
env.reset(seed=0)
times = []
clock = time.perf_counter_ns
for index in range(-2000, count):
    start = clock()
    env.step(1)
    if index >= 0:
        times.append(clock() - start)
times.sort()
mean = sum(times) / count / 1e3
print(times[count // 2] / 1e3, times[count * 99 // 100] / 1e3, mean, 1e6 / mean)
"""

LOCAL_GYMNASIUM = """
import sys, time
import gymnasium
count = int(sys.argv[1])
env = gymnasium.make("CartPole-v1")
env.reset(seed=0)
times = []
clock = time.perf_counter_ns
for index in range(-2000, count):
    start = clock()
    _, _, terminated, truncated, _ = env.step(1)
    if index >= 0:
        times.append(clock() - start)
    if terminated or truncated:
        env.reset()
times.sort()
mean = sum(times) / count / 1e3
print(times[count // 2] / 1e3, times[count * 99 // 100] / 1e3, mean, 1e6 / mean)
"""


def pinned(core: str | None, command: list[str]) -> list[str]:
    """Returns the command, bound to a core if one is given."""
    return command if core is None else ["taskset", "-c", core, *command]


@contextlib.contextmanager
def server(core: str | None, command: list[str], marker: str) -> Iterator[str]:
    """Runs a server and yields the last word of the line that starts with the marker: its address."""
    environment = {**os.environ, "SOCKETGYM_PYTHON": sys.executable}
    process = subprocess.Popen(
        pinned(core, command), stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip().startswith(marker):
                yield line.split()[-1]
                break
        else:
            raise RuntimeError(f"{command[0]} ended before it said '{marker}'")
    finally:
        process.terminate()
        process.wait()


def frame(message: list[object]) -> bytes:
    """Packs a request as the protocol wants it: the id always as uint32."""
    payload = msgpack.packb(message)
    payload = payload[:2] + b"\xce" + struct.pack(">I", message[1]) + payload[3:]
    return struct.pack(">I", len(payload)) + payload


def write_script(path: pathlib.Path) -> int:
    """Writes the frames that make, reset and step CartPole; returns the length of the step's."""
    frames = [
        frame([0, 1, "make", ["native:CartPole-v1", {}]]),
        frame([0, 2, "reset", [0, None]]),
        frame([0, 3, "step", [1]]),
    ]
    path.write_bytes(b"".join(frames))
    return len(frames[-1])


def run(core: str | None, command: list[str]) -> list[float]:
    """Runs one measurement; returns p50, p99 and mean in microseconds, and round trips per second."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}
    output = subprocess.run(
        pinned(core, command), stdout=subprocess.PIPE, text=True, check=True, env=environment
    )
    return [float(word) for word in output.stdout.split()[:4]]


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--steps", type=int, default=20_000, help="steps a measurement (default: %(default)s)"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="interleaved rounds (default: %(default)s)"
    )
    arguments = parser.parse_args()
    compiler = shutil.which("cc") or sys.exit("round_trip: needs a C compiler (cc) for the floor")
    if not SERVER.exists():
        sys.exit("round_trip: build first: dotnet build -c Release SocketGym.sln")

    with tempfile.TemporaryDirectory() as folder:
        pingpong = str(pathlib.Path(folder, "pingpong"))
        subprocess.run(
            [compiler, "-O2", "-o", pingpong, str(ROOT / "benchmarks/pingpong.c")], check=True
        )
        script = pathlib.Path(folder, "step.frames")
        request_bytes = write_script(script)
        single = pathlib.Path(folder, "single.frames")
        single.write_bytes(script.read_bytes()[-request_bytes:])
        results = measure(arguments, pingpong, script, single, request_bytes)
    report(arguments, results)


def measure(
    arguments: argparse.Namespace,
    pingpong: str,
    script: pathlib.Path,
    single: pathlib.Path,
    request_bytes: int,
) -> dict[tuple[str, str], list[list[float]]]:
    """Runs every row of every column, round by round."""
    results: dict[tuple[str, str], list[list[float]]] = {}
    steps = str(arguments.steps)
    for pinning, (server_core, client_core) in PINNINGS.items():
        floor_server = [pingpong, "server", "0", str(request_bytes), str(STEP_REPLY_BYTES)]
        gym_server = ["dotnet", str(SERVER), "serve", "--port", "0"]
        with server(server_core, floor_server, "ready") as floor_port, server(
            server_core, gym_server, "address"
        ) as address:
            gym_port = address.rsplit(":", 1)[1]
            for number in range(arguments.rounds):
                print(
                    f"\r{pinning}: round {number + 1} of {arguments.rounds} ",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
                rows = {
                    "C client, C server (floor)": [
                        pingpong,
                        "client",
                        floor_port,
                        str(single),
                        steps,
                    ],
                    "C client, SocketGym": [pingpong, "client", gym_port, str(script), steps],
                    "Python client, SocketGym": [
                        sys.executable,
                        "-c",
                        PYTHON_CLIENT,
                        "native:CartPole-v1",
                        address,
                        steps,
                    ],
                    "Python client, SocketGym, Python worker": [
                        sys.executable,
                        "-c",
                        PYTHON_CLIENT,
                        "python:CartPole-v1",
                        address,
                        steps,
                    ],
                    "local Gymnasium": [sys.executable, "-c", LOCAL_GYMNASIUM, steps],
                }
                for row, command in rows.items():
                    results.setdefault((row, pinning), []).append(run(client_core, command))
        print(file=sys.stderr)
    return results


def report(
    arguments: argparse.Namespace, results: dict[tuple[str, str], list[list[float]]]
) -> None:
    """Prints machine, command and table."""
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
    print(
        f"benchmarks/round_trip.py --steps {arguments.steps} --rounds {arguments.rounds}; microseconds, median (min-max) over rounds\n"
    )
    print("| round trip | pinning | p50 | p99 | mean | per second | p50 / floor |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for (row, pinning), rounds in results.items():
        p50, p99, mean, rate = (statistics.median(column) for column in zip(*rounds))
        low, high = min(values[0] for values in rounds), max(values[0] for values in rounds)
        floor = statistics.median(
            values[0] for values in results["C client, C server (floor)", pinning]
        )
        ratio = "-" if row == "local Gymnasium" else f"{p50 / floor:.2f}"
        print(
            f"| {row} | {pinning} | {p50:.1f} ({low:.1f}-{high:.1f}) | {p99:.1f} | {mean:.1f} | {rate:,.0f} | {ratio} |"
        )


if __name__ == "__main__":
    main()
