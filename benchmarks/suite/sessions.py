"""What a session costs to start: connect, make and first reset."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable
from typing import Any

import gymnasium

from suite.clients import client
from suite.lab import Lab
from suite.measurement import Row, Sample, Side, Target
from suite.pickle_service import PickleClient

__all__ = ["ROWS"]


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


ROWS = [Row("CartPole-v1: connect, make and first reset", _first_reset, unit="sessions/s")]
