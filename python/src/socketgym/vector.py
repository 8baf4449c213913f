"""Several remote environments as one `gymnasium.vector.VectorEnv`, stepped at once."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from typing import Any

import gymnasium
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import iterate
from gymnasium.wrappers import TimeLimit

from socketgym.client import SocketGymClient
from socketgym.errors import InvalidArgument

__all__ = ["SocketGymVectorEnv"]


class SocketGymVectorEnv(SyncVectorEnv):
    """A vector of remote environments, each a session of its own.

    A step asks every environment before it waits for the first, so they run at the same time and a
    step takes as long as the slowest. Everything else is Gymnasium's `SyncVectorEnv`: what it
    returns for the same environments, this returns.

    Where one environment raises an error in a step, the others have taken that step too, and what
    they returned is lost; reset before going on. After an exception such as `KeyboardInterrupt`
    the connections on which replies were due are closed.
    """

    def __init__(
        self,
        num_envs: int = 1,
        env_id: str = "CartPole-v1",
        env_type: str | None = None,
        *,
        address: str | Sequence[str] | None = None,
        max_episode_steps: int | None = None,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        observation_mode: Any = "same",
        copy: bool = True,
        **kwargs: Any,
    ) -> None:
        """Makes the environments, one after the other.

        Args:
            num_envs: How many, at least 1.
            env_id: As for `SocketGymClient`.
            env_type: As for `SocketGymClient`.
            address: As for `SocketGymClient`; or several, among which the environments are dealt
                out in turn.
            max_episode_steps: Steps after which an episode is truncated, counted here in place of
                the server's limit; -1 for no limit, None for the server's. `gymnasium.make_vec`
                gives the spec's.
            autoreset_mode: When an environment whose episode is over is reset.
            observation_mode: As for `SyncVectorEnv`.
            copy: Whether observations returned are the caller's own.
            **kwargs: Further arguments of `SocketGymClient`.

        Raises:
            InvalidArgument: `num_envs` is less than 1, or an address is none.
            ConnectionFailed: The server could not be reached.
            SocketGymError: Anything else that keeps the environments from being made.
        """
        if num_envs < 1:
            raise InvalidArgument(f"num_envs is {num_envs}; at least 1 environment is needed.")
        addresses = [address] if address is None or isinstance(address, str) else list(address)
        if not addresses:
            raise InvalidArgument("The list of addresses is empty; leave it out for the default.")
        if max_episode_steps is not None:
            kwargs["remote_time_limit"] = False
        make = functools.partial(_make_member, max_episode_steps, env_id, env_type, **kwargs)
        super().__init__(
            [
                functools.partial(make, address=addresses[index % len(addresses)])
                for index in range(num_envs)
            ],
            copy=copy,
            observation_mode=observation_mode,
            autoreset_mode=autoreset_mode,
        )

    def reset(
        self,
        *,
        seed: int | list[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Starts episodes in all environments, or in those of `options["reset_mask"]`.

        Args:
            seed: None; a seed for the first environment, from which the others' count on; or a list
                of one each.
            options: Passed on to every environment, but for `reset_mask`, an array of `num_envs`
                bools.

        Returns:
            Observations and infos, batched.

        Raises:
            SocketGymError: An environment raised an error, or its connection failed.
        """
        seeds = [seed + i for i in range(self.num_envs)] if isinstance(seed, int) else seed
        mask = None if options is None else options.get("reset_mask")
        sizes = [len(given) for given in (seeds, mask) if given is not None]
        try:
            if sizes.count(self.num_envs) == len(sizes):  # Else SyncVectorEnv says what is wrong.
                self._begin_reset(seeds, mask, options)
            return super().reset(seed=seed, options=options)
        except BaseException as error:
            self._settle(error)
            raise

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Takes a step in every environment.

        Args:
            actions: A batch of actions, as `action_space` samples it.

        Returns:
            Observations, rewards, terminations, truncations and infos, batched.

        Raises:
            SocketGymError: An environment raised an error, or its connection failed.
        """
        try:
            self._begin_step(actions)
            return super().step(actions)
        except BaseException as error:
            self._settle(error)
            raise

    def _members(self) -> list[_Member]:
        members: list[Any] = [env.unwrapped for env in self.envs]
        return members

    def _begin_reset(self, seeds: Any, mask: Any, options: dict[str, Any] | None) -> None:
        if options is not None:
            options = {name: value for name, value in options.items() if name != "reset_mask"}
        for index, member in enumerate(self._members()):
            if mask is None or mask[index]:
                member.begin_reset(None if seeds is None else seeds[index], options)

    def _begin_step(self, actions: Any) -> None:
        members, mode = self._members(), self.autoreset_mode
        each = zip(members, iterate(self.action_space, actions), self._autoreset_envs)
        for member, action, is_over in each:
            if mode == AutoresetMode.SAME_STEP or not is_over:
                member.begin_step(action)
            elif mode == AutoresetMode.NEXT_STEP:
                member.begin_reset(None, None)

    def _settle(self, error: BaseException) -> None:
        """Leaves no reply for the next request to find, after an error on the way to them."""
        for member in self._members():
            member.settle(wait=isinstance(error, Exception))


class _Member(SocketGymClient):
    """A client that can be asked for a step or an episode before anybody waits for it."""

    def begin_reset(self, seed: int | None, options: dict[str, Any] | None) -> None:
        self._connection.begin_reset(seed, options)

    def begin_step(self, action: Any) -> None:
        self._connection.begin_step(action)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        if not self._connection.is_busy:
            return super().reset(seed=seed, options=options)
        gymnasium.Env.reset(self, seed=seed)
        return self._connection.end_reset()

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        if not self._connection.is_busy:
            return super().step(action)
        return self._connection.end_step()

    def settle(self, wait: bool) -> None:
        if self._connection.is_busy:
            if not wait:
                self._connection.close()
                return
            with contextlib.suppress(Exception):
                self._connection.end_step()


def _make_member(
    max_episode_steps: int | None, env_id: str, env_type: str | None, **kwargs: Any
) -> gymnasium.Env[Any, Any]:
    member = _Member(env_id, env_type, **kwargs)
    if max_episode_steps is None or max_episode_steps == -1:
        return member
    return TimeLimit(member, max_episode_steps)
