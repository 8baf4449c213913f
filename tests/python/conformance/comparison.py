"""Remote environments walked beside local ones."""

from __future__ import annotations

from typing import Any

import gymnasium
from identical import assert_identical
from raw_clients import PickleConnection


class PickleEnvironment:
    """An environment over the pickle dialect, with Gymnasium's calls."""

    def __init__(self, env_id: str, address: str, **kwargs: Any) -> None:
        self.connection = PickleConnection(address)
        self.made = self.connection.call(
            "make", {"env_id": env_id, "env_type": None, "kwargs": kwargs}
        )

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, Any]:
        reply = self.connection.call("reset", {"seed": seed, "options": options})
        return reply["observation"], reply["info"]

    def step(self, action: Any) -> tuple[Any, ...]:
        reply = self.connection.call("step", {"action": action})
        return tuple(
            reply[key] for key in ("observation", "reward", "terminated", "truncated", "info")
        )

    def render(self) -> Any:
        return self.connection.call("render")["image"]

    def close(self) -> None:
        self.connection.call("close")
        self.connection.socket.close()


def bare(env_id: str) -> str:
    """The id without a prefix of ours."""
    return env_id.split(":")[-1]


def compare(
    remote: Any, local: gymnasium.Env[Any, Any], steps: int, action_dtype: Any = None
) -> None:
    """Walks both through the same seeds and actions, which are arrays of a dtype where one is given."""
    assert_identical(remote.reset(seed=42), local.reset(seed=42), "reset")
    local.action_space.seed(7)
    for number in range(steps):
        action = local.action_space.sample()
        if action_dtype is not None:
            action = action.astype(action_dtype)
        ours, theirs = remote.step(action), local.step(action)
        assert_identical(ours, theirs, f"step {number}")
        if theirs[2] or theirs[3]:
            seed = None if number % 2 else number
            assert_identical(
                remote.reset(seed=seed), local.reset(seed=seed), f"reset after step {number}"
            )
