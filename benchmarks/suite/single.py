"""One environment, one client: round trips of a step."""

from __future__ import annotations

import contextlib
import functools
import pathlib

import gymnasium

from suite.clients import client
from suite.frames import ONCE, balanced_episode, reply_sizes, write_script
from suite.lab import Lab, on_core
from suite.measurement import Row, Side, Target
from suite.pickle_service import PickleClient
from suite.players import episodes

__all__ = ["ROWS"]

SEED = 0
NATIVE, HOSTED = "native:CartPole-v1", "python:CartPole-v1"
OURS, MEMORY = "SocketGym", "SocketGym, shared memory"
FLOOR_ACROSS, FLOOR, PICKLE = "C ping-pong, a core each", "C ping-pong", "pickle server"


@functools.cache
def cartpole_script(lab: Lab, env_id: str = NATIVE) -> tuple[pathlib.Path, int]:
    """Writes the frames of an episode of CartPole."""
    name = env_id.replace(":", "-") + ".frames"
    return write_script(lab.folder / name, env_id, SEED, balanced_episode(SEED))


@functools.cache
def step_reply_bytes(lab: Lab) -> int:
    """Asks the server how long its reply to a step of CartPole is."""
    return reply_sizes(lab.address(), cartpole_script(lab))[ONCE + 1]


def _floor(
    lab: Lab,
    stack: contextlib.ExitStack,
    name: str,
    cores: tuple[int | None, int | None],
    unix: bool = False,
) -> Side:
    server, core = cores
    address = lab.echo(stack, step_reply_bytes(lab), server, unix)
    return Side(name, lab.load(stack, address, cartpole_script(lab), core))


def _unpinned(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    actions = balanced_episode(SEED)
    address = lab.address()
    targets = [
        Target("p50", 0.4, FLOOR_ACROSS, at_most=True),
        Target("mean", 0.4, FLOOR_ACROSS, at_most=True),
        Target("figure", 7, PICKLE),
    ]
    ours = stack.enter_context(client(NATIVE, address))
    shared = stack.enter_context(client(NATIVE, address, shared_memory=True))
    theirs = stack.enter_context(PickleClient("CartPole-v1", lab.gym_service()))
    local = stack.enter_context(gymnasium.make("CartPole-v1"))
    return [
        Side(OURS, episodes(ours, actions), targets),
        Side(MEMORY, episodes(shared, actions)),
        Side("C client, SocketGym server", lab.load(stack, address, cartpole_script(lab))),
        _floor(lab, stack, FLOOR_ACROSS, (lab.first_core, lab.last_core)),
        _floor(lab, stack, FLOOR, (None, None)),
        Side(PICKLE, episodes(theirs, actions)),
        Side("local Gymnasium", episodes(local, actions)),
    ]


def _on_one_core(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    actions, core = balanced_episode(SEED), lab.first_core
    address = lab.address(core)
    targets = [
        Target("p50", 1.3, FLOOR, at_most=True),
        Target("mean", 1.3, FLOOR, at_most=True),
        Target("figure", 3.5, PICKLE),
    ]
    ours = stack.enter_context(client(NATIVE, address))
    shared = stack.enter_context(client(NATIVE, address, shared_memory=True))
    theirs = stack.enter_context(PickleClient("CartPole-v1", lab.gym_service(core)))
    local = stack.enter_context(gymnasium.make("CartPole-v1"))
    load = lab.load(stack, address, cartpole_script(lab), core)
    return [
        Side(OURS, on_core(core, episodes(ours, actions)), targets),
        Side(MEMORY, on_core(core, episodes(shared, actions))),
        Side("C client, SocketGym server", load),
        _floor(lab, stack, FLOOR, (core, core)),
        Side(PICKLE, on_core(core, episodes(theirs, actions))),
        Side("local Gymnasium", on_core(core, episodes(local, actions))),
    ]


def _unix(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    actions = balanced_episode(SEED)
    ours = stack.enter_context(client(NATIVE, lab.address(unix=True)))
    theirs = stack.enter_context(PickleClient("CartPole-v1", lab.gym_service()))
    cores = lab.first_core, lab.last_core
    return [
        Side(OURS, episodes(ours, actions), [Target("figure", 10, PICKLE)]),
        _floor(lab, stack, FLOOR_ACROSS, cores, unix=True),
        Side(PICKLE, episodes(theirs, actions)),
    ]


def _hosted(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    actions = balanced_episode(SEED)
    ours = stack.enter_context(client(HOSTED, lab.address()))
    shared = stack.enter_context(client(HOSTED, lab.address(), shared_memory=True))
    theirs = stack.enter_context(PickleClient("CartPole-v1", lab.gym_service()))
    local = stack.enter_context(gymnasium.make("CartPole-v1"))
    return [
        Side(OURS, episodes(ours, actions), [Target("figure", 4, PICKLE)]),
        Side(MEMORY, episodes(shared, actions)),
        Side(PICKLE, episodes(theirs, actions)),
        Side("local Gymnasium", episodes(local, actions)),
    ]


ROWS = [
    Row("native CartPole-v1, TCP, not pinned", _unpinned),
    Row("native CartPole-v1, TCP, all on one core", _on_one_core),
    Row("native CartPole-v1, Unix socket, not pinned", _unix),
    Row("CartPole-v1 in a Python worker, TCP, not pinned", _hosted),
]
