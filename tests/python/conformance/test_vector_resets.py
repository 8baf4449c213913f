"""Resets by mask where environments lie in several sessions: what was left out keeps its observation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import socketgym_test_envs  # noqa: F401  (registers its environments here, too)
from fake_server import FakeServer, error_reply, reply
from gymnasium.vector import AutoresetMode
from identical import assert_identical
from socketgym import SocketGymVectorClient, errors
from test_vector_client import local_of
from test_vector_servers import vector_of


def flat(observations: Any) -> Any:
    return list(observations.values()) if isinstance(observations, dict) else [observations]


@pytest.mark.parametrize("copies", [True, False])
@pytest.mark.parametrize("servers", [1, 2])
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize(
    "env_id", ["CartPole-v1", "SocketGymTest/Dict-v0", "SocketGymTest/Text-v0"]
)
def test_steps_by_groups_are_kept(
    server: Any, env_id: str, groups: int, servers: int, copies: bool
) -> None:
    local = local_of(env_id, 4, AutoresetMode.DISABLED, copy=copies)
    remote = SocketGymVectorClient(
        env_id,
        4,
        address=[server.address] * servers,
        num_groups=groups,
        autoreset_mode="Disabled",
        copy=copies,
    )
    assert_identical(remote.reset(seed=3), local.reset(seed=3))
    local.action_space.seed(5)
    for number, mask in enumerate(([1, 1, 0, 0], [0, 0, 0, 1], [0, 1, 1, 0], [1, 1, 1, 1])):
        for _ in range(2):
            actions = local.action_space.sample()
            expected = local.step(actions)
            parts = [np.arange(4)[part] for part in remote.groups]
            for group, part in enumerate(parts):
                remote.send(taken(actions, part), group)
            for part in parts:
                received = remote.recv()
                assert_identical(received[0], taken(expected[0], part), f"{number}")
                if copies:  # The caller's own.
                    for array in flat(received[0]):
                        if isinstance(array, np.ndarray):
                            array[...] = 0
        masks = [{"reset_mask": np.array(mask, bool)} for _ in range(2)]
        assert_identical(
            remote.reset(seed=number, options=masks[0]), local.reset(seed=number, options=masks[1])
        )
        actions = local.action_space.sample()
        assert_identical(remote.step(actions), local.step(actions))
    remote.close()
    local.close()


def taken(batch: Any, part: Any) -> Any:
    if isinstance(batch, dict):
        return {key: taken(item, part) for key, item in batch.items()}
    if isinstance(batch, np.ndarray):
        return batch[part].copy()
    return tuple(batch[index] for index in part)


@pytest.mark.parametrize(
    "env_id", ["CartPole-v1", "SocketGymTest/Dict-v0", "SocketGymTest/Text-v0"]
)
def test_a_mask_before_the_first_reset(server: Any, env_id: str) -> None:
    remote = SocketGymVectorClient(env_id, 4, address=[server.address] * 2)
    with pytest.raises(errors.ResetNeeded, match="leaves out environments 2 to 3"):
        remote.reset(options={"reset_mask": np.array([True, True, False, False])})
    remote.reset(seed=1)
    remote.close()


def test_a_mask_behind_an_error() -> None:
    def answer(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        if method == "step" and list(params[0]) == [1, 1]:
            return [error_reply(request_id, "EnvironmentFault")]
        return None

    with FakeServer(vector_of(2, answer), everything=True) as server:
        vector = SocketGymVectorClient(num_envs=4, address=server.address, num_groups=2)
        vector.reset()
        vector.send(np.array([1, 1]), group=1)
        with pytest.raises(errors.EnvironmentFault):
            vector.recv()
        first, second = (np.array([True] * 2 + [False] * 2), np.array([False] * 2 + [True] * 2))
        with pytest.raises(errors.ResetNeeded, match="leaves out environments 2 to 3"):
            vector.reset(options={"reset_mask": first})
        vector.reset(options={"reset_mask": second})
        vector.reset(options={"reset_mask": first})
        vector.close()


def test_without_autoreset_no_server_steps_where_one_must_not(server: Any) -> None:
    remote = SocketGymVectorClient(
        "CartPole-v1", 4, address=[server.address] * 2, autoreset_mode="Disabled"
    )
    remote.reset(seed=1)
    over = np.zeros(4, bool)
    while not over.any():
        *_, terminations, truncations, _ = remote.step(np.array([0, 1, 0, 0]))
        over = terminations | truncations
    remote.reset(seed=5, options={"reset_mask": over})
    over[:] = False
    while not over.any():
        observations, _, over, *_ = remote.step(np.array([1, 0, 1, 0]))
    with pytest.raises(errors.ResetNeeded, match=f"environment {over.argmax()} is over"):
        remote.step(np.ones(4, int))
    after = remote.reset(options={"reset_mask": over})[0]  # Nothing was stepped.
    assert_identical(after[~over], observations[~over])
    remote.step(np.ones(4, int))
    remote.close()


@pytest.mark.parametrize(
    ("env_id", "count"), [("CartPole-v1", 4), ("CartPole-v1", 4000), ("SocketGymTest/Dict-v0", 4)]
)
def test_without_copies_all_lies_in_one_batch(server: Any, env_id: str, count: int) -> None:
    remote = SocketGymVectorClient(
        env_id, count, address=[server.address] * 2, num_groups=2, copy=False
    )
    whole = remote.reset(seed=1)[0]
    actions = remote.action_space.sample()
    for _ in range(3):
        assert remote.step(actions)[0] is whole
    handed = []
    for _ in range(3):
        for group, part in enumerate(remote.groups):
            remote.send(taken(actions, range(part.start, part.stop)), group)
            handed.append(remote.recv()[0])
            for array, own in zip(flat(handed[-1]), flat(whole)):
                assert np.shares_memory(array, own[part]) and array.shape == own[part].shape
    assert all(batch is handed[index % 2] for index, batch in enumerate(handed))
    remote.close()


@pytest.mark.parametrize("shape", [(3, 2), (2, 3)])
def test_observations_of_another_shape_end_the_vector(shape: tuple[int, int]) -> None:
    def answer(server: FakeServer, request_id: int, method: str, params: list[Any]) -> Any:
        return [reply(request_id, [np.zeros(shape, np.float32), []])] if method == "reset" else None

    with FakeServer(vector_of(2, answer), everything=True) as server:
        vector = SocketGymVectorClient(num_envs=4, address=[server.address] * 2)
        with pytest.raises(errors.MalformedMessage, match="no batch"):
            vector.reset()
        with pytest.raises(errors.ConnectionLost):
            vector.reset()
        vector.close()
