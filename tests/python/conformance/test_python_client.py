"""The Python client as Gymnasium itself uses environments: checker, wrappers, copies, vectors."""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from identical import assert_identical

from socketgym import SocketGymClient, errors

IDS = ["native:CartPole-v1", "python:CartPole-v1"]


@pytest.fixture(params=IDS)
def env(request: pytest.FixtureRequest, server: Any) -> Any:
    with SocketGymClient(request.param, address=server.address) as remote:
        yield remote


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_gymnasiums_checker_is_content(env: SocketGymClient) -> None:
    check_env(env, skip_close_check=True)


def test_it_says_how_it_was_made(env: SocketGymClient) -> None:
    assert env.render_mode == "rgb_array" and env.metadata["render_fps"] == 50
    assert env.remote_spec is not None and env.remote_spec.max_episode_steps == 500
    assert env.remote_spec.reward_threshold == 475.0


def test_copies_are_new_environments(env: SocketGymClient) -> None:
    env.reset(seed=1)
    for made in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        with made:
            assert_identical(made.reset(seed=5), env.reset(seed=5))
            assert_identical(made.step(1), env.step(1))


def test_what_a_caller_does_to_a_result_stays_with_the_caller(env: SocketGymClient) -> None:
    local = gymnasium.make("CartPole-v1")
    env.reset(seed=3)
    local.reset(seed=3)
    for action in (0, 1, 0, 1):
        ours, theirs = env.step(action), local.step(action)
        assert_identical(ours, theirs)
        ours[0].fill(np.nan)
        ours[4]["mine"] = 1


def test_errors_are_those_of_the_environment(env: SocketGymClient) -> None:
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0)
    env.reset(seed=0)
    for action in (2, -1, 0.5, "left", None):
        with pytest.raises(AssertionError):
            env.step(action)
    env.step(0)
    env.close()
    with pytest.raises(gymnasium.error.ClosedEnvironmentError):
        env.step(0)


def test_unknown_environments_are_named(server: Any) -> None:
    with pytest.raises(gymnasium.error.UnregisteredEnv, match="CartPole"):
        SocketGymClient("CartPoel-v1", address=server.address)
    with pytest.raises(errors.SocketGymError):
        SocketGymClient("CartPole-v1", address=server.address, no_such_argument=1)


@pytest.mark.parametrize(
    "vector", [gymnasium.vector.SyncVectorEnv, gymnasium.vector.AsyncVectorEnv]
)
def test_vectors_of_clients_equal_local_ones(server: Any, vector: Any) -> None:
    remote_maker = functools.partial(
        SocketGymClient, IDS[0], address=server.address, render_mode=None
    )
    local_maker = functools.partial(gymnasium.make, "CartPole-v1")
    remote, local = vector([remote_maker] * 2), gymnasium.vector.SyncVectorEnv([local_maker] * 2)
    try:
        assert_identical(remote.reset(seed=1), local.reset(seed=1))
        actions = np.random.default_rng(0).integers(0, 2, (40, 2))
        for number, pair in enumerate(actions):
            assert_identical(remote.step(pair), local.step(pair), f"step {number}")
    finally:
        remote.close()
        local.close()
