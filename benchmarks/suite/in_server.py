"""What happens without a network: what a step allocates in the server, and what it costs there."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from suite.clients import client
from suite.frames import balanced_episode
from suite.lab import STEP_COST, Lab, Process, built
from suite.measurement import Row, Sample, Side, Target

__all__ = ["ROWS"]

LOOP = "a Python loop, gymnasium.make"
EMBEDDED = "the same embedded, stepped from C#"
_STEP_COST_ROW = re.compile(r"\| ([^|]+) \| ([\d,]+) \(([\d,]+) to ([\d,]+)\) \|", re.MULTILINE)
_STEPS = 200_000


def _allocated(server: Process, env: Any) -> Callable[[float], Sample]:
    actions = balanced_episode(0)

    def run(seconds: float) -> Sample:
        deadline = time.monotonic() + seconds
        total = episodes = 0
        while not episodes or time.monotonic() < deadline:
            env.reset(seed=0)
            # What asking costs is no part of what stepping does.
            asked, before = int(server.ask("")), int(server.ask(""))
            for action in actions:
                env.step(action)
            total += int(server.ask("")) - before - (before - asked)
            episodes += 1
        return Sample(total / episodes / len(actions))

    return run


def _allocation(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    server = lab.benchmark_server()
    address = server.ready.split()[-1]
    sides = []
    for name, env_id in (("native", "native:CartPole-v1"), ("Python-hosted", "python:CartPole-v1")):
        env = stack.enter_context(client(env_id, address))
        target = Target("figure", 0.05, at_most=True)
        sides.append(Side(f"SocketGym, {name}", _allocated(server, env), [target]))
    return sides


def _step_cost(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    """Has StepCost measure in a process of its own, whose rounds are interleaved as well."""
    budget = lab.budget
    steps = str(max(1_000, int(_STEPS * budget.seconds)))
    command = ["dotnet", str(built(STEP_COST)), sys.executable, steps, str(budget.repetitions)]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    sides = []
    for name, *figures in _STEP_COST_ROW.findall(output):
        median, least, most = (Sample(float(figure.replace(",", ""))) for figure in figures)
        turn = iter([median, least, median, most])
        targets = [Target("figure", 0.9, LOOP)] if name == EMBEDDED else []
        sides.append(Side(name, lambda _, turn=turn, median=median: next(turn, median), targets))
    return sides


ROWS = [
    Row("server's allocation, CartPole-v1", _allocation, unit="bytes a step"),
    Row("CartPole-v1 stepped from C#, no network", _step_cost),
]
