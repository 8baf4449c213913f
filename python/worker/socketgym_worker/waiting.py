"""How much of an environment's time is spent waiting for something else than this machine's processors."""

import time

from . import processes
from .faults import Refusal

_MOST_STEPS = 1000


def measure(environment, seconds):
    """Resets and steps an environment with sampled actions, and tells how much of that it waited.

    What it computes in threads or child processes counts as computing, and so does waiting for a processor that others use.

    Args:
        environment: The :class:`~socketgym_worker.environment.HostedEnvironment`.
        seconds: How long to go on; one step is always taken.

    Returns:
        The share, from 0 to 1.
    """
    space = environment.env.action_space
    environment.restart(None, None)
    busy, start = _busy_seconds(), time.perf_counter()
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
    elapsed = time.perf_counter() - start
    return max(0.0, 1.0 - (_busy_seconds() - busy) / elapsed) if elapsed > 0 else 0.0


def _busy_seconds():
    """Seconds on a processor, of this process and its children, and seconds in which this thread had to wait for one."""
    return time.process_time() + processes.children_seconds() + processes.delayed_seconds()
