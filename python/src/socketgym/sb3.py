"""A vector of remote environments as Stable-Baselines3's `VecEnv`.

    from socketgym.sb3 import SocketGymVecEnv

    model = PPO("MlpPolicy", SocketGymVecEnv("CartPole-v1", num_envs=8))

Where Stable-Baselines3 is installed, the class is a `VecEnv` of its own; the interface is here in any
case. This module is imported only where it is asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from gymnasium.vector import AutoresetMode

from socketgym.errors import InvalidArgument, UnknownAttribute, UnsupportedValue
from socketgym.vector import SocketGymVectorClient
from socketgym.vector.shards import Infos

__all__ = ["SocketGymVecEnv"]

_NOT_FOR_A_VEC_ENV = ("autoreset_mode", "legacy_infos", "num_groups")
# What a goal's environment computes without a look at its state, and maskable learners ask of all.
_PURE_METHODS = ("compute_reward", "compute_terminated", "compute_truncated", "action_masks")


class _VecEnv:
    """What the class below takes from `VecEnv`, for where Stable-Baselines3 is not installed."""

    def __init__(self, num_envs: int, observation_space: Any, action_space: Any) -> None:
        self.num_envs = num_envs
        self.observation_space = observation_space
        self.action_space = action_space
        self.render_mode = self.get_attr("render_mode")[0]
        self.reset_infos: list[dict[str, Any]] = [{} for _ in range(num_envs)]
        self._seeds: list[int | None] = [None] * num_envs
        self._options: list[dict[str, Any]] = [{} for _ in range(num_envs)]

    def step(self, actions: Any) -> tuple[Any, Any, Any, list[dict[str, Any]]]:
        """Takes a step in every environment; see `step_wait`."""
        self.step_async(actions)
        return self.step_wait()

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Sets the seeds of the next reset.

        Args:
            seed: The first environment's, from which the others' count on; None for a drawn one.

        Returns:
            The seeds.
        """
        if seed is None:
            seed = int(np.random.randint(0, 2**32 - 1, dtype=np.uint32))
        self._seeds = [seed + index for index in range(self.num_envs)]
        return self._seeds

    def set_options(self, options: Any = None) -> None:
        """Sets the options of the next reset.

        Args:
            options: A dict for all environments, or a list of one for each.
        """
        options = {} if options is None else options
        self._options = [options] * self.num_envs if isinstance(options, dict) else list(options)

    if TYPE_CHECKING:

        def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
            ...

        def step_async(self, actions: Any) -> None:
            ...

        def step_wait(self) -> tuple[Any, Any, Any, list[dict[str, Any]]]:
            ...


if not TYPE_CHECKING:
    try:
        from stable_baselines3.common.vec_env import VecEnv as _VecEnv  # noqa: F811
    except ImportError:
        pass


class _SparseVector(SocketGymVectorClient):
    """Gives infos as they came, under one key, because a `VecEnv` has one dict for each."""

    def _batched(self, infos: Infos, count: int | None = None) -> dict[str, Any]:
        return {"infos": infos}

    def read(self, name: str) -> tuple[Any, ...]:
        """Reads an attribute of every environment; unlike `get_attr` it never calls a method."""
        known = self._known(name)
        return self._ask("get_attr", name) if known is None else known

    def kind_of(self, name: str) -> str | None:
        """What the environments have of a name: "method", "attribute" or nothing."""
        try:
            if self._known(name) is not None:
                return "attribute"
        except UnknownAttribute:
            return None
        if not name or "." in name:  # The server refuses to look.
            return None
        self._require_idle("has_attr")
        kind: str | None = self._whole.ask("has_attr", lambda shard: (name,))[0]
        return kind


class SocketGymVecEnv(_VecEnv):
    """A `VecEnv` of environments that SocketGym servers run, stepped by one request.

    As in every `VecEnv`, an environment whose episode ends is reset in the same step: the returned
    observation is the first of the next episode, and the info has the last one as
    `terminal_observation`, and whether the episode was cut off as `TimeLimit.truncated`. An object
    is for one thread at a time.

    Attributes:
        vector: The vector; closed with this object.
        num_envs: How many environments there are.
        observation_space: One environment's.
        action_space: One environment's.
        metadata: One environment's.
        render_mode: The mode that they were made for, or None.
        reset_infos: The infos of each environment's last reset.
    """

    def __init__(self, env_id: str = "CartPole-v1", num_envs: int = 1, **kwargs: Any) -> None:
        """Makes the environments.

        Args:
            env_id: As for `SocketGymVectorClient`.
            num_envs: How many, at least 1.
            **kwargs: Further arguments of `SocketGymVectorClient`, but for `autoreset_mode`,
                `num_groups` and `legacy_infos`.

        Raises:
            InvalidArgument: One of these three was given, or another argument is refused.
            SocketGymError: The environments could not be made.
        """
        for name in _NOT_FOR_A_VEC_ENV:
            if name in kwargs:
                raise InvalidArgument(
                    f"{name} is {kwargs[name]!r}; a VecEnv has one group, which is reset in the "
                    "same step, and infos of its own: leave it out."
                )
        self.vector = _SparseVector(
            env_id, num_envs, autoreset_mode=AutoresetMode.SAME_STEP, **kwargs
        )
        super().__init__(
            num_envs, self.vector.single_observation_space, self.vector.single_action_space
        )
        self.metadata = self.vector.metadata

    def reset(self) -> Any:
        """Starts episodes, with the seeds and options that were set for them.

        Returns:
            Observations: an array, or for Dict and Tuple spaces a dict or tuple of arrays.

        Raises:
            InvalidArgument: The environments have different options.
            SocketGymError: An environment raised an error, or a connection was lost.
        """
        options = self._options[0]
        if any(other != options for other in self._options):
            raise InvalidArgument(
                "The options differ; all environments of a vector are reset with the same."
            )
        seeds = None if self._seeds.count(None) == self.num_envs else self._seeds
        observations, batched = self.vector.reset(seed=seeds, options=dict(options) or None)
        self.reset_infos = [{} for _ in range(self.num_envs)]
        for index, info in batched["infos"]:
            self.reset_infos[index] = info
        self._seeds = [None] * self.num_envs
        self._options = [{} for _ in range(self.num_envs)]
        return observations

    def step_async(self, actions: Any) -> None:
        """Asks for a step, which `step_wait` returns.

        Args:
            actions: A batch of actions.
        """
        self.vector.send(actions)

    def step_wait(self) -> tuple[Any, Any, Any, list[dict[str, Any]]]:
        """Waits for the step.

        Returns:
            Observations, rewards (float32), whose episodes are over (bool), and a dict of infos for
            each environment.

        Raises:
            SocketGymError: An environment raised an error, or a connection was lost.
        """
        observations, rewards, terminations, truncations, batched = self.vector.recv()
        over = terminations | truncations
        cut_off = (truncations & ~terminations).tolist()
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        lasts: dict[int, Any] = {}
        for index, info in batched.get("infos", ()):
            if not over[index]:
                infos[index] = info
            elif index not in lasts:
                infos[index], lasts[index] = info["final_info"], info["final_obs"]
                self.reset_infos[index] = {}
            else:
                self.reset_infos[index] = info
        for index, info in enumerate(infos):
            info["TimeLimit.truncated"] = cut_off[index]
        for index, last in lasts.items():
            infos[index]["terminal_observation"] = last
        return observations, rewards.astype(np.float32), over, infos

    def close(self) -> None:
        """Ends the environments; may be called again."""
        self.vector.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """Reads an attribute of some environments.

        Args:
            attr_name: A public name.
            indices: Which environments; None for all.

        Returns:
            The values; for a method functions that call it, as `env_method` does for one index.

        Raises:
            UnknownAttribute: There is no such attribute; an `AttributeError`.
            UnsupportedValue: A value cannot travel.
        """
        chosen = self._indices(indices)
        if attr_name == "render_mode":
            return [self.vector.render_mode for _ in chosen]
        try:
            values = self.vector.read(attr_name)
        except UnsupportedValue:
            if self.vector.kind_of(attr_name) != "method":
                raise
            return [functools.partial(self._call_one, attr_name, index) for index in chosen]
        return [values[index] for index in chosen]

    def has_attr(self, attr_name: str) -> bool:
        """Tells whether the environments have an attribute or a method; none is called.

        Args:
            attr_name: A name; they have no private one.

        Returns:
            Whether they have it.
        """
        return attr_name == "render_mode" or self.vector.kind_of(attr_name) is not None

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Sets an attribute of some environments to one value.

        Args:
            attr_name: A public name; where not all environments are meant, they have to have it.
            value: The value.
            indices: Which environments; None for all.
        """
        chosen = set(self._indices(indices))
        values = [value] * self.num_envs
        if len(chosen) < self.num_envs:
            old = self.vector.read(attr_name)
            values = [value if index in chosen else old[index] for index in range(self.num_envs)]
        self.vector.set_attr(attr_name, values)

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        """Calls a method of the environments.

        Args:
            method_name: A public name.
            *method_args: Positional arguments.
            indices: Which results are wanted; None for all. A vector calls a method in all its
                environments, so others than all are taken for `compute_reward` and its like only.
            **method_kwargs: Keyword arguments.

        Returns:
            What each returned.

        Raises:
            InvalidArgument: `indices` names a part of the environments.
        """
        chosen = self._indices(indices)
        if len(set(chosen)) < self.num_envs and method_name not in _PURE_METHODS:
            raise InvalidArgument(
                f"indices is {indices!r}; a vector calls {method_name!r} in all its environments."
            )
        results = self.vector.call(method_name, *method_args, **method_kwargs)
        return [results[index] for index in chosen]

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        """Tells that no environment is wrapped here: their wrappers are the server's.

        Args:
            wrapper_class: The wrapper.
            indices: Which environments; None for all.

        Returns:
            False for each.
        """
        return [False for _ in self._indices(indices)]

    def get_images(self) -> Sequence[Any]:
        """Draws every environment.

        Returns:
            A frame for each; None for all where they were not made for `rgb_array`.
        """
        if self.vector.render_mode != "rgb_array":
            return [None] * self.num_envs
        return list(self.vector.render() or ())

    def _call_one(self, name: str, index: int, *args: Any, **kwargs: Any) -> Any:
        return self.env_method(name, *args, indices=index, **kwargs)[0]

    def _indices(self, indices: Any) -> Sequence[int]:
        if indices is None:
            return range(self.vector.num_envs)
        return [indices] if isinstance(indices, int) else list(indices)
