"""Environments of the old gym through a server, as a Gymnasium learner sees them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from comparison import PickleEnvironment
from identical import assert_identical
from live_server import TEST_ENVIRONMENTS, ServerProcess

from socketgym import SocketGymClient, errors

LIMIT = {"TimeLimit.truncated": True}


def _path(*folders: str) -> str:
    return os.pathsep.join(str(TEST_ENVIRONMENTS / folder) for folder in folders)


@pytest.fixture(scope="module")
def gym021() -> Iterator[ServerProcess]:
    """A server whose interpreter has nothing but gym 0.21."""
    process = ServerProcess(
        "--port", "0", python_path=_path("without_gymnasium", "gym021"), module="corridor021"
    )
    yield process
    process.stop()


@pytest.fixture(scope="module")
def both() -> Iterator[ServerProcess]:
    """A server whose interpreter has Gymnasium and gym 0.26."""
    process = ServerProcess("--port", "0", python_path=_path("gym026", ""))
    yield process
    process.stop()


def _cell(position: int) -> np.ndarray[Any, Any]:
    return np.array([position, -0.0], np.float32)


@pytest.mark.parametrize("factory", [SocketGymClient, PickleEnvironment])
def test_an_episode_of_021(gym021: ServerProcess, factory: Callable[..., Any]) -> None:
    env = factory("Corridor-v0", address=gym021.address)
    assert_identical(env.reset(seed=0), (_cell(0), {}))
    assert_identical(env.step(1), (_cell(1), 0.125, False, False, {"position": 1}))
    assert_identical(env.render(), np.full((2, 3, 3), 1, np.uint8))
    assert_identical(env.step(0), (_cell(1), 0.0, False, False, {"position": 1}))
    assert_identical(env.step(2), (_cell(3), 0.25, False, False, {"position": 3}))
    assert_identical(env.step(2), (_cell(5), 0.25, False, True, {"position": 5, **LIMIT}))
    env.close()


def test_a_learner_sees_gymnasiums_spaces_and_metadata(gym021: ServerProcess) -> None:
    with SocketGymClient("Corridor-v0", address=gym021.address, render_mode="rgb_array") as env:
        assert env.observation_space == gymnasium.spaces.Box(-np.inf, np.inf, (2,), np.float32)
        assert env.action_space == gymnasium.spaces.Discrete(3)
        assert env.metadata["render_fps"] == 25 and env.render_mode == "rgb_array"
        wrapped = gymnasium.wrappers.RecordEpisodeStatistics(env)
        wrapped.reset(seed=0)
        while not (result := wrapped.step(2))[2]:
            pass
        assert result[4]["episode"]["r"] == 0.75 and result[4]["episode"]["l"] == 3


def test_every_space_of_021_takes_its_samples(gym021: ServerProcess) -> None:
    with SocketGymClient("Assorted-v0", address=gym021.address) as env:
        assert list(env.observation_space.spaces) == ["zulu", "bits", "grid", "alpha", "inner"]
        observation, _ = env.reset()
        assert observation["grid"].dtype == np.int8 and observation["inner"]["x"] in range(3)
        env.action_space.seed(1)
        for _ in range(20):
            action = env.action_space.sample()
            assert_identical(env.step(action)[4], {"action": action})


def test_errors_have_gymnasiums_types(gym021: ServerProcess) -> None:
    with pytest.raises(gymnasium.error.UnregisteredEnv, match="Corridor-v0"):
        SocketGymClient("Coridor-v0", address=gym021.address)
    with SocketGymClient("Corridor-v0", address=gym021.address) as env:
        with pytest.raises(gymnasium.error.ResetNeeded):
            env.step(0)
        with pytest.raises(errors.InvalidArgument, match="takes no options"):
            env.reset(options={"cell": 1})


def test_a_prefix_says_which_package_is_meant(both: ServerProcess) -> None:
    for id_, steps in [
        ("Corridor-v0", 4),
        ("python:gym:CartPole-v1", 9),
        ("python:gymnasium:CartPole-v1", 500),
    ]:
        with SocketGymClient(id_, address=both.address) as env:
            assert env.remote_spec is not None and env.remote_spec.max_episode_steps == steps
