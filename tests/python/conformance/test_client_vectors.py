"""Clients inside Gymnasium's vectors, and the vector that steps its clients at once."""

from __future__ import annotations

import functools
import multiprocessing
import pickle
from typing import Any

import gymnasium
import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from identical import assert_identical
from socketgym import SocketGymClient, SocketGymVectorClient, errors

IDS = ["CartPole-v1", "FrozenLake-v1", "SocketGymTest/DictNested-v0"]
MODES = list(AutoresetMode)
STEPS = 60


def assert_transcripts_are_equal(
    remote: Any, local: Any, mode: AutoresetMode = AutoresetMode.NEXT_STEP, steps: int = STEPS
) -> None:
    assert remote.observation_space == local.observation_space
    assert remote.action_space == local.action_space
    assert remote.metadata["autoreset_mode"] is local.metadata["autoreset_mode"] is mode
    assert_identical(remote.reset(seed=1), local.reset(seed=1), "reset")
    local.action_space.seed(1)
    ends = 0
    for number in range(steps):
        actions = local.action_space.sample()
        expected = local.step(actions)
        assert_identical(remote.step(actions), expected, f"step {number}")
        over = expected[2] | expected[3]
        ends += over.sum()
        if mode is AutoresetMode.DISABLED and over.any():
            seeds = [number, None, 3]
            assert_identical(
                remote.reset(seed=seeds, options={"reset_mask": over, "x": 1}),
                local.reset(seed=seeds, options={"reset_mask": over, "x": 1}),
                f"reset after {number}",
            )
    assert ends


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("env_id", IDS)
def test_the_vector_equals_gymnasiums(server: Any, env_id: str, mode: AutoresetMode) -> None:
    remote = SocketGymVectorClient(env_id, 3, address=server.address, autoreset_mode=mode)
    make = functools.partial(gymnasium.make, env_id, render_mode="rgb_array")
    local = SyncVectorEnv([make] * 3, autoreset_mode=mode)
    try:
        assert_transcripts_are_equal(remote, local, mode)
        assert_identical(remote.render(), local.render(), "frames")
        assert remote.get_attr("render_mode") == ("rgb_array",) * 3
        limit = local.get_attr("_max_episode_steps")
        assert remote.call("_max_episode_steps") == limit
        assert remote.np_random_seed == local.np_random_seed
    finally:
        remote.close()
        local.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("vector", [SyncVectorEnv, AsyncVectorEnv])
def test_gymnasiums_vectors_of_clients(server: Any, vector: Any, mode: AutoresetMode) -> None:
    make_remote = functools.partial(SocketGymClient, "FrozenLake-v1", address=server.address)
    make_local = functools.partial(gymnasium.make, "FrozenLake-v1")
    remote = vector([make_remote] * 3, autoreset_mode=mode)
    local = vector([make_local] * 3, autoreset_mode=mode)
    try:
        assert_transcripts_are_equal(remote, local, mode, 30)
    finally:
        remote.close()
        local.close()


@pytest.mark.parametrize(
    "context",
    [
        name
        for name in ("fork", "forkserver", "spawn")
        if name in multiprocessing.get_all_start_methods()
    ],
)
def test_every_way_to_start_a_process(server: Any, context: str) -> None:
    # A session in the parent, so that a fork has something that it must leave alone.
    with SocketGymClient("CartPole-v1", address=server.address) as parent:
        parent.reset(seed=0)
        make_remote = functools.partial(
            gymnasium.make, "socketgym:SocketGym/CartPole-v1", address=server.address
        )
        make_local = functools.partial(gymnasium.make, "CartPole-v1")
        remote = AsyncVectorEnv([make_remote] * 3, context=context)
        local = SyncVectorEnv([make_local] * 3)
        try:
            assert_transcripts_are_equal(remote, local)
            parent.step(1)
            remote.set_attr("gravity", [1.0, 2.0, 3.0])
            assert remote.get_attr("gravity") == (1.0, 2.0, 3.0)
            parent.step(0)
        finally:
            remote.close()


def test_errors_come_out_of_a_vectors_processes(server: Any) -> None:
    make = functools.partial(
        SocketGymClient, "SocketGymTest/Fault-v0", address=server.address, fault="raise"
    )
    vector = AsyncVectorEnv([make])
    vector.reset(seed=0)
    with pytest.raises(errors.EnvironmentFault) as raised:
        vector.step(np.zeros(1, np.int64))
    assert raised.value.remote_type == "ValueError"
    assert str(raised.value).count("The environment's own traceback:") == 1
    vector.close(terminate=True)


def test_errors_leave_no_reply_behind(server: Any) -> None:
    vector = SocketGymVectorClient("CartPole-v1", 3, address=server.address)
    local = gymnasium.make_vec("CartPole-v1", num_envs=3, vectorization_mode="sync")
    vector.reset(seed=1)
    for actions in (np.array([7, 1, 1]), np.array([1, 1]), 1, None):
        with pytest.raises(errors.InvalidAction):  # Nothing was lost.
            vector.step(actions)
    vector.step(np.array([1, 1, 1]))
    with pytest.raises(errors.InvalidAction):
        vector.step(np.array([1, 7, 1]))
    with pytest.raises(errors.ResetNeeded, match="reset them all"):
        vector.step(np.array([1, 1, 1]))
    with pytest.raises(AssertionError, match="num_envs=3"):
        vector.reset(seed=[1, 2])
    for mask in (np.array([True]), np.zeros(3, bool), np.ones(3), [True] * 3):
        with pytest.raises(AssertionError, match="shape"):
            vector.reset(options={"reset_mask": mask})
    with pytest.raises(errors.UnsupportedValue):
        vector.reset(options={"x": object()})
    with pytest.raises(errors.UnsupportedValue):
        vector.step(object())
    assert_transcripts_are_equal(vector, local)
    vector.close()
    vector.close()
    for use in (lambda: vector.step(np.array([1, 1, 1])), vector.reset, vector.render):
        with pytest.raises(errors.ClosedEnvironment):
            use()
    local.close()


@pytest.mark.parametrize("mode", ["sync", "vector_entry_point"])
def test_what_an_evaluation_of_lerobot_asks_for(server: Any, mode: str) -> None:
    envs = gymnasium.make_vec(
        "SocketGym/CartPole-v1", num_envs=2, vectorization_mode=mode, address=server.address
    )
    steps = envs.call("_max_episode_steps")[0]
    assert steps == 500 and envs.unwrapped.metadata["render_fps"] == 50
    for name in ("task_description", "task"):
        with pytest.raises((AttributeError, NotImplementedError)):
            envs.call(name)
    envs.reset(seed=[7, 8], options={"lerobot_new_rollout": True})
    over, step = np.zeros(2, bool), 0
    while not over.all() and step < steps:
        *_, terminations, truncations, infos = envs.step(np.array([1, 1]))
        assert "is_success" not in infos
        over |= terminations | truncations
        step += 1
    assert over.all() and [frame.shape for frame in envs.call("render")] == [(400, 600, 3)] * 2
    envs.close()


def test_vectors_that_cannot_be() -> None:
    with pytest.raises(errors.InvalidArgument, match="num_envs is 0"):
        SocketGymVectorClient(num_envs=0)
    with pytest.raises(ValueError, match="autoreset"):
        SocketGymVectorClient(autoreset_mode="autoreset")
    with pytest.raises(errors.ConnectionFailed):
        SocketGymVectorClient(num_envs=2, address="unix:/no/such")
    with pytest.raises(errors.InvalidArgument, match="is empty"):
        SocketGymVectorClient(num_envs=2, address=[])
    with pytest.raises(errors.InvalidArgument, match="not an address"):
        SocketGymClient(address=["tcp://127.0.0.1:1"])  # type: ignore[arg-type]


def test_a_vector_can_be_copied(server: Any) -> None:
    vector = SocketGymVectorClient("CartPole-v1", 2, address=server.address, max_episode_steps=9)
    copy = pickle.loads(pickle.dumps(vector))
    assert_transcripts_are_equal(copy, vector)
    copy.close()
    vector.close()


@pytest.mark.parametrize("limit", [None, 9, 203, -1])
def test_a_vectors_limit_is_makes(server: Any, limit: int | None) -> None:
    remote = SocketGymVectorClient(
        "Pendulum-v1", address=server.address, max_episode_steps=limit, render_mode=None
    )
    make = functools.partial(gymnasium.make, "Pendulum-v1", max_episode_steps=limit)
    local = SyncVectorEnv([make])
    remote.reset(seed=0)
    local.reset(seed=0)
    flags = []
    for _ in range(210):
        flags.append([bool(envs.step(np.zeros((1, 1), np.float32))[3]) for envs in (remote, local)])
    assert all(ours == theirs for ours, theirs in flags)
    assert any(ours for ours, _ in flags) == (limit != -1)
    remote.close()
