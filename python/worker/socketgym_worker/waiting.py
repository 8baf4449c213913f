"""How much of an environment's time is spent waiting for something else than this machine's processors."""

import time

from . import processes
from .faults import Refusal

_MOST_STEPS = 1000


def measure(environment, seconds):
    """Resets and steps an environment with sampled actions, and tells how much of that it waited.

    What it computes in threads or child processes counts as computing, and time in which others had the processor does not count.

    Args:
        environment: The :class:`~socketgym_worker.environment.HostedEnvironment`.
        seconds: How long to go on; one step is always taken.

    Returns:
        The share, from 0 to 1.
    """
    space = environment.env.action_space
    environment.restart(None, None)
    start = time.perf_counter()
    busy, delayed = _busy_seconds(), processes.delayed_seconds()
    for _ in range(_MOST_STEPS):
        try:
            _, _, terminated, truncated, _ = environment.take(space.sample())
        except Refusal as refusal:
            if refusal.code != "InvalidAction":
                raise
            terminated = (
                truncated
            ) = True  # not every element of its space is an action in every state
        if terminated or truncated:
            environment.restart(None, None)
        if time.perf_counter() - start >= seconds:
            break
    busy, delayed = _busy_seconds() - busy, processes.delayed_seconds() - delayed
    total = time.perf_counter() - start - delayed
    return max(0.0, 1.0 - busy / total) if total > 0 else 0.0


def _busy_seconds():
    return time.process_time() + processes.children_seconds()
