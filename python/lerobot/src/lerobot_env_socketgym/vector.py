"""Remote environments that step at the same time."""

from __future__ import annotations

import concurrent.futures
import functools
from collections.abc import Callable, Sequence
from typing import Any, cast

import gymnasium
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import iterate

__all__ = ["ConcurrentVectorEnv"]


class ConcurrentVectorEnv(SyncVectorEnv):
    """A `SyncVectorEnv` whose environments are asked all at once.

    They run on a server, so nothing is needed here but a thread each to wait in; LeRobot's own
    asynchronous vector environment would start a process each. What it returns is what
    `SyncVectorEnv` returns. Where one environment raises an error in a step, the others have taken
    that step, too.
    """

    def __init__(self, env_fns: Sequence[Callable[[], gymnasium.Env[Any, Any]]]) -> None:
        """Makes the environments, one after the other.

        Args:
            env_fns: What makes each; no two may share a connection.
        """
        super().__init__(
            [functools.partial(_make_ahead, make) for make in env_fns],
            autoreset_mode=AutoresetMode.SAME_STEP,
        )
        self._threads = concurrent.futures.ThreadPoolExecutor(self.num_envs, "socketgym")

    def reset(
        self,
        *,
        seed: int | list[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Starts an episode in every environment; see `SyncVectorEnv`."""
        seeds: Sequence[int | None]
        if isinstance(seed, int):
            seeds = range(seed, seed + self.num_envs)
        else:
            seeds = [None] * self.num_envs if seed is None else seed
        if not (options and "reset_mask" in options):
            for env, own in zip(self._members(), seeds):
                env.begin(self._threads, env.env.reset, seed=own, options=options)
        return super().reset(seed=seed, options=options)

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Takes a step in every environment; see `SyncVectorEnv`."""
        for env, action in zip(self._members(), iterate(self.action_space, actions)):
            env.begin(self._threads, env.env.step, action)
        return super().step(actions)

    def close_extras(self, **kwargs: Any) -> None:
        """Closes the environments and ends the threads."""
        super().close_extras(**kwargs)
        self._threads.shutdown()

    def _members(self) -> list[_Ahead]:
        return cast("list[_Ahead]", self.envs)


class _Ahead(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Returns the reset or the step that was begun, where one was."""

    _begun: concurrent.futures.Future[Any] | None = None

    def begin(
        self,
        threads: concurrent.futures.Executor,
        method: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if self._begun is not None:
            # Another environment's error came first, so nobody has taken this one's answer.
            concurrent.futures.wait([self._begun])
        self._begun = threads.submit(method, *args, **kwargs)

    def reset(self, **kwargs: Any) -> Any:
        return self._take() if self._begun is not None else self.env.reset(**kwargs)

    def step(self, action: Any) -> Any:
        return self._take() if self._begun is not None else self.env.step(action)

    def _take(self) -> Any:
        begun, self._begun = self._begun, None
        assert begun is not None
        return begun.result()


def _make_ahead(make: Callable[[], gymnasium.Env[Any, Any]]) -> _Ahead:
    return _Ahead(make())
