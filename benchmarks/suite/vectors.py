"""Vectors: steps of all sub-environments together."""

from __future__ import annotations

import contextlib
import functools

import gymnasium

from suite.clients import vector_client
from suite.environments import MILLISECOND  # And registers what is made here.
from suite.lab import Lab
from suite.measurement import Row, Side, Target
from suite.players import episodes, sleeping_processes, vector_steps

__all__ = ["ROWS"]

NATIVE, HOSTED = "SocketGym, native", "SocketGym, Python-hosted"
SHARED = ", shared memory"
SYNC, ASYNC = "SyncVectorEnv", "AsyncVectorEnv"
VECTORIZED, LOCAL = "Gymnasium's CartPoleVectorEnv", "local Gymnasium, 1 environment"
MANY, SLOW = (1024, 8192), 8

_NATIVE_TARGETS = {
    64: [Target("figure", 12, SYNC), Target("figure", 1.5, VECTORIZED)],
    1024: [Target("figure", 12e6)],
    8192: [Target("figure", 30e6)],
}
_HOSTED_TARGETS = {
    8: [Target("figure", 3, ASYNC)],
    32: [Target("figure", 5, ASYNC)],
    64: [Target("figure", 10, ASYNC), Target("figure", 1.3, SYNC)],
}


def _cartpole(count: int, lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    make = functools.partial(gymnasium.make_vec, "CartPole-v1", num_envs=count)
    ways = {
        NATIVE: lambda: vector_client("native:CartPole-v1", count, lab.address()),
        NATIVE + SHARED: lambda: vector_client("native:CartPole-v1", count, lab.address(), True),
        VECTORIZED: lambda: make(vectorization_mode="vector_entry_point"),
    }
    if count not in MANY:
        ways[HOSTED] = lambda: vector_client("python:CartPole-v1", count, lab.address())
        ways[HOSTED + SHARED] = lambda: vector_client(
            "python:CartPole-v1", count, lab.address(), True
        )
        ways[SYNC] = lambda: make(vectorization_mode="sync")
        ways[ASYNC] = lambda: make(vectorization_mode="async")
    targets = {NATIVE: _NATIVE_TARGETS.get(count, ()), HOSTED: _HOSTED_TARGETS.get(count, ())}
    sides = []
    for name, way in ways.items():
        env = way()
        stack.callback(env.close)
        sides.append(Side(name, vector_steps(env), targets.get(name.removesuffix(SHARED), ())))
    return sides


def _slow(env_id: str, times: float, lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    count = SLOW
    ours = vector_client(f"python:{env_id}", count, lab.address())
    shared = vector_client(f"python:{env_id}", count, lab.address(), True)
    local = gymnasium.make_vec(env_id, num_envs=count, vectorization_mode="async")
    single = gymnasium.make(env_id)
    for env in (ours, shared, local, single):
        stack.callback(env.close)
    return [
        Side(HOSTED, vector_steps(ours), [Target("figure", times, LOCAL)]),
        Side(HOSTED + SHARED, vector_steps(shared), [Target("figure", times, LOCAL)]),
        Side(ASYNC, vector_steps(local)),
        Side(LOCAL, episodes(single, [0] * 1000)),
    ]


def _busy(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    return _slow("benchmark/Busy-v0", 0.9 * lab.cores, lab, stack)


def _sleeping(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    bare = sleeping_processes(SLOW, MILLISECOND, stack)
    return [*_slow("benchmark/Sleeping-v0", 7, lab, stack), Side(f"{SLOW} bare processes", bare)]


def _row(count: int) -> Row:
    name = f"CartPole-v1, TCP, {count:,} sub-environment{'s' if count > 1 else ''}"
    return Row(name, functools.partial(_cartpole, count), num_envs=count)


ROWS = [
    *(_row(count) for count in (1, 8, 32, 64, *MANY)),
    Row(f"1 ms of CPU a step, {SLOW} sub-environments", _busy),
    Row(f"1 ms of sleep a step, {SLOW} sub-environments", _sleeping),
]
