"""`make_vec` as docs/protocol.md has it, against Gymnasium's own vectors."""

from __future__ import annotations

import functools
from typing import Any

import gymnasium
import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv
from identical import assert_identical
from socketgym import errors
from socketgym.addresses import ServerAddress
from socketgym.wire.connection import Connection

IDS = ["CartPole-v1", "FrozenLake-v1", "python:CartPole-v1", "SocketGymTest/DictNested-v0"]


@pytest.fixture
def connection(server: Any) -> Any:
    address = ServerAddress.resolve(None, None, server.address)
    opened = Connection.open(address, 60, 60)
    yield opened
    opened.close()


def batched(infos: Any, count: int) -> dict[str, Any]:
    """The infos as Gymnasium has them."""
    vector = VectorEnv()
    vector.num_envs = count
    result: dict[str, Any] = {}
    for index, info in infos:
        result = vector._add_info(result, info, index)
    return result


@pytest.mark.parametrize("mode", list(AutoresetMode))
@pytest.mark.parametrize("env_id", IDS)
def test_results_equal_gymnasiums(connection: Any, env_id: str, mode: AutoresetMode) -> None:
    count = 3
    made = connection.request("make_vec", env_id, {}, count, {"autoreset_mode": mode.value})
    assert (made["num_envs"], made["autoreset_mode"]) == (count, mode.value)
    bare = env_id.removeprefix("python:")
    local = SyncVectorEnv([functools.partial(gymnasium.make, bare)] * count, autoreset_mode=mode)
    observations, infos = connection.request("reset", 5, None)
    assert_identical((observations, batched(infos, count)), local.reset(seed=5), "reset")
    local.action_space.seed(1)
    ends = 0
    for number in range(60):
        actions = local.action_space.sample()
        expected = local.step(actions)
        *result, infos = connection.request("step", actions)
        assert_identical((*result, batched(infos, count)), expected, f"step {number}")
        over = expected[2] | expected[3]
        ends += over.sum()
        if mode is AutoresetMode.DISABLED and over.any():
            options = {"reset_mask": over, "x": 1}
            observations, infos = connection.request("reset", [number, None, 3], options)
            assert_identical(
                (observations, batched(infos, count)),
                local.reset(seed=[number, None, 3], options=options),
                f"reset after {number}",
            )
    assert ends


def test_attributes_are_those_of_each(connection: Any) -> None:
    connection.request("make_vec", "CartPole-v1", {"max_episode_steps": 7}, 2)
    connection.request("reset", [1, 2], {})
    assert connection.request("get_attr", "gravity") == (9.8, 9.8)
    assert connection.request("set_attr", "gravity", [9.0, 10.0]) is True
    assert connection.request("call", "gravity") == (9.0, 10.0)
    assert connection.request("has_attr", "gravity") == "value"
    assert connection.request("spec")["max_episode_steps"] == 7
    with pytest.raises(errors.InvalidArgument, match="list or tuple of 2"):
        connection.request("set_attr", "gravity", 9.0)


def test_frames_are_a_tuple(connection: Any) -> None:
    connection.request("make_vec", "CartPole-v1", {"render_mode": "rgb_array"}, 2)
    connection.request("reset", [1, 2])
    frames = connection.request("render")
    assert type(frames) is tuple and [frame.shape for frame in frames] == [(400, 600, 3)] * 2


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (("CartPole-v1", {}, 0), "num_envs is 0"),
        (("CartPole-v1", {}, 65_537), "from 1 to 65536"),
        (("CartPole-v1", {}, 2.0), "num_envs is 2.0"),
        (("CartPole-v1", {}), "num_envs is None"),
        (("CartPole-v1", {}, 2, {"autoreset_mode": "1"}), "autoreset_mode is '1'"),
        (("CartPole-v1", {}, 2, {"workers": 0}), "workers is 0"),
        (("python:CartPole-v1", {}, 65_536, {"workers": 65_536}), "workers is 65536 .* from 1 to"),
        (("CartPole-v1", {}, 2, {"mode": 0}), "no option 'mode'"),
    ],
)
def test_bad_parameters_are_refused(connection: Any, params: Any, message: str) -> None:
    with pytest.raises(errors.InvalidArgument, match=message):
        connection.request("make_vec", *params)
    with pytest.raises(errors.NoEnvironment):
        connection.request("reset")


def test_a_half_taken_step_asks_for_a_reset_of_all(connection: Any) -> None:
    connection.request("make_vec", "CartPole-v1", {}, 2)
    connection.request("reset", 1)
    with pytest.raises(errors.InvalidAction):
        connection.request("step", np.array([1, 5]))
    with pytest.raises(errors.ResetNeeded, match="reset them all"):
        connection.request("step", np.array([1, 1]))
    with pytest.raises(errors.ResetNeeded, match="reset them all"):
        connection.request("reset", None, {"reset_mask": np.array([True, False])})
    connection.request("reset", 1)
    connection.request("step", np.array([1, 1]))


def test_a_refused_batch_loses_nothing(connection: Any) -> None:
    connection.request("make_vec", "CartPole-v1", {}, 2)
    connection.request("reset", 1)
    for actions in (np.array([1]), 1, np.array([[1], [1]]), np.array([7, 1])):
        with pytest.raises(errors.InvalidAction):
            connection.request("step", actions)
    connection.request("step", np.array([1, 1]))
