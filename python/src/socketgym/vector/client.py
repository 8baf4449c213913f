"""A vector of remote environments as a `gymnasium.vector.VectorEnv`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import error as gymnasium_error
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from socketgym.errors import ClosedEnvironment, InvalidArgument, UnknownAttribute
from socketgym.making import refuse_human, stated
from socketgym.specs import RemoteSpec, spec_of_client, spec_of_single, spec_of_vector
from socketgym.vector.arguments import check_count, mask_of, mode_of, seeds_of
from socketgym.vector.legacy import LegacyInfos
from socketgym.vector.sessions import (
    VectorDescription,
    connect,
    end_sessions,
    make_groups,
    make_sessions,
    portions,
    resolve_addresses,
)
from socketgym.vector.shards import Infos, ShardGroup

__all__ = ["SocketGymVectorClient"]

Step = tuple[Any, Any, Any, Any, dict[str, Any]]
_RESET_MASK = "reset_mask"


class SocketGymVectorClient(VectorEnv[Any, Any, Any]):
    """Several environments that SocketGym servers run and step as one.

    Everything that `reset` and `step` return has the types, dtypes, shapes and bytes that
    Gymnasium's `SyncVectorEnv` returns for the same environments, in all three modes of resetting,
    and also where the environments are spread over several servers. A step is one request to each
    server.

    An object is for one thread at a time. A copy, whether by `copy.deepcopy` or by pickle, is a new
    vector on connections of its own. A forked process cannot use its parent's.

    Where an environment raises an error, the others may have taken the step, and their results are
    lost: the next step is `ResetNeeded` until all are reset. Where the connection to a server ends,
    also by an exception such as `KeyboardInterrupt` in the middle of a request, the error names it,
    all connections are closed, and every further use raises `ConnectionLost`.

    Attributes:
        num_envs: How many environments there are.
        observation_space: The batched space of observations.
        action_space: The batched space of actions.
        single_observation_space: A space that equals one environment's own.
        single_action_space: The same for actions.
        metadata: One environment's metadata, with `autoreset_mode`, and without the render mode
            "human".
        render_mode: The mode that the environments were made for, or None.
        remote_spec: How the server made one environment, or None where it does not say.
        autoreset_mode: When an environment whose episode is over is reset.
        copy: Whether observations are new in each step.
        groups: Where each group's environments lie in a batch.
        addresses: The server of each environment.
    """

    def __init__(
        self,
        env_id: str = "CartPole-v1",
        num_envs: int = 1,
        env_type: str | None = None,
        host: str | None = None,
        port: int | None = None,
        *,
        address: str | Sequence[str] | None = None,
        max_episode_steps: int | None = None,
        autoreset_mode: str | AutoresetMode | None = None,
        copy: bool = True,
        num_groups: int = 1,
        workers: int | None = None,
        legacy_infos: bool = False,
        timeout: float | None = None,
        connect_timeout: float | None = None,
        remote_time_limit: bool = True,
        shared_memory: bool | None = None,
        compression: bool = False,
        **env_kwargs: Any,
    ) -> None:
        """Connects to the servers and makes the environments there.

        Args:
            env_id: What `gymnasium.make` takes; `native:` or `python:` in front chooses who makes
                the environments.
            num_envs: How many, at least 1.
            env_type: As for `SocketGymClient`.
            host: As for `SocketGymClient`.
            port: As for `SocketGymClient`.
            address: As for `SocketGymClient`; or several, over which the environments are spread:
                each server has a range of neighbouring ones of each group.
            max_episode_steps: Steps after which an episode is truncated, in place of the server's
                limit; -1 for no limit, None for the server's. `gymnasium.make_vec` gives the
                spec's.
            autoreset_mode: When an environment whose episode is over is reset: an
                `AutoresetMode` or its value. `NEXT_STEP` unless given; with `legacy_infos` it is
                `SAME_STEP`.
            copy: With False, the observations of all steps and resets are in the same arrays, which
                the next one overwrites. Rewards and flags are new in any case.
            num_groups: Into how many groups of neighbouring environments they are divided, which
                can be stepped by themselves; see `send`. Each has connections of its own.
            workers: Among how many threads or processes a server divides them; None leaves that to
                it.
            legacy_infos: Whether infos are as Gymnasium 0.29 had them; see `LegacyInfos`.
            timeout: The longest wait in seconds for each reply; None for no limit.
            connect_timeout: The longest wait for each connection; `timeout` unless given.
            remote_time_limit: With False, `max_episode_steps` of None is no limit, too.
            shared_memory: As for `SocketGymClient`.
            compression: As for `SocketGymClient`.
            **env_kwargs: Keyword arguments for `gymnasium.make` on the server. For `render_mode`
                see `SocketGymClient`.

        Raises:
            ConnectionFailed: A server could not be reached.
            UnknownEnvironment: A server has no environment of this id.
            UnsupportedRenderMode: The environment has no such mode, or it is "human".
            InvalidArgument: An argument is refused, or the servers' environments differ.
            SocketGymError: Anything else that keeps the environments from being made.
        """
        refuse_human(env_kwargs.get("render_mode"))
        num_envs = check_count("num_envs", num_envs)
        num_groups = check_count("num_groups", num_groups, num_envs)
        servers = resolve_addresses(host, port, address)
        self.autoreset_mode = mode_of(autoreset_mode, legacy_infos)
        self.num_envs = num_envs
        self.copy = copy
        given = stated(
            env_type=env_type,
            timeout=timeout,
            connect_timeout=connect_timeout,
            workers=workers,
            shared_memory=shared_memory,
            copy=copy,
            remote_time_limit=remote_time_limit,
            legacy_infos=legacy_infos,
            compression=compression,
            num_groups=num_groups,
        )
        given["autoreset_mode"] = self.autoreset_mode.value
        self._arguments: dict[str, Any] = {
            "env_id": env_id,
            "num_envs": num_envs,
            "max_episode_steps": max_episode_steps,
            "host": host,
            "port": port,
            "address": address,
            **given,
            **env_kwargs,
        }
        limit = -1 if max_episode_steps is None and not remote_time_limit else max_episode_steps
        sizes = portions(num_envs, num_groups)
        opened = connect(servers, sizes, timeout, connect_timeout, shared_memory, compression)
        self._opened = [connection for connection, _, _ in opened]
        where = str(servers[0]) if len(servers) == 1 else [str(server) for server in servers]
        kwargs: dict[str, Any] = {"address": where, **given, **env_kwargs}
        if max_episode_steps is not None:
            kwargs["max_episode_steps"] = max_episode_steps
        self._seeds: list[int | None] = [None] * num_envs
        self._legacy = LegacyInfos(num_envs) if legacy_infos else None
        try:
            options = {"autoreset_mode": self.autoreset_mode.value, "workers": workers}
            remote_id = env_id if env_type is None else f"gym_{env_type}:{env_id}"
            shards, made = make_sessions(opened, remote_id, env_kwargs, options, limit)
            self.spec = spec_of_vector(made.spec, env_id, num_envs, kwargs)
            self._take_description(made)
            self._standing, self._whole, self._groups = make_groups(
                shards, sizes, made, copy, self.autoreset_mode
            )
        except BaseException:
            self._disconnect()
            raise
        self.addresses = tuple(
            shard.address for shard in shards for _ in range(shard.start, shard.stop)
        )
        self.groups = tuple(slice(group.start, group.stop) for group in self._groups)
        self._in_flight: list[int] = []

    def _take_description(self, made: VectorDescription) -> None:
        self.single_observation_space = made.observation_space
        self.single_action_space = made.action_space
        self.observation_space = batch_space(made.observation_space, self.num_envs)
        self.action_space = batch_space(made.action_space, self.num_envs)
        self.metadata = {**made.metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = made.render_mode
        self.remote_spec: RemoteSpec | None = made.spec

    @property
    def shares_memory(self) -> bool:
        """Whether all connections go through memory shared with their servers."""
        return all(connection.shares_memory for connection in self._opened)

    @property
    def compresses(self) -> bool:
        """Whether requests and replies are compressed on all connections."""
        return all(connection.compresses for connection in self._opened)

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Starts episodes in all environments, or in those of `options["reset_mask"]`.

        Args:
            seed: None; a seed for the first environment, from which the others' count on; or one
                or None for each.
            options: Passed on to every environment, but for `reset_mask`, an array of `num_envs`
                bools, which is taken out of the dict, as Gymnasium's vectors do.

        Returns:
            Observations and infos, batched. Environments that are not reset keep their observation.

        Raises:
            InvalidArgument: Seeds or mask do not fit; an `AssertionError`, as Gymnasium's is.
            SocketGymError: An environment raised an error, or a connection was lost.
        """
        self._require_idle("reset")
        seeds = seeds_of(seed, self.num_envs)
        mask = None
        if options is not None and _RESET_MASK in options:
            # Out of the caller's dict, as Gymnasium's vectors take it; its wrappers look whether it
            # is gone.
            mask = mask_of(options.pop(_RESET_MASK), self.num_envs)
        observations, infos = self._whole.reset(seeds, options, mask)
        if seeds is not None:
            for index, own in enumerate(seeds):
                if own is not None and (mask is None or mask[index]):
                    self._seeds[index] = own
        if self._legacy is not None:
            self._legacy.start(mask)
            return observations, self._legacy.batched(infos)
        return observations, self._batched(infos)

    def step(self, actions: Any) -> Step:
        """Takes a step in every environment.

        Args:
            actions: A batch of actions, as `action_space` samples it. It reaches the environments
                with its types and dtypes.

        Returns:
            Observations, rewards (float64), terminations and truncations (bool), each with a first
            axis of `num_envs`, and infos. For spaces that have no arrays the observations are a
            tuple.

        Raises:
            UnsupportedValue: The actions cannot be encoded; nothing was sent.
            InvalidAction: They are no batch, and nothing was lost; or an environment refused its
                action, and then others may have taken theirs.
            ResetNeeded: Not all environments are in an episode, or in `DISABLED` one's is over.
            SocketGymError: Another error of an environment, or a connection was lost.
        """
        if self._in_flight:
            self._require_idle("step")
        *arrays, infos = self._whole.step(actions)
        return self._result(arrays, infos, self._whole)

    def send(self, actions: Any, group: int = 0) -> None:
        """Asks a group for a step without waiting for it; `recv` returns it.

        Other groups may be asked meanwhile, so that environments run while actions for others are
        computed.

        Args:
            actions: A batch of actions for the environments `groups[group]`.
            group: The group's number.

        Raises:
            gymnasium.error.AlreadyPendingCallError: The group's last step was not received.
            InvalidArgument: There is no such group.
            SocketGymError: As for `step`; what the environments raise, `recv` does.
        """
        if not isinstance(group, (int, np.integer)) or not 0 <= group < len(self._groups):
            raise InvalidArgument(
                f"group is {group!r}; there are {len(self._groups)}, numbered from 0."
            )
        due = self._due()
        if group in due:
            raise gymnasium_error.AlreadyPendingCallError(
                f"Group {group} was sent actions before; receive that step first.", "send"
            )
        # First, so that no Ctrl-C comes between a request and the note of it.
        self._in_flight = [*due, int(group)]
        self._groups[group].send(actions)

    def recv(self, group: int | None = None) -> Step:
        """Waits for a step that `send` asked for.

        Args:
            group: The group's number; None for the one that was sent first.

        Returns:
            As `step`, for the group's environments alone.

        Raises:
            gymnasium.error.NoAsyncCallError: No step is due.
            SocketGymError: As for `step`; or the vector was closed.
        """
        if self.closed:
            raise ClosedEnvironment("The vector was closed; make a new one.")
        self._standing.require_sessions()
        due = self._due()
        if not due or group not in (None, *due):
            which = "any group" if group is None else f"group {group!r}"
            raise gymnasium_error.NoAsyncCallError(f"Nothing was sent to {which}.", "recv")
        number = due[0] if group is None else group
        *arrays, infos = self._groups[number].receive()
        self._in_flight.remove(number)
        return self._result(arrays, infos, self._groups[number])

    def render(self) -> tuple[Any, ...] | None:
        """Draws every environment.

        Returns:
            A tuple of what each environment's `render` returned.

        Raises:
            UnsupportedRenderMode: They were made without a mode.
            SocketGymError: Another error of an environment, or a connection was lost.
        """
        return self._ask("render")

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Calls a method of every environment, or reads what cannot be called.

        Args:
            name: A public name; the environments' wrappers are searched first.
            *args: Positional arguments; they arrive as copies.
            **kwargs: Keyword arguments.

        Returns:
            A tuple of what each returned.

        Raises:
            UnknownAttribute: There is no such attribute; an `AttributeError`.
            UnsupportedValue: An argument or a result cannot travel.
            SocketGymError: Another error of an environment, or a connection was lost.
        """
        if name == "render":
            return self.render() or ()
        known = self._known(name)
        return self._ask("call", name, list(args), kwargs) if known is None else known

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Reads an attribute of every environment.

        Args:
            name: A public name; the environments' wrappers are searched first.

        Returns:
            A tuple of the values.

        Raises:
            UnknownAttribute: There is no such attribute; an `AttributeError`.
            UnsupportedValue: A value cannot travel.
            SocketGymError: Another error of an environment, or a connection was lost.
        """
        return self.call(name)

    def set_attr(self, name: str, values: list[Any] | tuple[Any, ...] | Any) -> None:
        """Sets an attribute of every environment.

        Args:
            name: A public name.
            values: A list or tuple of one value for each environment; anything else is the value
                for all.

        Raises:
            ValueError: A list or tuple has another length.
            UnknownAttribute: The attribute cannot be set; an `AttributeError`.
            SocketGymError: Another error of an environment, or a connection was lost.
        """
        if not isinstance(values, (list, tuple)):
            values = [values] * self.num_envs
        if len(values) != self.num_envs:
            raise InvalidArgument(
                f"There are {len(values)} values for {self.num_envs} environments; give a list or "
                "tuple with one for each, or a single value."
            )
        self._require_idle("set_attr")
        each = list(values)
        self._whole.ask("set_attr", lambda shard: (name, each[shard.start : shard.stop], True))

    @property  # type: ignore[override]
    def np_random_seed(self) -> tuple[int, ...]:
        """The seeds that the environments were reset with last; a drawn one where there was none."""
        for index, seed in enumerate(self._seeds):
            if seed is None:
                self._seeds[index] = seeding.np_random()[1]
        return tuple(seed for seed in self._seeds if seed is not None)

    @property  # type: ignore[override,misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:
        """Generators seeded as the environments' were; these draw from their own on the server."""
        return tuple(seeding.np_random(seed)[0] for seed in self.np_random_seed)

    def close_extras(self, **kwargs: Any) -> None:
        """Closes the environments and the connections.

        Args:
            **kwargs: What `close` was given; not used.

        Raises:
            EnvironmentFault: An environment raised an exception while it closed. All are closed all
                the same.
        """
        self._in_flight.clear()
        self._standing.lost = None
        self.closed = True
        end_sessions(self._opened)

    def __del__(self) -> None:
        # Without a request, which could block or fail: a server closes the environments when their
        # connection ends.
        self._disconnect()

    def __reduce__(self) -> tuple[Any, ...]:
        return _make_again, (type(self), self._arguments, self.spec)

    def _disconnect(self) -> None:
        for connection in getattr(self, "_opened", ()):
            connection.close()

    def _due(self) -> list[int]:
        """The groups whose step was sent and not received, in the order of sending."""
        return [number for number in self._in_flight if self._groups[number].is_due]

    def _require_idle(self, method: str) -> None:
        self._standing.require_sessions()
        due = self._due()
        if due:
            raise gymnasium_error.AlreadyPendingCallError(
                f"A step of group {due[0]} is under way; receive it before you call " f"{method}.",
                method,
            )

    def _known(self, name: str) -> tuple[Any, ...] | None:
        """What can be told of every environment without asking a server."""
        if name in ("np_random", "np_random_seed"):
            return getattr(self, name)
        if name in ("observation_space", "action_space"):
            return (getattr(self, f"single_{name}"),) * self.num_envs
        if name == "spec":
            return tuple(spec_of_single(self.spec, address) for address in self.addresses)
        if name == "_max_episode_steps":  # Learners read it, as LeRobot does.
            limit = None if self.remote_spec is None else self.remote_spec.max_episode_steps
            if limit is None:
                raise UnknownAttribute("The remote environments have no time limit.")
            return (limit,) * self.num_envs
        if name.startswith("_"):
            raise UnknownAttribute(f"{name!r} is private to the remote environments.")
        return None

    def _ask(self, method: str, *params: Any) -> tuple[Any, ...]:
        self._require_idle(method)
        return self._whole.ask_each(method, params)

    def _result(self, arrays: list[Any], infos: Infos, group: ShardGroup) -> Step:
        observations, rewards, terminations, truncations = arrays
        if self._legacy is not None:
            batched = self._legacy.step(
                infos, rewards, terminations | truncations, group.start, group.stop
            )
        elif infos:
            batched = self._batched(infos, group.stop - group.start)
        else:
            batched = {}
        return observations, rewards, terminations, truncations, batched

    def _batched(self, infos: Infos, count: int | None = None) -> dict[str, Any]:
        """The infos as Gymnasium has them, by its own method."""
        batched: dict[str, Any] = {}
        whole = self.num_envs
        self.num_envs = whole if count is None else count
        try:
            for index, info in infos:
                batched = self._add_info(batched, info, index)
        finally:
            self.num_envs = whole
        return batched


def _make_again(
    cls: type[SocketGymVectorClient], arguments: dict[str, Any], spec: EnvSpec | None
) -> SocketGymVectorClient:
    made = cls(**arguments)
    made.spec = spec
    return made
