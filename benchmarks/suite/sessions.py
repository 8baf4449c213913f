"""What a session costs: connect, make and first reset; and the memory of one more that is hosted in Python."""

from __future__ import annotations

import contextlib
import functools
import pathlib
import time
from collections.abc import Callable
from typing import Any

import gymnasium

from suite.clients import client
from suite.lab import Lab
from suite.measurement import Row, Sample, Side, Target
from suite.pickle_service import PickleClient

__all__ = ["ROWS"]

MEMORY_SESSIONS = 20


def _starts(make: Callable[[], Any]) -> Callable[[float], Sample]:
    def run(seconds: float) -> Sample:
        clock, times = time.perf_counter_ns, []
        deadline = clock() + int(seconds * 1e9)
        while not times or clock() < deadline:
            start = clock()
            env = make()
            env.reset(seed=0)
            times.append(clock() - start)
            env.close()
        return Sample.of(times)

    return run


def _first_reset(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    make = functools.partial(client, address=lab.address())
    service = lab.gym_service()
    return [
        Side(
            "SocketGym, native",
            _starts(lambda: make("native:CartPole-v1")),
            [Target("p50", 1_000, at_most=True)],
        ),
        Side(
            "SocketGym, Python-hosted",
            _starts(lambda: make("python:CartPole-v1")),
            [Target("p50", 20_000, at_most=True)],
        ),
        Side("pickle server", _starts(lambda: PickleClient("CartPole-v1", service))),
        Side("local Gymnasium", _starts(lambda: gymnasium.make("CartPole-v1"))),
    ]


def _memory(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    server = lab.start_server(stack)
    make = functools.partial(client, "python:CartPole-v1", server.ready.split()[-1])

    def grown(seconds: float) -> Sample:
        with contextlib.ExitStack() as sessions:
            sessions.enter_context(make()).reset()
            before = _proportional_megabytes(server.pid)
            for _ in range(MEMORY_SESSIONS):
                sessions.enter_context(make()).reset()
            return Sample((_proportional_megabytes(server.pid) - before) / MEMORY_SESSIONS)

    return [Side("SocketGym, Python-hosted", grown)]


def _proportional_megabytes(pid: int) -> float:
    """Of a process and everything that it or its children started."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    listings = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(word) for listing in listings for word in listing.read_text().split()]
    return own / 1024 + sum(map(_proportional_megabytes, children))


ROWS = [
    Row("CartPole-v1: connect, make and first reset", _first_reset, unit="sessions/s"),
    Row(f"memory, {MEMORY_SESSIONS} more sessions of CartPole-v1", _memory, unit="MB a session"),
]
