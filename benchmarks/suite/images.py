"""Frames: image observations, and rendering beside every step."""

from __future__ import annotations

import contextlib
import functools

import gymnasium

import suite.environments  # noqa: F401 - registers what is made here.
from suite.clients import client, vector_client
from suite.frames import ONCE, balanced_episode, reply_sizes, write_script
from suite.lab import Lab
from suite.measurement import Row, Side, Target
from suite.pickle_service import PickleClient
from suite.players import episodes, rendered_episodes, vector_steps

__all__ = ["ROWS"]

NATIVE, HOSTED = "native:Image480-v0", "python:benchmark/Image480-v0"
OURS, MEMORY = "SocketGym, native", "SocketGym, native, shared memory"
HOSTED_OURS = "SocketGym, Python-hosted"
HOSTED_MEMORY = "SocketGym, Python-hosted, shared memory"
FLOOR, PICKLE, LOCAL = "C ping-pong", "pickle server", "local Gymnasium"
ASYNC = "AsyncVectorEnv, shared memory"
ACTIONS = [0, 1] * 250
SMALL_IMAGES = 8


def _image(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    address = lab.benchmark_server().ready.split()[-1]
    script = write_script(lab.folder / "image.frames", NATIVE, 0, ACTIONS)
    echo = lab.echo(stack, reply_sizes(address, script)[ONCE + 1])
    make = functools.partial(client, address=address)
    ours, hosted = make(NATIVE), make(HOSTED)
    shared = make(NATIVE, shared_memory=True, copy=False)
    hosted_shared = make(HOSTED, shared_memory=True, copy=False)
    theirs = PickleClient("benchmark/Image480-v0", lab.gym_service())
    for env in (ours, hosted, shared, hosted_shared, theirs):
        stack.enter_context(env)
    socket_targets = [Target("figure", 0.9, FLOOR), Target("figure", 3.5, PICKLE)]
    return [
        Side(OURS, episodes(ours, ACTIONS), socket_targets),
        Side(MEMORY, episodes(shared, ACTIONS), [Target("figure", 1.7, FLOOR)]),
        Side(HOSTED_OURS, episodes(hosted, ACTIONS)),
        Side(HOSTED_MEMORY, episodes(hosted_shared, ACTIONS)),
        Side(FLOOR, lab.load(stack, echo, script)),
        Side(PICKLE, episodes(theirs, ACTIONS)),
    ]


def _small_images(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    env_id, count = "benchmark/Image84-v0", SMALL_IMAGES
    make = functools.partial(vector_client, f"python:{env_id}", count, lab.address())
    ours, shared = make(), make(shared_memory=True, copy=False)
    local = gymnasium.make_vec(env_id, num_envs=count, vectorization_mode="async")
    for env in (ours, shared, local):
        stack.callback(env.close)
    return [
        Side(HOSTED_OURS, vector_steps(ours), [Target("figure", 2, ASYNC)]),
        Side(HOSTED_MEMORY, vector_steps(shared)),
        Side(ASYNC, vector_steps(local)),
    ]


def _render(lab: Lab, stack: contextlib.ExitStack) -> list[Side]:
    actions = balanced_episode(0)
    native = client("native:CartPole-v1", lab.address(), render_mode="rgb_array")
    shared = client(
        "native:CartPole-v1",
        lab.address(),
        shared_memory=True,
        copy=False,
        render_mode="rgb_array",
    )
    theirs = PickleClient("CartPole-v1", lab.gym_service())
    local = gymnasium.make("CartPole-v1", render_mode="rgb_array")
    for env in (native, shared, theirs, local):
        stack.enter_context(env)
    return [
        Side(OURS, rendered_episodes(native, actions), [Target("figure", 2.5, LOCAL)]),
        Side(MEMORY, rendered_episodes(shared, actions)),
        Side(PICKLE, rendered_episodes(theirs, actions)),
        Side(LOCAL, rendered_episodes(local, actions)),
    ]


_frames = functools.partial(Row, unit="frames/s", is_frames=True)

ROWS = [
    _frames("480x640x3 image observation", _image),
    _frames(f"84x84x3 image observations, {SMALL_IMAGES} sub-environments", _small_images),
    _frames("CartPole-v1, step and render of 400x600x3", _render),
]
