"""The loops of the sides that are Python: only the calls that a row is about are timed."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any

from suite.measurement import Sample

__all__ = ["episodes", "rendered_episodes", "vector_steps"]

_ACTION_BATCHES = 16


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

    def run(seconds: float) -> Sample:
        clock, step, times = time.perf_counter_ns, env.step, []
        end, deadline = 0, clock() + int(seconds * 1e9)
        while end < deadline:
            actions = next(batches)
            start = clock()
            step(actions)
            end = clock()
            times.append(end - start)
        return Sample.of(times, env.num_envs)

    return run
