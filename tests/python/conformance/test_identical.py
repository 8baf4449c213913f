"""1,000 remote steps equal 1,000 local ones in type, dtype, shape and bytes."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import gymnasium
import pytest
from comparison import PickleEnvironment, bare, compare
from identical import assert_identical
from socketgym import SocketGymClient
from socketgym_test_envs.sampled import SPACES

STEPS = 1000
GYMNASIUM_IDS = [
    "Acrobot-v1",
    "Blackjack-v1",
    "CartPole-v0",
    "CartPole-v1",
    "CliffWalking-v1",
    "CliffWalkingSlippery-v1",
    "FrozenLake-v1",
    "FrozenLake8x8-v1",
    "MountainCar-v0",
    "MountainCarContinuous-v0",
    "Pendulum-v1",
    "Taxi-v4",
]
FORCED_IDS = [
    "native:CartPole-v0",
    "native:CartPole-v1",
    "python:CartPole-v1",
    "python:FrozenLake-v1",
    "python:Pendulum-v1",
]
# TextDefault's characters are a set, whose order is another one in every process.
TEST_IDS = [
    f"SocketGymTest/{name}-v0"
    for name in [*SPACES, "Infos", "Returns", "Layouts"]
    if name != "TextDefault"
]
ALL_IDS = [*GYMNASIUM_IDS, *FORCED_IDS, *TEST_IDS]


@pytest.fixture(params=["shared memory", "socket", "pickle"])
def make(request: pytest.FixtureRequest, server: Any) -> Callable[..., Any]:
    """Makes a remote environment through one of the two codecs, the first by either way."""
    shares = request.param == "shared memory"
    client = functools.partial(SocketGymClient, shared_memory=shares)
    factory = PickleEnvironment if request.param == "pickle" else client

    def make_remote(env_id: str, **kwargs: Any) -> Any:
        return factory(env_id, address=server.address, **kwargs)

    return make_remote


@pytest.mark.parametrize("env_id", ALL_IDS)
def test_steps(make: Callable[..., Any], env_id: str) -> None:
    remote, local = make(env_id), gymnasium.make(bare(env_id))
    # Sampling a large image takes the local environment longer than everything else together.
    compare(remote, local, 30 if "LargeImage" in env_id else STEPS)
    remote.close()
    local.close()


@pytest.mark.parametrize("env_id", ALL_IDS)
def test_spaces(server: Any, env_id: str) -> None:
    remote = SocketGymClient(env_id, address=server.address)
    local = gymnasium.make(bare(env_id))
    for name in ("observation_space", "action_space"):
        ours, theirs = getattr(remote, name), getattr(local, name)
        assert type(ours) is type(theirs)
        assert ours == theirs
        assert repr(ours) == repr(theirs)
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        ours.seed(3)
        theirs.seed(3)
        for number in range(20):
            assert_identical(ours.sample(), theirs.sample(), f"{name} sample {number}")
    remote.close()


@pytest.mark.parametrize(
    "env_id", [id_ for id_ in [*GYMNASIUM_IDS, *FORCED_IDS] if id_ != "Blackjack-v1"]
)
def test_frames(make: Callable[..., Any], env_id: str) -> None:
    # Blackjack's picture needs a font that Debian's build of Gymnasium leaves out.
    remote, local = make(env_id, render_mode="rgb_array"), gymnasium.make(
        bare(env_id), render_mode="rgb_array"
    )
    remote.reset(seed=11)
    local.reset(seed=11)
    local.action_space.seed(11)
    for _ in range(10):
        assert_identical(remote.render(), local.render(), "frame")
        action = local.action_space.sample()
        remote.step(action)
        local.step(action)
    remote.close()
    local.close()


@pytest.mark.parametrize(
    ("env_id", "mode"),
    [
        ("FrozenLake-v1", "ansi"),
        ("CliffWalking-v1", "ansi"),
        ("Taxi-v4", "ansi"),
        ("FrozenLake-v1", "ansi_list"),
        ("FrozenLake-v1", "rgb_array_list"),
        ("CartPole-v1", "rgb_array_list"),
        ("Pendulum-v1", "rgb_array_list"),
    ],
)
def test_other_render_modes(make: Callable[..., Any], env_id: str, mode: str) -> None:
    remote, local = make(env_id, render_mode=mode), gymnasium.make(env_id, render_mode=mode)
    local.action_space.seed(5)
    for seed in (5, None):
        assert_identical(remote.reset(seed=seed), local.reset(seed=seed), "reset")
        for number in range(3):
            action = local.action_space.sample()
            assert_identical(remote.step(action), local.step(action), f"step {number}")
            if number != 1:
                frames = local.render()
                assert_identical(remote.render(), frames, mode)
                assert type(frames) is (list if mode.endswith("_list") else str)
    remote.close()
    local.close()


@pytest.mark.parametrize(
    ("env_id", "kwargs"),
    [
        *[(env_id, {}) for env_id in [*GYMNASIUM_IDS, "SocketGymTest/Dict-v0"]],
        ("FrozenLake-v1", {"max_episode_steps": 7, "is_slippery": False}),
    ],
)
def test_spec_and_metadata(server: Any, env_id: str, kwargs: dict[str, Any]) -> None:
    local = gymnasium.make(env_id, **kwargs)
    metadata = local.metadata
    with SocketGymClient(
        f"python:{env_id}", address=server.address, render_mode=None, **kwargs
    ) as remote:
        # A window would open on the server.
        modes = [mode for mode in metadata["render_modes"] if mode != "human"]
        assert_identical(remote.metadata, {**metadata, "render_modes": modes}, "metadata")
        assert_identical(remote.get_attr("metadata"), metadata, "metadata")
        spec = dataclasses.asdict(remote.remote_spec)
        described = remote.remote_spec
    pickled = PickleEnvironment(f"python:{env_id}", server.address, **kwargs)
    assert_identical(pickled.made["metadata"], metadata, "metadata")
    assert_identical(pickled.made["spec"], spec, "spec")
    pickled.close()
    for name in spec:
        ours, theirs = getattr(described, name), getattr(local.spec, name)
        if name == "reward_threshold" and theirs is not None:
            theirs = float(theirs)
        assert_identical(ours, theirs, name)
    local.close()


@pytest.mark.parametrize("env_id", ["native:CartPole-v1", "python:CartPole-v1"])
@pytest.mark.parametrize(
    "kwargs",
    [
        {"sutton_barto_reward": True},
        {"max_episode_steps": 13},
        {"sutton_barto_reward": True, "max_episode_steps": 9},
    ],
)
def test_cartpole_keyword_arguments(
    make: Callable[..., Any], env_id: str, kwargs: dict[str, Any]
) -> None:
    remote, local = make(env_id, **kwargs), gymnasium.make(bare(env_id), **kwargs)
    compare(remote, local, 200)
    remote.close()


@pytest.mark.parametrize("env_id", ["native:CartPole-v1", "python:CartPole-v1"])
@pytest.mark.parametrize(
    "options", [{"low": -0.1, "high": 0.1}, {"low": -1}, {"high": 0.2}, {}, {"unknown": 1}]
)
def test_cartpole_reset_options(
    make: Callable[..., Any], env_id: str, options: dict[str, Any]
) -> None:
    remote, local = make(env_id), gymnasium.make(bare(env_id))
    for seed in (0, 1, None, 2**70):
        ours, theirs = remote.reset(seed=seed, options=options), local.reset(
            seed=seed, options=options
        )
        assert_identical(ours, theirs, f"seed {seed}")
    remote.close()


@pytest.mark.parametrize("env_id", ["native:CartPole-v1", "python:CartPole-v1"])
def test_cartpole_beyond_termination(make: Callable[..., Any], env_id: str) -> None:
    remote, local = make(env_id), gymnasium.make(bare(env_id))
    remote.reset(seed=1)
    local.reset(seed=1)
    for number in range(600):
        assert_identical(remote.step(1), local.step(1), f"step {number}")
    remote.close()
