"""The sessions of a vector, which are asked at once and answer as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from socketgym.errors import MalformedMessage, ResetNeeded, SocketGymError
from socketgym.quoting import quoted
from socketgym.vector.batching import copied, cut, divide, holds_arrays_only, join
from socketgym.vector.standing import Shard, Standing
from socketgym.wire.batches import Step, step_of

__all__ = ["Infos", "ShardGroup"]

Infos = list[tuple[int, dict[Any, Any]]]
Seeds = Sequence["int | None"]


class ShardGroup:
    """Sessions that are reset and stepped together, with the observations as one batch."""

    def __init__(
        self,
        shards: list[Shard],
        standing: Standing,
        observation_space: spaces.Space[Any],
        action_space: spaces.Space[Any],
        copy: bool,
    ) -> None:
        """Takes neighbouring sessions together.

        Args:
            shards: The sessions, in the order of their environments.
            standing: What has become of the vector.
            observation_space: The space of one observation.
            action_space: The space of one action.
            copy: Whether observations are new in each step.
        """
        self.start, self.stop = shards[0].start, shards[-1].stop
        self._shards = shards
        self._only = shards[0] if len(shards) == 1 else None
        self._standing = standing
        self._observation_space = observation_space
        self._action_space = action_space
        self._has_arrays = holds_arrays_only(observation_space)
        batch = standing.batch
        if batch is not None and len(shards) < len(standing.shards):
            batch = cut(batch, self.start, self.stop)
        self._batch = batch
        self._copy = copy
        self._lasts = [shard.last for shard in shards if shard.last is not None]
        self._bounds = [(shard.start - self.start, shard.stop - self.start) for shard in shards]
        self._asked = shards[0]
        self._waiting: list[Shard] = []

    @property
    def is_due(self) -> bool:
        """Whether `send` asked for a step that can be received."""
        return any(shard.connection.is_busy and shard.connection.is_open for shard in self._shards)

    def ask_each(self, method: str, params: Sequence[Any]) -> tuple[Any, ...]:
        """Asks every session at once for something of each environment.

        Args:
            method: The method.
            params: Its parameters.

        Returns:
            What each environment has, in order.

        Raises:
            SocketGymError: As for `ask`.
        """
        results = self.ask(method, lambda shard: params)
        for shard, result in zip(self._shards, results):
            if type(result) is not tuple or len(result) != shard.stop - shard.start:
                raise self._malformed(
                    shard,
                    f"The server answered a vector's {method} with {quoted(result)}, which is no "
                    f"tuple of {shard.stop - shard.start}.",
                )
        return tuple(item for result in results for item in result)

    def ask(self, method: str, params: Callable[[Shard], Sequence[Any]]) -> list[Any]:
        """Asks every session at once.

        Args:
            method: The method.
            params: What gives the parameters for each.

        Returns:
            The results, in order.

        Raises:
            SocketGymError: The first error of a session; or a connection was lost.
        """
        self._standing.require_sessions()
        prepared = [
            (shard, shard.connection.prepare(method, *params(shard))) for shard in self._shards
        ]
        try:
            self._begin(prepared, method)
            return self._end(lambda shard: shard.connection.end())
        except BaseException as error:
            self._settle(error, is_step=False)
            raise

    def reset(
        self, seeds: Seeds | None, options: dict[Any, Any] | None, mask: Any
    ) -> tuple[Any, Infos]:
        """Starts episodes.

        Args:
            seeds: A seed or None for each environment, or None.
            options: For the environments.
            mask: Bools that tell which environments to reset, or None for all.

        Returns:
            Observations and infos.
        """
        if mask is None:
            self._standing.require_sessions()
        else:
            self._standing.require_whole()
        prepared = []
        for shard, (start, stop) in zip(self._shards, self._bounds):
            given = options
            if mask is not None:
                part = mask[start:stop]
                if not part.any():
                    self._require_last(shard)
                    continue
                given = {**(options or {}), "reset_mask": part}
            own = None if seeds is None else list(seeds[start:stop])
            prepared.append((shard, shard.connection.prepare("reset", own, given)))
        try:
            self._begin(prepared, "reset")
            results = self._end(_end_reset)
        except BaseException as error:
            self._settle(error)
            raise
        if mask is None:
            self._standing.is_half_taken = False
        infos: Infos = []
        for (shard, _), (_, pairs) in zip(prepared, results):
            self._add(shard, pairs, infos)
            if shard.over is not None:
                start, stop = shard.start - self.start, shard.stop - self.start
                shard.over = None if mask is None else shard.over & ~mask[start:stop]
        return self._handed_out(results[0][0]), infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, Infos]:
        """Takes a step in every environment; see `send` and `receive`."""
        prepared = self._prepare_step(actions)
        try:
            self._begin(prepared, "step")
            return self._end_step()
        except BaseException as error:
            self._settle(error)
            raise

    def send(self, actions: Any) -> None:
        """Asks for a step, which `receive` returns.

        Args:
            actions: A batch of actions.
        """
        prepared = self._prepare_step(actions)
        try:
            self._begin(prepared, "step")
        except BaseException as error:
            self._settle(error)
            raise

    def receive(self) -> tuple[Any, Any, Any, Any, Infos]:
        """Waits for the step that `send` asked for.

        Returns:
            Observations, rewards, terminations, truncations and infos.
        """
        self._standing.require_sessions()
        try:
            return self._end_step()
        except BaseException as error:
            self._settle(error)
            raise

    def _prepare_step(self, actions: Any) -> list[Any]:
        self._standing.require_whole()
        if self._only is not None:
            return [(self._only, self._only.connection.prepare_batch_step(actions))]
        if self._standing.is_disabled:
            self._require_episodes()
        parts = divide(self._action_space, actions, self._bounds)
        # All are written before the first is sent, so that what cannot be written is no half step.
        return [
            (shard, shard.connection.prepare_batch_step(part))
            for shard, part in zip(self._shards, parts)
        ]

    def _begin(self, prepared: list[Any], method: str) -> None:
        self._waiting = []
        for shard, frame in prepared:
            self._asked = shard
            shard.connection.begin(frame, method)
            self._waiting.append(shard)

    def _end(self, read: Callable[[Shard], Any]) -> list[Any]:
        """Takes every reply, also behind an environment's error, so that none is left."""
        results, failure = [], None
        for shard in self._waiting:
            self._asked = shard
            try:
                results.append(read(shard))
            except SocketGymError as error:
                if error.ends_connection:
                    raise
                failure = failure or error
        if failure is not None:
            raise failure
        return results

    def _end_step(self) -> tuple[Any, Any, Any, Any, Infos]:
        infos: Infos = []
        only = self._only
        if only is not None:
            self._asked = only
            if self._lasts or not self._has_arrays:
                result = self._read_step(only)
            else:
                result = only.connection.end_batch_step()
            observations, rewards, terminations, truncations, pairs = result
            if pairs:
                self._add(only, pairs, infos)
            if self._lasts:
                observations = self._handed_out(observations)
            return observations, rewards, terminations, truncations, infos
        results = self._end(self._read_step)
        for shard, result in zip(self._shards, results):
            self._add(shard, result[4], infos)
        rewards, terminations, truncations = (
            np.concatenate([result[index] for result in results]) for index in (1, 2, 3)
        )
        return self._handed_out(None), rewards, terminations, truncations, infos

    def _read_step(self, shard: Shard) -> Step:
        last = shard.last
        if last is not None:
            last.is_known = False
        if not self._has_arrays:
            step = step_of(shard.connection.end())
        else:
            step = shard.connection.end_batch_step(None if last is None else last.places)
        if last is not None:
            last.put_step(step[0])
            if self._standing.is_disabled:
                shard.over = step[2] | step[3]
        return step

    def _handed_out(self, received: Any) -> Any:
        """The group's observations, of which those received from its only session may be all."""
        if not self._lasts:
            return received
        if self._batch is None:
            return join(self._observation_space, [last.part for last in self._lasts])
        return copied(self._batch) if self._copy else self._batch

    def _require_last(self, shard: Shard) -> None:
        if shard.last is None or not shard.last.is_known:
            raise ResetNeeded(
                f"The mask leaves out environments {shard.start} to {shard.stop - 1}, whose last "
                "observations are not known: they have not been reset, or their last step was an "
                "error. Reset them, too."
            )

    def _require_episodes(self) -> None:
        """Refuses a step as one server would, before any has taken it."""
        for shard in self._shards:
            if shard.over is not None and shard.over.any():
                raise ResetNeeded(
                    f"The episode of environment {shard.start + int(shard.over.argmax())} is over, "
                    "and the mode is Disabled: reset it by options['reset_mask'] first."
                )

    def _add(self, shard: Shard, pairs: Any, infos: Infos) -> None:
        shift, count = shard.start - self.start, shard.stop - shard.start
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2 or type(pair[1]) is not dict:
                raise self._malformed(shard, _not_an_info(pair))
            index, info = pair
            if type(index) is not int or not 0 <= index < count:
                raise self._malformed(shard, _not_an_info(pair))
            infos.append((index + shift, info))

    def _malformed(self, shard: Shard, message: str) -> MalformedMessage:
        error = MalformedMessage(message)
        self._standing.lose(shard, error)
        return error

    def _settle(self, error: BaseException, is_step: bool = True) -> None:
        """Leaves no reply for the next request to find, and no step half taken unnoticed."""
        if isinstance(error, SocketGymError) and not error.ends_connection:
            self._standing.is_half_taken |= is_step and len(self._waiting) > 1
        elif self._standing.lost is None:
            self._standing.lose(self._asked, error)


def _not_an_info(pair: Any) -> str:
    return f"The server sent {quoted(pair)} among a vector's infos."


def _end_reset(shard: Shard) -> tuple[Any, Any]:
    if shard.last is not None:
        shard.last.is_known = False
    result = shard.connection.end()
    if type(result) is not list or len(result) != 2 or type(result[1]) is not list:
        raise MalformedMessage(f"The server answered a vector's reset with {quoted(result)}.")
    if shard.last is not None:
        shard.last.put_reset(result[0])
    return result[0], result[1]
