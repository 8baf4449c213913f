"""The loops of the sides that are Python: only the calls that a row is about are timed."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from suite.measurement import Sample

__all__ = ["episodes", "rendered_episodes", "sleeping_processes", "vector_steps"]

_ACTION_BATCHES = 16
_SLEEPER = """
import os, time
while os.read(0, 1):
    time.sleep({})
    os.write(1, b"!")
"""


def episodes(env: Any, actions: Sequence[Any], seed: int = 0) -> Callable[[float], Sample]:
    """Plays the same episode over and over; its steps are timed, the resets are not."""
    return _play(env, env.step, actions, seed)


def rendered_episodes(env: Any, actions: Sequence[Any], seed: int = 0) -> Callable[[float], Sample]:
    """The same, where a step is followed by a render and the two are timed as one."""

    def step_and_render(action: Any) -> Any:
        result = env.step(action)
        env.render()
        return result

    return _play(env, step_and_render, actions, seed)


def _play(
    env: Any, step: Callable[[Any], Any], actions: Sequence[Any], seed: int
) -> Callable[[float], Sample]:
    env.reset(seed=seed)
    left = iter(actions)

    def run(seconds: float) -> Sample:
        nonlocal left
        clock, times = time.perf_counter_ns, []
        end, deadline = 0, clock() + int(seconds * 1e9)
        while end < deadline:
            for action in left:
                start = clock()
                _, _, terminated, truncated, _ = step(action)
                end = clock()
                times.append(end - start)
                if end >= deadline or terminated or truncated:
                    break
            if end < deadline:
                env.reset(seed=seed)
                left = iter(actions)
        return Sample.of(times)

    return run


def vector_steps(env: Any, seed: int = 0) -> Callable[[float], Sample]:
    """Steps a vector environment with random actions; a step counts for each of its environments."""
    env.action_space.seed(seed)
    batches = itertools.cycle([env.action_space.sample() for _ in range(_ACTION_BATCHES)])
    env.reset(seed=seed)

    return _time(env.step, batches, env.num_envs)


def sleeping_processes(
    count: int, seconds_each: float, stack: contextlib.ExitStack
) -> Callable[[float], Sample]:
    """Asks bare processes by a byte in a pipe to sleep, and waits for a byte from each: the least that steps which wait cost."""
    command = [sys.executable, "-c", _SLEEPER.format(seconds_each)]
    pipes = subprocess.PIPE
    processes = [
        stack.enter_context(subprocess.Popen(command, stdin=pipes, stdout=pipes, bufsize=0))
        for _ in range(count)
    ]

    def step(_: object) -> None:
        for process in processes:
            process.stdin.write(b"?")
        for process in processes:
            process.stdout.read(1)

    return _time(step, itertools.repeat(None), count)


def _time(
    step: Callable[[Any], Any], actions: Iterator[Any], steps_each: int
) -> Callable[[float], Sample]:
    def run(seconds: float) -> Sample:
        clock, times = time.perf_counter_ns, []
        end, deadline = 0, clock() + int(seconds * 1e9)
        while end < deadline:
            action = next(actions)
            start = clock()
            step(action)
            end = clock()
            times.append(end - start)
        return Sample.of(times, steps_each)

    return run
