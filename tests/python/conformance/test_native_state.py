"""States of native environments: a client keeps one, branches, and goes back to it exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from identical import assert_identical
from socketgym import SocketGymClient, errors


def play(env: SocketGymClient, seed: int) -> list[Any]:
    """What the same 60 actions give, with a reset wherever an episode ends."""
    received = []
    for action in np.random.default_rng(seed).integers(0, int(env.action_space.n), 60):
        received.append(env.step(int(action)))
        if received[-1][2] or received[-1][3]:
            received.append(env.reset())
    return received


@pytest.mark.parametrize(
    ("env_id", "kwargs"),
    [("native:CartPole-v1", {}), ("native:Taxi-v4", {"is_rainy": True, "fickle_passenger": True})],
)
def test_a_client_branches_and_goes_back(server: Any, env_id: str, kwargs: dict[str, Any]) -> None:
    with (
        SocketGymClient(env_id, address=server.address, **kwargs) as env,
        SocketGymClient(env_id, address=server.address, **kwargs) as another,
    ):
        env.reset(seed=5)
        play(env, 1)
        state = env.call("get_state")
        expected = play(env, 2)
        play(env, 3)
        assert env.call("set_state", state) is None
        assert_identical(env.call("get_state"), state, "the state")
        assert_identical(play(env, 2), expected, "the same environment")
        assert another.call("set_state", state=state) is None
        assert_identical(play(another, 2), expected, "another environment")


def test_a_state_of_something_else_is_refused(server: Any) -> None:
    with (
        SocketGymClient("native:CartPole-v1", address=server.address) as env,
        SocketGymClient("native:Taxi-v4", address=server.address) as another,
    ):
        env.reset(seed=5)
        state = env.call("get_state")
        for wrong in (None, {}, {**state, "own": "none"}, another.call("get_state")):
            with pytest.raises(errors.InvalidArgument):
                env.call("set_state", wrong)
        assert_identical(env.call("get_state"), state, "the state")
