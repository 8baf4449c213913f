"""What Gymnasium's checker, and checkers of learning libraries, want of an environment."""

from __future__ import annotations

import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from gymnasium import spaces
from gymnasium.utils.env_checker import check_env
from socketgym import SocketGymClient, errors

IDS = [
    "native:CartPole-v1",
    "python:CartPole-v1",
    "CliffWalking-v1",
    "FrozenLake-v1",
    "MountainCarContinuous-v0",
    "Pendulum-v1",
    "Taxi-v4",
]
TEST_IDS = [
    f"SocketGymTest/{name}-v0" for name in ("BoxFloat64", "Dict", "Image", "MultiDiscrete", "Tuple")
]


@pytest.fixture(params=[*IDS, *TEST_IDS])
def env(request: pytest.FixtureRequest, server: Any) -> Any:
    with SocketGymClient(request.param, address=server.address) as remote:
        yield remote


def messages(check: Any) -> set[str]:
    """What a check warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check()
    return {str(warning.message) for warning in caught}


def test_gymnasiums_checker_says_what_it_says_of_the_local_environment(
    env: SocketGymClient,
) -> None:
    assert env.remote_spec is not None
    local = gymnasium.make(env.remote_spec.id, render_mode="rgb_array").unwrapped
    # Its windows are its own affair.
    local.metadata = {**local.metadata, "render_modes": env.metadata["render_modes"]}
    said = messages(lambda: check_env(env))
    assert said == messages(lambda: check_env(local))
    assert not [text for text in said if "render" in text or "close" in text or "spec" in text]


@pytest.mark.parametrize("env_id", ["CartPole-v1", "FrozenLake-v1"])
def test_the_checker_on_a_registered_id(server: Any, env_id: str) -> None:
    made = gymnasium.make(f"SocketGym/{env_id}", address=server.address)
    said = messages(lambda: check_env(made.unwrapped))
    local = gymnasium.make(env_id, render_mode="rgb_array").unwrapped
    local.metadata = {**local.metadata, "render_modes": made.metadata["render_modes"]}
    assert said == messages(lambda: check_env(local))
    made.close()


def test_what_learning_libraries_check(env: SocketGymClient) -> None:
    assert isinstance(env.observation_space, spaces.Space)
    assert isinstance(env.action_space, spaces.Space)
    env.action_space.seed(0)
    observation, info = env.reset(seed=0)
    check_observation(env.observation_space, observation)
    assert isinstance(info, dict)
    infos: list[dict[str, Any]] = [info]
    for _ in range(30):
        observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
        check_observation(env.observation_space, observation)
        assert isinstance(reward, (float, int)) and not isinstance(reward, bool)
        assert type(terminated) is bool and type(truncated) is bool
        assert isinstance(info, dict) and not any(info is other for other in infos)
        # Monitors leave their own entries, and vectors the last observation.
        info["episode"] = info["terminal_observation"] = observation
        infos.append(info)
        if terminated or truncated:
            assert "episode" not in env.reset(seed=None, options={})[1]
    frame = env.render()
    assert frame.dtype == np.uint8 and frame.ndim == 3 and frame.shape[2] == 3
    env.close()
    env.close()


def check_observation(space: spaces.Space[Any], observation: Any) -> None:
    """An observation is one of its space, with the type and dtype that the space promises."""
    assert observation in space
    if isinstance(space, spaces.Dict):
        assert isinstance(observation, dict) and list(observation) == list(space.keys())
        for key in space:
            check_observation(space[key], observation[key])
    elif isinstance(space, spaces.Tuple):
        assert isinstance(observation, tuple)
        for part, value in zip(space, observation):
            check_observation(part, value)
    elif isinstance(space, spaces.Box):
        assert isinstance(observation, np.ndarray)
        assert observation.dtype == space.dtype and observation.shape == space.shape
        observation += observation  # The caller's own.
    elif isinstance(space, spaces.Discrete):
        assert isinstance(observation, (int, np.integer))


def test_attributes_that_libraries_ask_vectors_for(server: Any) -> None:
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        assert env.get_wrapper_attr("render_mode") == env.get_attr("render_mode") == "rgb_array"
        for name in ("is_vector_env", "task", "task_description", "_absent"):
            assert not env.has_wrapper_attr(name) and not hasattr(env, name)
            with pytest.raises(AttributeError):
                env.get_wrapper_attr(name)
        # No name goes to the server unasked: copying, printing and debugging try many.
        assert not hasattr(env, "gravity") and env.get_wrapper_attr("gravity") == 9.8
        assert not hasattr(type(env), "__getattr__")


def test_names_are_set_where_they_are_known(server: Any) -> None:
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        assert env.set_wrapper_attr("gravity", 1.5) is True and env.get_attr("gravity") == 1.5
        assert env.set_wrapper_attr("_mine", 3, force=False) is False
        assert env.set_wrapper_attr("_mine", 3) is True and env.get_wrapper_attr("_mine") == 3
        assert env.set_wrapper_attr("_mine", 4, force=False) is True
        assert env.set_wrapper_attr("render_mode", "mine") is True and env.render_mode == "mine"
        assert env.set_wrapper_attr("nowhere_to_be_found", 1, force=False) is False


def test_its_generator_is_seeded_as_gymnasium_seeds_it(server: Any) -> None:
    with SocketGymClient("FrozenLake-v1", address=server.address) as env:
        for seed in (0, 5, 2**63):
            env.reset(seed=seed)
            expected, _ = gymnasium.utils.seeding.np_random(seed)
            assert env.np_random_seed == seed
            assert env.np_random.bit_generator.state == expected.bit_generator.state
            assert env.np_random.integers(1000) == expected.integers(1000)
            # Without a seed both go on.
            env.reset()
            assert env.np_random.bit_generator.state == expected.bit_generator.state
        for seed in (-1, 1.5, "x"):
            with pytest.raises(gymnasium.error.Error):
                env.reset(seed=seed)


def test_metadata_never_offers_a_window(server: Any) -> None:
    with SocketGymClient("CartPole-v1", address=server.address) as env:
        assert env.metadata == {"render_modes": ["rgb_array"], "render_fps": 50}
        env.metadata["render_modes"].append("mine")
        with SocketGymClient("CartPole-v1", address=server.address) as other:
            assert other.metadata["render_modes"] == ["rgb_array"]
    with SocketGymClient("SocketGymTest/Attributes-v0", address=server.address) as env:
        assert env.metadata == {"render_modes": [], "render_fps": 30}
        assert env.render_mode is None
    with pytest.raises(errors.UnsupportedRenderMode, match="HumanRendering"):
        SocketGymClient("CartPole-v1", address=server.address, render_mode="human")
