"""Vectors of Python environments: hosted by a server, through TCP, beside Gymnasium's own vectors in this process.

    .venv/bin/python3 benchmarks/vector_hosting.py                (after ./tests/run, which builds what it needs)

Rows: CartPole-v1 with 8, 32 and 64 environments, environments that compute for 1 ms a step, that sleep for 1 ms a step, and 84x84x3 images, with 8 each.
Columns: environment steps a second of one local environment, of local SyncVectorEnv, of local AsyncVectorEnv with shared memory, and of the server's; then the
last as a ratio to each. Each figure is the median over rounds; the columns of one round run right after each other, because the machine's own speed drifts.
"""

from __future__ import annotations

import argparse
import functools
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv
from socketgym.addresses import ServerAddress
from socketgym.wire.connection import Connection

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVER = ROOT / "src/SocketGym.Server/bin/Release/net10.0/socketgym.dll"


class CostlyEnv(gymnasium.Env):
    """A step takes a millisecond, of the processor or of waiting for something else, or makes an image."""

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, cost: str) -> None:
        shape = (84, 84, 3) if cost == "image" else (4,)
        dtype = np.uint8 if cost == "image" else np.float32
        self.observation_space = spaces.Box(0, 255, shape, dtype)
        self.action_space = spaces.Discrete(2)
        self._observation = np.zeros(shape, dtype)
        self._cost = cost

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        return self._observation, {}

    def step(self, action: Any) -> Any:
        if self._cost == "sleep":
            time.sleep(0.001)
        elif self._cost == "compute":
            end = time.thread_time_ns() + 1_000_000
            while time.thread_time_ns() < end:
                pass
        return self._observation, 0.0, False, False, {}


gymnasium.register(
    "Benchmark/Costly-v0", "vector_hosting:CostlyEnv", disable_env_checker=True, order_enforce=False
)

CASES: dict[str, tuple[str, dict[str, Any], int]] = {
    **{f"CartPole-v1, {count}": ("CartPole-v1", {}, count) for count in (8, 32, 64)},
    "1 ms of processor, 8": ("Benchmark/Costly-v0", {"cost": "compute"}, 8),
    "1 ms of sleep, 8": ("Benchmark/Costly-v0", {"cost": "sleep"}, 8),
    "84x84x3 images, 8": ("Benchmark/Costly-v0", {"cost": "image"}, 8),
}


def rate(step: Callable[[Any], Any], actions: Any, count: int, seconds: float) -> float:
    """Environment steps a second, after a moment to warm up."""
    for _ in range(20):
        step(actions)
    steps, start = 0, time.perf_counter()
    while (now := time.perf_counter()) - start < seconds:
        for _ in range(5):
            step(actions)
        steps += 5
    return steps * count / (now - start)


def measure(
    address: ServerAddress, case: str, seconds: float, workers: int | None
) -> dict[str, float]:
    """One round of one case: a rate for each column."""
    env_id, kwargs, count = CASES[case]
    make = functools.partial(gymnasium.make, env_id, **kwargs)
    actions = np.ones(count, np.int64)
    rates = {}
    single = make()
    single.reset(seed=0)

    def step_single(action: Any) -> None:
        _, _, terminated, truncated, _ = single.step(action)
        if terminated or truncated:
            single.reset()

    rates["single"] = rate(step_single, 1, 1, seconds)
    for name, kind in (("sync", SyncVectorEnv), ("async", AsyncVectorEnv)):
        local = kind([make] * count)
        local.reset(seed=0)
        rates[name] = rate(local.step, actions, count, seconds)
        local.close()
    connection = Connection.open(address, 60, 60)
    connection.request("make_vec", "python:" + env_id, kwargs, count, {"workers": workers})
    connection.request("reset", 0, None)
    rates["hosted"] = rate(connection.step, actions, count, seconds)
    connection.close()
    return rates


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each figure")
    parser.add_argument("--workers", type=int, help="processes; the server's choice by default")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    arguments = parser.parse_args()
    environment = {
        **os.environ,
        "SOCKETGYM_PYTHON": sys.executable,
        "PYTHONPATH": str(pathlib.Path(__file__).parent),
    }
    command = ["dotnet", str(SERVER), "serve", "--port", "0", "--import", "vector_hosting"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert server.stdout is not None
        line = next(line for line in server.stdout if line.strip().startswith("address"))
        address = ServerAddress.resolve(None, None, line.split()[-1])
        print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print(f"{'':22}" + "".join(f"{name:>10}" for name in ("single", "sync", "async", "hosted")))
        for case in CASES:
            if arguments.only in case:
                rounds = [
                    measure(address, case, arguments.seconds, arguments.workers)
                    for _ in range(arguments.rounds)
                ]
                middle = {
                    name: statistics.median(one[name] for one in rounds) for name in rounds[0]
                }
                figures = "".join(f"{value:10,.0f}" for value in middle.values())
                ratios = ", ".join(
                    f"{statistics.median(one['hosted'] / one[name] for one in rounds):.2f} x {name}"
                    for name in ("single", "sync", "async")
                )
                print(f"{case:22}{figures}   {ratios}", flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


if __name__ == "__main__":
    # The environment is registered under the module's name, here and in the server's workers.
    sys.modules["vector_hosting"] = sys.modules["__main__"]
    main()
